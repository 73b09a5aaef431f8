/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs programs of others (tar, xz, curl, jq, skopeo) for lsl create, remove
 * and images. Each gets only what its work needs: some capabilities, an id, an
 * environment of PATH and LC_ALL, limits, the given descriptors, no terminal,
 * and no place to write but its working directory (wall.h). It dies with the
 * process that started it.
 *
 * lsl's system call filter forbids execve, so only the process that maker.h
 * forks before lsl is confined runs tools.
 */
#ifndef LSL_TOOL_H
#define LSL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "failure.h"

enum tool_privilege {
	/*
	 * No capability, and ids that no other process has: for every tool that
	 * reads bytes from others.
	 */
	TOOL_NOTHING,
	/*
	 * Root with CHOWN, FOWNER, DAC_OVERRIDE, FSETID and SETFCAP: writes
	 * files of any owner.
	 */
	TOOL_UNPACKS,
	/*
	 * The same and MKNOD: layers of an image may have devices, which are
	 * removed afterwards.
	 */
	TOOL_UNPACKS_LAYERS,
	/*
	 * Root with DAC_OVERRIDE and FOWNER: measures and removes files of any
	 * owner.
	 */
	TOOL_REMOVES,
	/*
	 * Root with all capabilities of lsl: mounts, which no process behind
	 * wall.h can, and chroots. Only if the source needs_root.
	 */
	TOOL_ROOT,
};

/* In place of an fd. */
enum {
	TOOL_NULL = -1, /* /dev/null */
	/* of output: a pipe to the next tool, whose input is TOOL_PIPE too */
	TOOL_PIPE = -2,
};

/* How much of a tool's last line on stderr is kept. */
#define TOOL_WORDS_MAX 240

struct tool {
	const char *program; /* a name, searched in the PATH of tools */
	/* Debian's, named if the program is missing; NULL: the same name */
	const char *package;
	const char *const *arguments; /* with argv[0], NULL at the end */
	/* Besides PATH and LC_ALL: "NAME=VALUE", NULL at the end; or NULL. */
	const char *const *environment;
	enum tool_privilege privilege;
	/* fds, which stay the caller's, or TOOL_NULL, TOOL_PIPE */
	int input, output;
	/*
	 * an fd of the working directory; no path to it is needed. It writes
	 * there and below, and nowhere else. -1: "/", and it writes nowhere.
	 */
	int directory;
	/* with TOOL_NOTHING: the directory becomes the tool's own */
	bool owns_directory;
	size_t memory_max; /* bytes of address space; 0: no limit */
	size_t output_max; /* bytes of each file that it writes; 0: no limit */

	/* Set by tool_run. */
	int status; /* as from wait(2) */
	/* the last line on stderr with a message; filter it before printing */
	char words[TOOL_WORDS_MAX];

	/* tool.c's */
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
 * Whether PROGRAM is installed; if not, FAILURE names PACKAGE (NULL: it has the
 * same name).
 */
bool tool_is_there(const char *program, const char *package, struct failure *failure);

/*
 * Starts the COUNT tools of ROW, waits until all have ended, and reads their
 * stderr meanwhile. WATCH may be NULL. Returns 0 if all exited with 0.
 * Otherwise a negative errno, and FAILURE has in one line the tool that failed
 * first, and its last message. -ENOENT: one is not installed; its package is
 * named. -EIO: one failed. -EINTR: a signal ends lsl (SIGINT, SIGTERM, SIGHUP);
 * no message is needed. Or the result of WATCH. In any case no tool is left
 * running, nor any program that a tool has started.
 */
int tool_run(struct tool *row, size_t count, const struct tool_watch *watch,
	     struct failure *failure);

/*
 * Runs one tool, and sets *TEXT to its output, at most MAX bytes and a NUL
 * after them, which the caller frees. -EFBIG: it prints more. Other results are
 * tool_run's.
 */
int tool_read(struct tool *tool, size_t max, const struct tool_watch *watch, char **text,
	      struct failure *failure);

/*
 * Removes NAME in the directory DIR, and everything below it on the same file
 * system. Results are tool_run's.
 */
int tool_remove(int dir, const char *name, const struct tool_watch *watch, struct failure *failure);

/*
 * Call it first, in a process without other children. From now on SIGINT,
 * SIGTERM and SIGHUP end only tools, and tool_run returns -EINTR.
 */
void tool_begin(void);

/* Whether one of them came. */
bool tool_is_interrupted(void);

/* Forgets that signal, so that tools can clean up. */
void tool_forget_signals(void);

#endif
