/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which file a command is. The one place that knows: lslExecutor finds here
 * what it executes, mount.lslfs what it lists, so that what is listed is what
 * will run.
 *
 * A program is found in the first of the container's bins that has it: as an
 * entry of a directory, or as the last component of a single file. It counts
 * when, with every symbolic link followed inside the container, it is a regular
 * file with an execute bit for anybody. lslExecutor itself is none: what leads
 * there is a command, which would run another program or itself again.
 */
#ifndef LSL_SEARCH_H
#define LSL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "record.h"

/*
 * stat(2) of PATH, which is absolute inside the container whose root directory
 * ROOT is: inroot_stat (inroot.h), or that of a process whose own root it is.
 * 0 or a negative errno.
 */
typedef int search_stat(int root, const char *path, struct stat *st);

/* Whether ST is something that a command can be. */
bool search_is_program(const struct stat *st);

/*
 * lslExecutor as it is found by STAT below ROOT: device and inode, or an inode
 * of 0. It need not be there.
 */
struct search_executor {
	dev_t dev;
	ino_t ino;
};

struct search_executor search_find_executor(search_stat *stat, int root);

/* Whether ST is that. */
bool search_is_executor(const struct search_executor *executor, const struct stat *st);

/*
 * Looks for PROGRAM, a valid program name (command.h), in BINS, by STAT below
 * ROOT. 0: PATH holds the path inside the container. -ENOENT: nothing has that
 * name. -EACCES: something has, but it cannot be executed or looked at; PATH
 * says what. -ENAMETOOLONG: PATH's SIZE bytes do not suffice (PATH_MAX do for
 * all that exists).
 */
int search_find(search_stat *stat, int root, struct record_list bins, const char *program,
		char *path, size_t size);

#endif
