/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of CONFIGPATH.d that lsl create writes, NAME.conf with the section
 * NAME, and lsl remove removes. Only root can list the directory, and read
 * these files (unlisted.h).
 */
#ifndef LSL_SECTION_H
#define LSL_SECTION_H

#include "conf/container.h"
#include "failure.h"

/*
 * The absolute path of the file for NAME beside the configuration CONFIG; NULL
 * without memory.
 */
char *section_path(const char *config, const char *name);

/*
 * For the beginning of create and remove: users can no longer list the
 * directory, if it exists, so that none of the other functions has to wait for
 * one. Returns 0, or a negative errno and FAILURE.
 */
int section_prepare(const char *config, struct failure *failure);

/*
 * Writes the section of CONTAINER: its name, path, bins, env_path and
 * interpreter, and MNT as the value of that key. COMMENT is a line above it.
 * Makes a missing directory. Writes nothing that could not be read back.
 * Returns 0, or a negative errno and FAILURE.
 */
int section_write(const char *config, const struct container *container, const char *mnt,
		  const char *comment, struct failure *failure);

/* Removes it. Returns 0 also if there was none. */
int section_remove(const char *config, const char *name, struct failure *failure);

/* Removes incomplete files of killed processes. Nobody reads them. */
void section_sweep(const char *config);

#endif
