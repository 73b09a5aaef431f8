/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A container is a root filesystem in a directory of the host, with its section
 * of the administrator's configuration. Plain data: conf.c fills it in, all
 * other code only reads it.
 */
#ifndef LSL_CONTAINER_H
#define LSL_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#include "container_name.h"

/* A file or directory of the host that appears in the container. */
struct bind {
	char *source; /* absolute, on the host */
	char *target; /* absolute, in the container */
	unsigned int line; /* its line of the configuration */
};

/* Things that lsl start does only if the configuration allows them. */
enum {
	/* a root filesystem that users other than root can change */
	ALLOW_SHARED_ROOTFS = 1,
	ALLOW_EMPTY_ROOT_PASSWORD = 2, /* with a setuid su or sudo in it */
	ALLOW_SUID_MNT = 4, /* directories of mnt that are not nosuid */
};

/* Directories that a container can have for itself instead of the host's. */
enum {
	OWN_RUN = 1, /* /run */
	OWN_SHM = 2, /* /dev/shm */
};

struct container {
	char *name;
	char *path; /* the root filesystem's directory, absolute */
	struct bind *binds; /* in the order of the configuration, none twice */
	size_t bind_count;
	/*
	 * The binds that are not mounted, but are files of the rootfs
	 * (hostfiles.h). start and refresh fill them in.
	 */
	struct bind *copies;
	size_t copy_count;
	char **bins; /* absolute paths inside: directories or single programs */
	size_t bin_count;
	char *env_path; /* PATH of the programs; NULL: the caller's PATH */
	char *interpreter; /* emulator, an absolute path on the host, or NULL */

	unsigned int allowed; /* ALLOW_... */
	unsigned int own; /* OWN_... */
	bool shares_applications; /* its programs are in the menus (menus.h) */
	/*
	 * uids, decimal, separated by ';', of people who are in no file of the
	 * host; or NULL
	 */
	char *people;
	/* the command directory is not visible in it (host=no) */
	bool has_no_commands;

	const char *file; /* the configuration file; not owned */

	/* Lines of that file, for messages; 0 if the key is missing. */
	unsigned int line; /* the [section] */
	unsigned int path_line;
	unsigned int bins_line;
	unsigned int interpreter_line;
	unsigned int share_line;

	bool has_errors; /* its section has a mistake: it must not be started */
};

/*
 * The words for ALLOW_... and OWN_... in the configuration and in records: word
 * I is bit I.
 */
#define ALLOW_COUNT 3
#define OWN_COUNT 2
extern const char *const container_allowances[ALLOW_COUNT];
extern const char *const container_own_paths[OWN_COUNT];

/*
 * Whether NAME, which is valid otherwise, is reserved, because commands of the
 * host or a shared directory have that name.
 */
bool container_name_reserved(const char *name);

/* Frees everything that the members point to, but not the structure itself. */
void container_clear(struct container *container);

#endif
