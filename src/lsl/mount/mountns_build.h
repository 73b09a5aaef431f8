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
#include "conf/container.h"
#include "failure.h"

#define DEFAULT_COUNT 4

/* The directories that every container gets, with all mounts below. */
extern const char *const default_binds[DEFAULT_COUNT];

/* These depend on whether /run and /dev/shm are the container's own. */
#define DEFAULTS_MAX (DEFAULT_COUNT + 4)

/* A directory that every container gets. */
struct default_mount {
	const char *path;
	/* options of a separate tmpfs; NULL: the host's directory */
	const char *own;
};

/* A detached clone of a bind's source. */
struct bind_source {
	int tree; /* or -1: the source is missing */
	/* the mount point's directory, if the source is a mount point; or -1 */
	int under;
	bool is_dir;
};

struct build {
	const struct container *container;
	struct failure *failure;
	int root; /* the container's root */
	int root_dir; /* the directory of the host that it will be mounted on */
	int links; /* the tmpfs that links for live files are made in */
	/* in the order in which they are mounted */
	struct default_mount defaults[DEFAULTS_MAX];
	/* 0 if mounts are added to a namespace that is in use */
	size_t default_count;
	/* the directory in /run that resolv.conf is in; empty: none */
	char resolver[PATH_MAX];
	struct cmdshow show;
	/* the default binds', then the container's */
	struct bind_source *sources;
	size_t source_count;
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

static inline bool source_is_there(const struct bind_source *source)
{
	return source->tree >= 0;
}

/*
 * mountns_sources.c
 */

/* Number I of all binds; the binds that every container gets come first. */
struct bind bind_number(const struct build *build, size_t i);

/* Finds the directories that this container gets by default. */
void choose_defaults(struct build *build);

int allocate_sources(struct build *build);

/*
 * A missing source is left out, and so is one to which a link of a user leads
 * since the caller looked (hostpath.h).
 */
int clone_source(struct build *build, const struct bind *bind, struct bind_source *source);

/* Clones the sources from number FIRST on, and before END. */
int clone_sources(struct build *build, size_t first, size_t end);

/*
 * mountns_targets.c
 */

/* The reason for a missing mount point, in a sentence. */
int say_no_mount_point(struct build *build, const char *target, int status);

int attach_dir(struct build *build, const struct bind *bind, const struct bind_source *source);

/* Attaches all sources that are directories. */
int attach_dirs(struct build *build);

/* Makes the file system of links for live files. */
int mount_links_directory(struct build *build);

/* Mounts bind NUMBER of the container, which is no directory, from TREE. */
int mount_file(struct build *build, size_t number, const struct bind *bind, int tree);

/* Mounts all of the container's binds that are no directories. */
int mount_files(struct build *build);

/*
 * mountns_restrict.c
 */

/* Makes all mounts of this copy of the host's namespace nosuid. */
int restrict_host(struct failure *failure);

/* Does so for mounts that the host has made since the namespace was built. */
int restrict_again(const struct build *build, const struct container *started);

/* Hides the socket of the host's nscd(8). */
int cover_nscd(struct failure *failure);

#endif
