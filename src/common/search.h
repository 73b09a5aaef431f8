/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the file that a command is. lslExecutor executes it and mount.lslfs
 * lists it by this module alone, so every listed command can be executed.
 *
 * A program is found in the first of the container's bins that has it: as an
 * entry of a directory, or as the last component of a single file. It counts
 * when, with every symbolic link followed inside the container, it is a regular
 * file with an execute bit for anybody. lslExecutor itself is no program: a
 * link to it is a command, which would run another program or itself again.
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

/* Whether a command can be the file ST. */
bool search_is_program(const struct stat *st);

/*
 * lslExecutor as STAT finds it below ROOT: device and inode; inode 0 if it does
 * not exist.
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
 * name. -EACCES: a file has, but it cannot be executed or examined; PATH is its
 * path. -ENAMETOOLONG: PATH's SIZE bytes do not suffice (PATH_MAX always do for
 * existing files).
 */
int search_find(search_stat *stat, int root, struct record_list bins, const char *program,
		char *path, size_t size);

#endif
