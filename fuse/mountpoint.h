/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory that is mounted on, and the mount.
 */
#ifndef LSL_MOUNTPOINT_H
#define LSL_MOUNTPOINT_H

#include <stdbool.h>

#include "failure.h"

/*
 * Opens DIR, an absolute path without symbolic links, to be mounted on. It and
 * what leads to it must be root's (trusted.h), and it must be empty. A command
 * directory whose daemon has died there is detached first; one that lives is an
 * error. An fd or a negative errno.
 */
int mountpoint_prepare(const char *dir, struct failure *failure);

/*
 * Mounts a file system of ours on the directory MOUNTPOINT, an fd. SPEC is what the
 * mount table shows as its source. The open /dev/fuse that serves it, or a negative errno.
 */
int mountpoint_mount(int mountpoint, const char *spec, struct failure *failure);

/* Whether what is mounted on DIR is a command directory that nobody serves. */
bool mountpoint_is_dead(const char *dir);

/* Detaches the command directory on DIR, if there is one on top; it may be in use. */
void mountpoint_detach(const char *dir);

#endif
