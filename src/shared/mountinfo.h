/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mount table, proc_pid_mountinfo(5).
 */
#ifndef LSL_MOUNTINFO_H
#define LSL_MOUNTINFO_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* One line. The strings point into the parsed line. */
struct mountinfo {
	int id, parent;
	dev_t device; /* of the file system: st_dev of its files */
	char *mount_point; /* unescaped */
	/* of this mount alone, with commas between: "rw,nosuid" */
	char *options;
	char *fs_type;
	char *source; /* unescaped */
	bool is_shared; /* in a peer group */
	bool is_slave; /* receives from another one */
	bool is_unbindable;
};

/*
 * Parses LINE in place. -EINVAL if it does not have the form in
 * proc_pid_mountinfo(5). Unknown optional fields are skipped, as that page
 * demands.
 */
int mountinfo_parse(char *line, struct mountinfo *mount);

/*
 * Calls VISIT for each mount in FILE, an open /proc/PID/mountinfo, in its
 * order. Returns the first value other than 0 that VISIT returns, or a
 * negative errno.
 */
int mountinfo_visit(FILE *file, int (*visit)(const struct mountinfo *mount, void *arg), void *arg);

/* The same of the calling process's mounts. */
int mountinfo_visit_own(int (*visit)(const struct mountinfo *mount, void *arg), void *arg);

/* The id of the mount that FD is on. 0 or a negative errno. */
int mountinfo_id(int fd, uint64_t *id);

/*
 * Opens MOUNT's root with O_PATH. -1 if the path leads to another mount,
 * because that is mounted over it or a user has replaced a directory
 * (fusermount): the id of the opened mount is compared with MOUNT's.
 */
int mountinfo_open(const struct mountinfo *mount);

#endif
