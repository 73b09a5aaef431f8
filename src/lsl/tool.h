/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs programs of others (tar, xz, curl, jq, skopeo) for lsl create, remove
 * and images. Each has what its work needs and no more: some capabilities, an
 * id, PATH and LC_ALL for an environment, limits, the descriptors that it is
 * given, a new session. It dies with the process that started it.
 *
 * lsl's system call filter does not let a process execute anything, so only the
 * process that maker.h forks before lsl is confined runs tools.
 */
#ifndef LSL_TOOL_H
#define LSL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "failure.h"

enum tool_privilege {
	/*
	 * No capability, and ids that no other process has: for all that reads
	 * bytes of others.
	 */
	TOOL_NOTHING,
	/*
	 * Root with CHOWN, FOWNER, DAC_OVERRIDE, FSETID and SETFCAP: writes
	 * files of any owner.
	 */
	TOOL_UNPACKS,
	/*
	 * The same and MKNOD: an image's layers may have devices, which are
	 * removed again.
	 */
	TOOL_UNPACKS_LAYERS,
	/*
	 * Root with DAC_OVERRIDE and FOWNER: measures and removes files of any
	 * owner.
	 */
	TOOL_REMOVES,
	/*
	 * Root with all that lsl was given: mounts, chroots. Only where the
	 * source needs_root.
	 */
	TOOL_ROOT,
};

/* In place of an fd. */
enum {
	TOOL_NULL = -1, /* /dev/null */
	/* of output: a pipe to the next tool, whose input is TOOL_PIPE too */
	TOOL_PIPE = -2,
};

/* So much of a tool's last line on stderr is kept. */
#define TOOL_WORDS_MAX 240

struct tool {
	const char *program; /* a name, looked for in the PATH of tools */
	/* Debian's, named where the program is missing; NULL: the same name */
	const char *package;
	const char *const *arguments; /* with argv[0], NULL at the end */
	/* Besides PATH and LC_ALL: "NAME=VALUE", NULL at the end; or NULL. */
	const char *const *environment;
	enum tool_privilege privilege;
	/* fds, which stay the caller's, or TOOL_NULL, TOOL_PIPE */
	int input, output;
	/*
	 * an fd of the working directory, to which no path need lead; -1: "/"
	 */
	int directory;
	/* with TOOL_NOTHING: the directory becomes the tool's own */
	bool owns_directory;
	size_t memory_max; /* bytes of address space; 0: no limit */
	size_t output_max; /* bytes of each file that it writes; 0: no limit */

	/* Set by tool_run. */
	int status; /* as wait(2) has it */
	/* the last line on stderr that says something; messages filter it */
	char words[TOOL_WORDS_MAX];

	/* Its own. */
	pid_t pid;
	int pidfd;
	bool has_ended;
	int errors;
	size_t line_len;
	char line[TOOL_WORDS_MAX];
};

/*
 * LOOK is called about five times a second while tools run; a negative errno
 * and a sentence in FAILURE end them.
 */
struct tool_watch {
	int (*look)(void *arg, struct failure *failure);
	void *arg;
};

/*
 * Whether PROGRAM is installed; if not, FAILURE names the PACKAGE (NULL: of the
 * same name).
 */
bool tool_is_there(const char *program, const char *package, struct failure *failure);

/*
 * Starts the COUNT tools of ROW, waits until all have ended, and reads their
 * stderr meanwhile. WATCH may be NULL. 0 where all exited with 0. Else a
 * negative errno, and FAILURE says in one line which tool failed first, and its
 * last words. -ENOENT: one is not installed, and its package is named. -EIO:
 * one failed. -EINTR: lsl is to end (SIGINT, SIGTERM, SIGHUP), which need not
 * be said. Or what WATCH returned. No tool is left running in any case.
 */
int tool_run(struct tool *row, size_t count, const struct tool_watch *watch,
	     struct failure *failure);

/*
 * Runs one tool, whose output is set here, and keeps what it prints, at most
 * MAX bytes and a NUL behind them, in *TEXT, to be freed. -EFBIG where it
 * prints more. Otherwise as tool_run.
 */
int tool_read(struct tool *tool, size_t max, const struct tool_watch *watch, char **text,
	      struct failure *failure);

/*
 * From now on SIGINT, SIGTERM and SIGHUP end tools and no more: tool_run
 * returns -EINTR.
 */
void tool_catch_signals(void);

/* Whether one of them came. */
bool tool_is_interrupted(void);

/* Forgets that one came: for tools that clean up. */
void tool_forget_signals(void);

#endif
