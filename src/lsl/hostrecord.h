/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record of the host (record.h), by which commands in containers run
 * programs of the host: host:ls.
 */
#ifndef LSL_HOSTRECORD_H
#define LSL_HOSTRECORD_H

/*
 * Writes it into the directory MNTDIR, if it is not there as it should be: the
 * mount namespace of the first process that did, and where login.defs(5) has
 * users and root look for programs. 0 or a negative errno.
 */
int hostrecord_write(int rundir);

#endif
