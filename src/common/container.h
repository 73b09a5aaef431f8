/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The noun of this program: a container is a root filesystem in a directory
 * of the host, with what the administrator's configuration says about it.
 * Plain data; conf.c fills it, everything else only reads it.
 */
#ifndef LSL_CONTAINER_H
#define LSL_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name of a container, in bytes without the final NUL. */
#define CONTAINER_NAME_MAX 48

/* A file or directory of the host that appears in the container. */
struct bind {
	char *source; /* absolute, on the host */
	char *target; /* absolute, in the container */
	unsigned int line; /* of the configuration */
};

/* What lsl start does only where the configuration allows it. */
enum {
	/* a root filesystem that users other than root can change */
	ALLOW_SHARED_ROOTFS = 1,
	ALLOW_EMPTY_ROOT_PASSWORD = 2, /* with a setuid su or sudo in it */
	ALLOW_SUID_MNT = 4, /* directories of mnt that are not nosuid */
};

/* What a container can have for itself instead of the host's. */
enum {
	OWN_RUN = 1, /* /run */
	OWN_SHM = 2, /* /dev/shm */
};

/* The word of the configuration and of records for what containers share. */
#define CONTAINER_SHARES_APPLICATIONS "applications"

struct container {
	char *name;
	char *path; /* the root filesystem's directory, absolute */
	struct bind *binds; /* in the order of the configuration, none twice */
	size_t bind_count;
	/*
	 * The binds that are not mounted, but files of the rootfs
	 * (hostfiles.h): start and refresh fill them in.
	 */
	struct bind *copies;
	size_t copy_count;
	char **bins; /* absolute paths inside: directories or single programs */
	size_t bin_count;
	char *env_path; /* PATH of the programs, or NULL: the caller's stays */
	char *interpreter; /* emulator, an absolute path on the host, or NULL */

	unsigned int allowed; /* ALLOW_... */
	unsigned int own; /* OWN_... */
	bool shares_applications; /* with the desktop's menus (menus.h) */
	/*
	 * uids, decimal, with ';' between them, of people who are in no file of
	 * the host; or NULL
	 */
	char *people;
	/* the command directory does not show in it (host=no) */
	bool has_no_commands;

	const char *file; /* the file of the configuration, which owns it */

	/* Lines of it, for messages; 0 where the key is missing. */
	unsigned int line; /* the [section] */
	unsigned int path_line;
	unsigned int bins_line;
	unsigned int interpreter_line;
	unsigned int share_line;

	bool has_errors; /* its section has a mistake: it must not be started */
};

/*
 * The words of the configuration and of records for ALLOW_... and OWN_...:
 * number I is bit I.
 */
#define ALLOW_COUNT 3
#define OWN_COUNT 2
extern const char *const container_allowances[ALLOW_COUNT];
extern const char *const container_own_paths[OWN_COUNT];

/*
 * Whether NAME, valid otherwise, can name no container, because commands of the
 * host or a shared directory have that name.
 */
bool container_name_reserved(const char *name);

/*
 * Whether the LEN bytes at NAME are a container's name:
 * [A-Za-z0-9_][A-Za-z0-9_.-]*, at most CONTAINER_NAME_MAX of them. This is the
 * one check between any outside text (configuration, argv[0], a file system
 * request) and a path that is built from it. No locale is consulted.
 */
bool container_name_valid(const char *name, size_t len);

/* Frees what the members point to; the structure itself is the caller's. */
void container_clear(struct container *container);

#endif
