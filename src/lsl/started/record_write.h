/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as lsl writes them, beside the pins (record.h). */
#ifndef LSL_RECORD_WRITE_H
#define LSL_RECORD_WRITE_H

#include <stdio.h>

#include "conf/container.h"
#include "nsfile.h"
#include "record.h"

/*
 * Writes the record of CONTAINER, whose namespace is NS, into the directory
 * MNTDIR: all of it or nothing, replacing an earlier record in one step.
 * IN_FORCE is NULL for a new namespace; otherwise path, mnt, own, allow and
 * host are taken from it, because the namespace was built with them. -EFBIG: it
 * would have more than RECORD_SIZE_MAX bytes.
 */
int record_write(int rundir, const struct container *container, const struct nsfile_id *ns,
		 const struct container *in_force);

/* The same with the output of PRINT after format, name and namespace. */
int record_put(int rundir, const char *name, const struct nsfile_id *ns,
	       void (*print)(FILE *file, const void *arg), const void *arg);

/*
 * Removes the id from NS if a reboot does not empty RUNDIR: after a reboot the
 * kernel counts namespaces anew, and another one could have the id.
 */
void record_fit_namespace(int rundir, struct nsfile_id *ns);

/* Removes it; returns 0 also if there was none. */
int record_remove(int rundir, const char *name);

#endif
