/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of lsl(8): the options, and one function for each command,
 * each in its own file. A command returns its exit status, after it has said on
 * stderr what went wrong.
 */
#ifndef LSL_LSL_H
#define LSL_LSL_H

#include <stdbool.h>
#include <stddef.h>

#include "conf.h"

/* Exit statuses of lsl; those of lslExecutor are in its main.c. */
enum {
	LSL_OK = 0,
	LSL_FAILED = 1,
	LSL_USAGE = 2,

	/* lsl check's */
	LSL_WARNINGS = 1,
	LSL_ERRORS = 2,
};

/*
 * The version of what --json prints. Members may be added; if one changes its
 * meaning or is removed, this number grows.
 */
#define LSL_JSON_FORMAT 1

struct options {
	const char *config; /* the configuration's path */
	bool debug;
	bool seccomp;
	bool kill; /* stop: end the programs that run inside */
	bool follow; /* refresh: go on whenever the host changes */
	bool json; /* print for a program to read */

	/* create, images */
	const char *from; /* what to make a container of, or NULL */
	const char *sha256; /* what the source has to have, or NULL */
	const char *arch; /* or NULL: this machine's */
	const char *server; /* or NULL: configure's */
	bool offline;
	bool passwords; /* the host's people have theirs in the container */

	/* remove */
	bool keep_files;
	bool yes; /* do not ask */

	unsigned int given; /* for main.c */
	/*
	 * of containers, all of them without any; which: the program; images: a
	 * pattern
	 */
	char **names;
	size_t name_count;
};

int lsl_start(const struct options *options);
int lsl_stop(const struct options *options);
int lsl_restart(const struct options *options);
int lsl_relink(const struct options *options);
int lsl_refresh(const struct options *options);
int lsl_status(const struct options *options);
int lsl_check(const struct options *options);
int lsl_ps(const struct options *options);
int lsl_which(const struct options *options);
int lsl_create(const struct options *options);
int lsl_images(const struct options *options);
int lsl_remove(const struct options *options);

struct helpers;
struct rootwriter;

/*
 * Starts HELPERS (helpers.h), before lsl_confine. False after saying why it
 * could not.
 */
bool lsl_start_helpers(const struct options *options, struct helpers *helpers);

/*
 * Starts WRITER (rootwriter.h), before lsl_confine. False after saying why it
 * could not.
 */
bool lsl_start_writer(const struct options *options, struct rootwriter *writer);

/*
 * What start and stop do once the process is confined; restart does one after
 * the other. The helpers stay the caller's to end. If RESTARTED_FROM is not
 * NULL, containers that could not be started again from that configuration are
 * left running, and the command directory stays mounted.
 */
int lsl_start_confined(const struct options *options, const struct conf *conf,
		       struct helpers *helpers);
int lsl_stop_confined(const struct options *options, const struct rootwriter *writer,
		      const struct conf *restarted_from);

/* Says FORMAT on stderr, one line after "lsl: ". */
void lsl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says that the filter stops a process because of the system call NAME; for
 * seccomp_apply.
 */
void lsl_say_deadly_call(const char *name);

/* Writes out what was printed; false after saying why that failed. */
bool lsl_flush(void);

/*
 * Whether this process may build namespaces; if not, says that ACTION has to be
 * run by root.
 */
bool lsl_is_privileged(const char *action);

/*
 * The first step of a command: keeps those COUNT capabilities of CAPS, gives up
 * all others and loads the system call filter. False after saying why it could
 * not.
 */
bool lsl_confine(const struct options *options, const int *caps, size_t count);

/* Says why MNTDIR cannot be used: STATUS is a negative errno of rundir.h. */
void lsl_say_mntdir(int status);

/*
 * Reads the configuration and says every mistake in it. False, after saying
 * why, when it could not be read at all. CONF is the caller's to clear.
 */
bool lsl_read_conf(const struct options *options, struct conf *conf);

/*
 * rundir_visit, for everybody: only root may list MNTDIR. For others it calls
 * VISIT with the started containers that the configuration names. A negative
 * errno where that cannot be read either.
 */
int lsl_visit_started(const struct options *options, int rundir,
		      int (*visit)(const char *name, void *arg), void *arg);

/*
 * Says which of the names given are not started in MNTDIR, which may be
 * negative: nothing is. An exit status: it is no failure for a container that
 * is configured.
 */
int lsl_check_names(const struct options *options, int rundir);

/*
 * Whether CONTAINER would give users root and is not to be started, see
 * exposure.h; then that is said.
 */
bool lsl_refuses(const struct container *container);

/* Whether NAME is among the containers meant. */
bool lsl_is_meant(const struct options *options, const char *name);

#endif
