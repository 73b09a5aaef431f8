/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command directory as a file system: which names there are, and the
 * answers to the kernel's requests. ops.c begins with the story.
 */
#ifndef LSL_LSLFS_H
#define LSL_LSLFS_H

#include <fuse_lowlevel.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "command.h"

struct connection;
struct request;

/* The longest name that can mean anything: "container:program". */
#define LSLFS_NAME_MAX (CONTAINER_NAME_MAX + 1 + NAME_MAX)

/*
 * Node ids, which are inode numbers, too: short enough for programs that know
 * 32 bits only, and for a place in positions (reading.c). The root's is
 * FUSE_ROOT_ID, 1. Containers have their own from LSLFS_CONTAINERS on. Manual
 * pages have others (manpages.h), which are longer.
 */
#define LSLFS_LINK 2 /* every command */
#define LSLFS_SHARE 3 /* "share", below it "man", and its subdirectories */
#define LSLFS_MAN 4
#define LSLFS_SECTIONS 16
#define LSLFS_CONTAINERS 32
#define LSLFS_NODE_MAX ((UINT64_C(1) << 24) - 1)

struct lslfs {
	const struct connection *connection;
	bool has_epoch; /* the kernel can be told to look up all names anew */
	atomic_uint epoch; /* how often it was */
	struct timespec born;
};

/* For fuse_session_new, with a struct lslfs as its data. */
extern const struct fuse_lowlevel_ops lslfs_operations;

void lslfs_init(struct lslfs *fs, const struct connection *connection);

/*
 * For the one thread that receives requests: takes note of everything that has
 * happened.
 */
void lslfs_refresh(struct lslfs *fs);

/*
 * What the kernel is told of NODE, which it may look up by the same name for
 * TIMEOUT seconds.
 */
struct fuse_entry_param lslfs_entry(const struct lslfs *fs, uint64_t node, double timeout);

/* Reading a directory; reading.c. */

/*
 * Each answers REQUEST, whose off is where to go on, and frees it; or has a
 * worker get the listing that is missing, and is called again by it. STATUS is
 * what that worker says of request->cmdset, 0 at first.
 */
void reading_root(struct request *request, int status);
void reading_container(struct request *request, int status);

#endif
