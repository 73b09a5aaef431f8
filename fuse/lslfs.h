/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command directory as a file system: its names, and the answers to the
 * kernel's requests. ops.c begins with an overview.
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
 * Node ids, which are inode numbers, too. They are short enough for programs
 * with 32-bit inode numbers, and for positions (reading.c). The root's is
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
	atomic_uint epoch; /* how often that was done */
	struct timespec born;
};

/* For fuse_session_new, with a struct lslfs as its data. */
extern const struct fuse_lowlevel_ops lslfs_operations;

void lslfs_init(struct lslfs *fs, const struct connection *connection);

/* For the one thread that receives requests: reads all reports of changes. */
void lslfs_refresh(struct lslfs *fs);

/* Fills in the entry of NODE, which the kernel may keep for TIMEOUT seconds. */
struct fuse_entry_param lslfs_entry(const struct lslfs *fs, uint64_t node, double timeout);

/* Reading a directory; reading.c. */

/*
 * Each answers REQUEST from the position off, and frees it. If a listing is
 * missing, a worker builds it and calls the function again. STATUS is the
 * worker's result for request->cmdset, 0 at first.
 */
void reading_all(struct request *request, int status); /* of all containers */
void reading_container(struct request *request, int status); /* of one */
void reading_fixed(struct request *request, int status); /* manpages_child */

#endif
