/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which file a command is. The one place that knows: lslExecutor finds here
 * what it executes, mount.lslfs what it lists, so that what is listed is what
 * will run.
 *
 * A program is found in the first of the container's bins that has it: as
 * an entry of a directory, or as the last component of a single file. It
 * counts when, with every symbolic link followed inside the container, it is a
 * regular file with an execute bit for anybody.
 */
#ifndef LSL_SEARCH_H
#define LSL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "record.h"

/*
 * ROOT is a directory fd of the container's root; paths are resolved below it
 * (inroot.h). lslExecutor, whose own root that is by then, has ownroot.c in
 * inroot.c's place, and passes SEARCH_OWN_ROOT.
 */
#define SEARCH_OWN_ROOT (-1)

/* Whether ST is something that a command can be. */
bool search_is_program(const struct stat *st);

/*
 * Looks for PROGRAM, a valid program name (command.h), in BINS. 0: PATH holds
 * the path inside the container. -ENOENT: nothing has that name. -EACCES:
 * something has, but it cannot be executed or looked at; PATH says what.
 * -ENAMETOOLONG: PATH's SIZE bytes do not suffice (PATH_MAX do for all that exists).
 */
int search_find(int root, struct record_list bins, const char *program, char *path, size_t size);

#endif
