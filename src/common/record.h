/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A record says that a container is started, and how: a small file of root's in
 * MNTDIR beside the pinned namespace, called NAME:record. lsl writes it;
 * lslExecutor and mount.lslfs read it and never see the configuration. One
 * "key=value" per line, lists separated with ';' as in the configuration:
 *
 *	lsl=1
 *	name=debian
 *	namespace=4:4026532208:131
 *	bins=/usr/local/bin;/usr/bin
 *	envPath=/usr/bin:/bin
 *	interpreter=/usr/bin/qemu-aarch64-static
 *	own=/run
 *	allow=suid-mnt
 *	share=applications
 *	people=5001;5002
 *	path=/srv/rootfs/debian
 *	mnt=/home:/home
 *	copies=/etc/passwd:/etc/passwd
 *
 * The host has a record, too (":host:record"), for commands in containers such
 * as host:ls. Its namespace is the one in which lsl start ran. userBins and
 * envPath, rootBins and rootPath are from login.defs, and bins has both.
 *
 * No value can have a newline, and no element a ';', because the configuration
 * consists of lines and such lists. The namespace is device and inode of the
 * nsfile, decimal, and the namespace's id if the kernel has ids (nsfile.h).
 */
#ifndef LSL_RECORD_H
#define LSL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "container_name.h"
#include "nsfile.h"

#define RECORD_FORMAT "1"

/* The value of share=, here and in the configuration. */
#define RECORD_SHARE_APPLICATIONS "applications"

/*
 * No container's name has a colon, so a container can be called
 * "debian.record".
 */
#define RECORD_SUFFIX ":record"
#define RECORD_TEMPORARY ":record.new"

/*
 * The name of a record's file, or of an unfinished one, is NAME and one of
 * these.
 */
struct record_path {
	char text[CONTAINER_NAME_MAX + sizeof(":" RECORD_TEMPORARY)];
};

/* The host's name begins with a colon, as no container's can. */
struct record_path record_path(const char *name, const char *suffix);

/* The largest record, in bytes; a configuration that needs more is refused. */
#define RECORD_SIZE_MAX (64L * 1024)

/*
 * A list inside a record's text: NUL-terminated strings, one after the other.
 *
 *	for (s = list.first; s != list.end; s = record_next(s))
 */
struct record_list {
	const char *first, *end;
};

/* All pointers point into the text that was parsed. */
struct record {
	const char *name;
	/* which lsl has pinned and proved; 0 if the record has none */
	struct nsfile_id ns;
	struct record_list bins;
	const char *env_path; /* NULL: not set */
	const char *interpreter; /* NULL: not set */
	bool shares_applications;
	const char *path;
	/* the mounted elements: "source:target;source:target", may be empty */
	const char *mnt;
	/* the same for files of the rootfs (hostfiles.h) */
	const char *copies;
	/* its own directories: "/run;/dev/shm", may be empty */
	const char *own;
	/* the allow= with which it was built */
	const char *allow;
	const char *people; /* uids, as in the configuration; NULL: none */
	/* the command directory is not visible in it (host=no) */
	bool has_no_commands;
	/* Only in the host's record: bins and env_path of users and of root. */
	struct record_list user_bins, root_bins;
	const char *root_path;
	size_t size; /* of the text, with its final NUL */
};

const char *record_next(const char *element);

/*
 * Parses the LEN bytes of TEXT in place: writes NULs into them, so TEXT must
 * have room for one more byte. No memory is allocated. -EINVAL if this is not a
 * record of this version, names an invalid container, or lacks bins.
 */
int record_parse(char *text, size_t len, struct record *record);

/*
 * Reads the record of NAME, which must be valid, in the directory MNTDIR into
 * TEXT (SIZE > RECORD_SIZE_MAX bytes), and parses it. The file is opened once.
 * It must be a regular file that only root can write, and name NAME. -ENOENT:
 * the container is not started. -EPERM: users other than root can write the
 * file. -EFBIG: it does not fit.
 */
int record_read(int rundir, const char *name, char *text, size_t size, struct record *record);

#endif
