/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The containers that have files in MNTDIR (rundir.h). */
#ifndef LSL_RUNDIR_VISIT_H
#define LSL_RUNDIR_VISIT_H

#include <stddef.h>

/*
 * Calls VISIT once for each container that has a record or an nsfile in MNTDIR,
 * sorted by name. Returns the first value other than 0 that VISIT returned, or
 * a negative errno.
 */
int rundir_visit(int rundir, int (*visit)(const char *name, void *arg), void *arg);

/*
 * If FILE is the name of a record in MNTDIR, returns the length of the
 * container's name, with which it begins; otherwise 0.
 */
size_t rundir_record_name(const char *file);

#endif
