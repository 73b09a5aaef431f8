/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of files for a program in a container: the name by which the program
 * finds itself, and the names there of files of the host. The process is inside
 * and has become the caller.
 */
#ifndef LSL_INSIDE_H
#define LSL_INSIDE_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Whether a search for NAME in PATH, a value of that variable or NULL, ends at
 * FILE, an absolute path: at this name in this very directory. Another link to
 * the same file is another program, as in Python's environments.
 */
bool inside_is_found(const char *name, const char *path, const char *file);

/* Whether PATH leads to FILE: device and inode. */
bool inside_is_file(const char *path, const struct stat *file);

/*
 * The name below /oldRoot of FILE, whose absolute path on the host is PATH.
 * NULL: none can be found. Never freed (arena.h).
 */
const char *inside_path(const char *path, const struct stat *file);

#endif
