/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checks of lsl check and, some of them, of lsl status: each looks at one
 * subject, changes nothing, and adds its findings (diag.h). A finding may be
 * that a check needs privilege.
 */
#ifndef LSL_CHECK_H
#define LSL_CHECK_H

#include <stdbool.h>

#include "conf/conf.h"
#include "base/diag.h"
#include "lsl.h"
#include "started/instance.h"

struct check {
	const struct options *options;
	struct diags diags;
	struct conf conf; /* the part that could be read */
	bool is_conf_unreadable; /* the file is there and not read at all */
	int rundir; /* or a negative errno of rundir.h */
	int linksdir; /* the result of cmddir_state_of */
	/* of the container that answered last, or a negative errno */
	int root;
	bool sees_all; /* root looks: nothing is closed */
	bool has_sudo_answered;
	char *secure_path; /* sudo's, or NULL: it has none */
	/* the caller; asked before the system call filter sets it */
	bool has_no_new_privs;
};

/*
 * Asks sudo for its secure_path; this needs privileges that lsl gives up later.
 */
void check_ask_sudo(struct check *check);

/*
 * Opens the files for the checks. CHECK is zero except options, secure_path and
 * the caller.
 */
void check_begin(struct check *check);
void check_end(struct check *check);

/*
 * The severity if looking at a path failed with ERR, a positive errno: unknown
 * if only privilege is missing, else SEVERITY.
 */
enum severity check_severity(const struct check *check, int err, enum severity severity);

/* The place of a finding of the check NAME about line LINE of CONTAINER. */
static inline struct diag_place check_place(const char *name, const struct container *container,
					    unsigned int line)
{
	return (struct diag_place){name, container->name, container->file, line};
}

/* The configuration: every mistake in it. Fills check->conf. */
void check_configuration(struct check *check);

/* Whether all files of it could be read; users cannot read some. */
bool check_has_whole_conf(const struct check *check);

/*
 * Whether a container's file systems answer; if one does not, adds a finding
 * and returns false. Call it first: it opens check->root for the others.
 */
bool check_answers(struct check *check, const struct container *container);

/* Checks of a configured container. */
void check_rootfs(struct check *check, const struct container *container);
void check_rootfs_is_roots(struct check *check, const struct container *container);
void check_access(struct check *check, const struct container *container);
void check_interpreter(struct check *check, const struct container *container);
void check_mnt(struct check *check, const struct container *container);
void check_bins(struct check *check, const struct container *container);
void check_locale(struct check *check, const struct container *container);
/* Checks of a container whose file systems answer, started or not. */
void check_journal(struct check *check, const struct container *container, bool is_started);
void check_display(struct check *check, const struct container *container);
void check_bins_are_roots(struct check *check, const struct container *container);

/* Checks of a container that is or was started, INSTANCE. */
void check_state(struct check *check, const char *name, const struct instance *instance);
void check_namespace(struct check *check, const char *name, const struct instance *instance);
void check_kept(struct check *check, const char *name, const struct instance *instance);

/*
 * Reports that MNTDIR could not be listed; STATUS is the result of
 * rundir_visit.
 */
void check_listing(struct check *check, int status);

/* The installation. */
void check_kernel(struct check *check);
void check_executor(struct check *check);
void check_helper(struct check *check);
void check_fuse(struct check *check);
void check_mntdir(struct check *check);
void check_limits(struct check *check);

/* Containers of lsl create. */
void check_store(struct check *check);

/*
 * The command directory: whether it is mounted and answers, and in which PATH
 * it is.
 */
void check_linksdir(struct check *check);
void check_login_path(struct check *check);
/* Whether a file that login shells or sessions read names DIRECTORY. */
bool check_login_files_have(const char *directory);
void check_caller(struct check *check);
void check_sudo(struct check *check);
void check_menus(struct check *check);

#endif
