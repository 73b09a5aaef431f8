/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command directory as a file system: which names there are, and the answers
 * to the kernel's requests. lslfs.c begins with the kinds of identity.
 */
#ifndef LSL_LSLFS_H
#define LSL_LSLFS_H

#include <fuse_lowlevel.h>
#include <stdbool.h>

#include "pool.h"

struct lslfs;

/* For fuse_session_new, with a struct lslfs as its data. */
extern const struct fuse_lowlevel_ops lslfs_operations;

/* A negative errno. */
int lslfs_new(struct lslfs **fs);

/*
 * Begins to serve SESSION, which is initialized, with threads of its own that look
 * with the eyes of the calling one. MAY_USE_EPOCH: see notify.h. A negative errno.
 */
int lslfs_start(struct lslfs *fs, struct fuse_session *session, bool may_use_epoch);

/*
 * For the one thread that watches over it, after lslfs_start: to be called when
 * pool_fd of lslfs_pool becomes readable, and again after the milliseconds that it
 * returns (-1: not before).
 */
int lslfs_tend(struct lslfs *fs);
struct pool *lslfs_pool(struct lslfs *fs);

#endif
