/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as lsl writes them, beside the pins (record.h). */
#ifndef LSL_RECORD_WRITE_H
#define LSL_RECORD_WRITE_H

#include <stdio.h>

#include "container.h"
#include "nsfile.h"
#include "record.h"

/*
 * Writes the record of CONTAINER, whose namespace is NS, into the directory
 * MNTDIR: all of it or nothing, replacing an earlier one in one step. IN_FORCE
 * is NULL for a namespace just built; for a running one it is its record, whose
 * path, mnt, own and allow are written as they are there, since they are what
 * it was built with. -EFBIG past RECORD_SIZE_MAX.
 */
int record_write(int rundir, const struct container *container, const struct nsfile_id *ns,
		 const struct record *in_force);

/* The same with what PRINT writes behind format, name and namespace. */
int record_put(int rundir, const char *name, const struct nsfile_id *ns,
	       void (*print)(FILE *file, const void *arg), const void *arg);

/*
 * Takes the id out of NS where a reboot does not empty RUNDIR: the kernel
 * counts namespaces anew then, and it could be another one's.
 */
void record_fit_namespace(int rundir, struct nsfile_id *ns);

/* Removes it; 0 also when there was none. */
int record_remove(int rundir, const char *name);

#endif
