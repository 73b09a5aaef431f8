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
 * There is one for the host, too (":host:record"), which commands in containers
 * go by: host:ls. Its namespace is the one that lsl start ran in; userBins and
 * envPath, rootBins and rootPath are of login.defs, and bins has both.
 *
 * No value can hold a newline or an element a ';': the configuration, which is
 * made of lines and such lists, cannot express one. The namespace is device and
 * inode of the nsfile, decimal, and the namespace's id where the kernel has one
 * (nsfile.h).
 */
#ifndef LSL_RECORD_H
#define LSL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "container.h"
#include "nsfile.h"

#define RECORD_FORMAT "1"

/*
 * A colon is in no container's name, so "debian.record" can be a container too.
 */
#define RECORD_SUFFIX ":record"
#define RECORD_TEMPORARY ":record.new"

/*
 * The name of a record's file, or of one that is not finished: NAME and one of
 * these.
 */
struct record_path {
	char text[CONTAINER_NAME_MAX + sizeof(":" RECORD_TEMPORARY)];
};

/* The host's name has a colon before it: no container can have that. */
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

/* All pointers lead into the text that was parsed. */
struct record {
	const char *name;
	/* which lsl has pinned and proved; of none where it does not say */
	struct nsfile_id ns;
	struct record_list bins;
	const char *env_path; /* NULL: not set */
	const char *interpreter; /* NULL: not set */
	bool shares_applications;
	const char *path;
	/* what is mounted: "source:target;source:target", may be empty */
	const char *mnt;
	/* the same of what are files of the rootfs (hostfiles.h) */
	const char *copies;
	/* what it has for itself: "/run;/dev/shm", may be empty */
	const char *own;
	/* what was allowed when it was built, as in the configuration */
	const char *allow;
	const char *people; /* uids, as in the configuration; NULL: none */
	/* the command directory does not show in it (host=no) */
	bool has_no_commands;
	/*
	 * The host's record alone: what bins and env_path are for users and for
	 * root.
	 */
	struct record_list user_bins, root_bins;
	const char *root_path;
	size_t size; /* of that text, with its final NUL */
};

const char *record_next(const char *element);

/*
 * Takes the LEN bytes of TEXT apart in place (it writes NULs into them; TEXT
 * must have room for one byte more). No memory is allocated. -EINVAL if this is
 * not a record of this version, names an invalid container, or lacks bins.
 */
int record_parse(char *text, size_t len, struct record *record);

/*
 * Reads the record of NAME, which must be valid, in the directory MNTDIR into
 * TEXT (SIZE > RECORD_SIZE_MAX bytes), and parses it. The file is opened once
 * and must be regular, root's, not writable by others, and name NAME. -ENOENT:
 * the container is not started. -EPERM: somebody else's file. -EFBIG: it does
 * not fit.
 */
int record_read(int rundir, const char *name, char *text, size_t size, struct record *record);

/*
 * The container whose record a file in MNTDIR called FILE is: its length in
 * bytes at the start of FILE, 0 if FILE is no record's name.
 */
size_t record_name_of(const char *file);

#endif
