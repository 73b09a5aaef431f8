/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of lsl(8): the options, and one function for each command,
 * each in its own file. A command reports errors on stderr and returns its exit
 * status.
 */
#ifndef LSL_LSL_H
#define LSL_LSL_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf.h"
#include "base/json.h"

/* Exit statuses of lsl; those of lslExecutor are in its exit.h. */
enum {
	LSL_OK = 0,
	LSL_FAILED = 1,
	LSL_USAGE = 2,

	/* lsl check's */
	LSL_WARNINGS = 1,
	LSL_ERRORS = 2,
};

struct options {
	const char *config; /* the configuration's path */
	bool debug;
	bool seccomp;
	bool kill; /* stop: end the programs that run inside */
	bool follow; /* refresh: repeat it whenever the host changes */
	bool json; /* print JSON */

	/* create, images */
	const char *from; /* the source of a container, or NULL */
	const char *sha256; /* the hash of the source, or NULL */
	const char *arch; /* or NULL: this machine's */
	const char *server; /* or NULL: configure's */
	/* what stood before the host in FROM or SERVER, url.h, or NULL */
	const char *user;
	bool offline;
	bool passwords; /* the host's people keep theirs in the container */

	/* remove */
	bool keep_files;
	bool yes; /* do not ask */

	unsigned int given; /* for main.c */
	/*
	 * names of containers; none: all containers; which: the program;
	 * images: a pattern
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
 * Starts WRITER (rootwriter.h), before lsl_confine. On failure says why and
 * returns false.
 */
bool lsl_start_writer(const struct options *options, struct rootwriter *writer);

/*
 * The work of start and stop in a confined process; restart calls one after the
 * other. The caller ends the helpers. If RESTARTED_FROM is not NULL, containers
 * that could not be started again from that configuration are left running, and
 * the command directory stays mounted.
 */
int lsl_start_confined(const struct options *options, const struct conf *conf,
		       struct helpers *helpers);
int lsl_stop_confined(const struct options *options, const struct rootwriter *writer,
		      const struct conf *restarted_from);

/* Prints FORMAT on stderr, one line after "lsl: ". */
void lsl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says that the filter ends the process because of the system call NAME; for
 * seccomp_apply.
 */
void lsl_say_deadly_call(const char *name);

/*
 * The frame of what --json prints on stdout: an object whose first member is
 * the version of all the others.
 */
void lsl_begin_json(struct json *json);
void lsl_end_json(struct json *json);

/* Flushes stdout. On failure says why and returns false. */
bool lsl_flush(void);

/*
 * Whether this process may build namespaces; if not, says that ACTION needs
 * root.
 */
bool lsl_is_privileged(const char *action);

/*
 * The first step of a command: keeps the COUNT capabilities in CAPS, gives up
 * all others and loads the system call filter. On failure says why and returns
 * false.
 */
bool lsl_confine(const struct options *options, const int *caps, size_t count);

/* Says why MNTDIR cannot be used: STATUS is a negative errno of rundir.h. */
void lsl_say_mntdir(int status);

/*
 * Reads the configuration and reports every mistake in it. If it cannot be read
 * at all, says why and returns false. The caller clears CONF.
 */
bool lsl_read_conf(const struct options *options, struct conf *conf);

/*
 * rundir_visit, for every user. Only root may list MNTDIR, so for others it
 * calls VISIT with the started containers that the mount table or the
 * configuration names.
 */
int lsl_visit_started(const struct options *options, int rundir,
		      int (*visit)(const char *name, void *arg), void *arg);

/*
 * Says which of the given names are not started in MNTDIR; a negative MNTDIR
 * means that no container is. Returns an exit status; a configured container
 * that is not started is no failure.
 */
int lsl_check_names(const struct options *options, int rundir);

/*
 * Whether CONTAINER would give users root and must not be started, see
 * exposure.h. If so, says that: "not started" with the place of its section, or
 * "not created" if it has none yet.
 */
bool lsl_refuses(const struct container *container);

/* Whether the command applies to the container NAME. */
bool lsl_is_meant(const struct options *options, const char *name);

#endif
