/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mount tree that is being built or extended, only for the files mountns*.c.
 * mountns.c begins with an overview.
 */
#ifndef LSL_MOUNTNS_BUILD_H
#define LSL_MOUNTNS_BUILD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "mount/cmdshow.h"
#include "mount/mountns.h"
#include "conf/container.h"
#include "failure.h"

#define DEFAULT_COUNT 4

/* The directories that every container gets, with all mounts below. */
extern const char *const default_binds[DEFAULT_COUNT];

/* These depend on whether /run and /dev/shm are the container's own. */
#define DEFAULTS_MAX (DEFAULT_COUNT + 4)

/* A mount of the new tree. */
struct bind_mount {
	struct bind bind;
	/* options of a separate tmpfs; NULL: the source is the host's */
	const char *own;
	int tree; /* a detached clone of the source, or -1: that is missing */
	/* the mount point's directory, if the source is a mount point; or -1 */
	int under;
	bool is_dir;
};

struct build {
	const struct container *container;
	const struct bind *binds;
	size_t bind_count;
	/*
	 * of each bind that is added to a namespace in use; NULL: a namespace
	 * is built
	 */
	struct bind_result *results;
	struct failure *failure;
	int root; /* the container's root */
	int root_dir; /* the directory of the host that it will be mounted on */
	int links; /* the tmpfs that links for live files are made in */
	/* the directory in /run that resolv.conf is in; empty: none */
	char resolver[PATH_MAX];
	struct cmdshow show;
	/* the default mounts, then those of the binds */
	struct bind_mount *mounts;
	size_t default_count, count;
};

static inline bool shows_commands(const struct build *build)
{
	return !build->container->has_no_commands;
}

/* Whether mnt keeps its setuid programs. */
static inline bool allows_suid(const struct build *build)
{
	return build->container->allowed & ALLOW_SUID_MNT;
}

/*
 * mountns_defaults.c
 */

/* Adds the directories that this container gets by default. */
void choose_defaults(struct build *build);

/*
 * mountns_binds.c
 */

/* OWN as in struct bind_mount. */
void add_to_build(struct build *build, const struct bind *bind, const char *own);

/*
 * Clones all sources, and makes the host's mounts nosuid: before that, the
 * sources of binds that keep setuid programs, and after it all others.
 */
int clone_binds(struct build *build);

/* The reason for a missing mount point, in a sentence. */
int say_no_mount_point(struct build *build, const char *target, int status);

/* Attaches all sources that are directories. */
int attach_dirs(struct build *build);

/* Mounts all others, after the root has changed. */
int mount_files(struct build *build);

/*
 * mountns_restrict.c
 */

/* Makes all mounts of this copy of the host's namespace nosuid. */
int restrict_host(struct failure *failure);

/* Does so for mounts that the host has made since the namespace was built. */
int restrict_again(const struct build *build);

/* Hides the socket of the host's nscd(8). */
int cover_nscd(struct failure *failure);

#endif
