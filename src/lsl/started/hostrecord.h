/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record of the host (record.h), by which commands in containers run
 * programs of the host: host:ls.
 */
#ifndef LSL_HOSTRECORD_H
#define LSL_HOSTRECORD_H

/*
 * Writes the record into the directory MNTDIR, if it is missing or outdated. It
 * has the mount namespace of the process that wrote it when no container was
 * started, and the directories of programs in login.defs(5), for users and for
 * root. Returns 0 or a negative errno.
 */
int hostrecord_write(int rundir);

#endif
