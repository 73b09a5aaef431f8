/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checks of lsl check and, some of them, of lsl status: each looks at one
 * thing, changes nothing, and adds its findings (diag.h). One of them may be
 * that privilege is needed to see something.
 */
#ifndef LSL_CHECK_H
#define LSL_CHECK_H

#include <stdbool.h>

#include "conf.h"
#include "diag.h"
#include "lsl.h"
#include "instance.h"

struct check {
	const struct options *options;
	struct diags diags;
	struct conf conf; /* what could be read of it */
	int rundir; /* or a negative errno of rundir.h */
	int linksdir; /* what cmddir_state says */
	bool sees_all; /* root looks: nothing is closed */
	bool has_sudo_answered;
	char *secure_path; /* sudo's, or NULL: it has none */
	/* the caller; asked before the system call filter sets it */
	bool has_no_new_privs;
};

/* Asks sudo for its secure_path, which takes privileges that lsl gives up. */
void check_ask_sudo(struct check *check);

/*
 * Opens what the checks look at. CHECK is zero but for options and what was
 * asked before.
 */
void check_begin(struct check *check);
void check_end(struct check *check);

/*
 * A path that cannot be looked at for ERR, a positive errno: unknown where only
 * privilege is missing, else SEVERITY.
 */
enum severity check_severity(const struct check *check, int err, enum severity severity);

/* The configuration: every mistake in it. Fills check->conf. */
void check_configuration(struct check *check);

/*
 * Whether a container's file systems answer; false after saying that one does
 * not. Before all else.
 */
bool check_answers(struct check *check, const struct container *container);

/* Of a container of the configuration. */
void check_rootfs(struct check *check, const struct container *container);
void check_rootfs_is_roots(struct check *check, const struct container *container);
void check_access(struct check *check, const struct container *container);
void check_interpreter(struct check *check, const struct container *container);
void check_mnt(struct check *check, const struct container *container);
void check_bins(struct check *check, const struct container *container);
void check_locale(struct check *check, const struct container *container);
/* Of one whose file systems answer, and that is started or not. */
void check_journal(struct check *check, const struct container *container, bool is_started);
void check_display(struct check *check, const struct container *container);
void check_bins_are_roots(struct check *check, const struct container *container);

/* Of one that is started, or was: STATE is its. */
void check_state(struct check *check, const char *name, const struct instance *instance);
void check_namespace(struct check *check, const char *name, const struct instance *instance);
void check_kept(struct check *check, const char *name, const struct instance *instance);

/* What MNTDIR holds could not be listed: STATUS is rundir_visit's. */
void check_listing(struct check *check, int status);

/* The installation. */
void check_kernel(struct check *check);
void check_executor(struct check *check);
void check_helper(struct check *check);
void check_fuse(struct check *check);
void check_mntdir(struct check *check);
void check_limits(struct check *check);

/* What lsl create made. */
void check_store(struct check *check);

/* The command directory: mounted and alive, and who finds it. */
void check_linksdir(struct check *check);
void check_login_path(struct check *check);
/* Whether a file that login shells or sessions read names DIRECTORY. */
bool check_login_files_have(const char *directory);
void check_caller(struct check *check);
void check_sudo(struct check *check);
void check_menus(struct check *check);

#endif
