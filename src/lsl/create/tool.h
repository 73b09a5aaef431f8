/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs programs of others (tar, xz, curl, jq, skopeo) for lsl create, remove
 * and images. Each gets only what its work needs: some capabilities, an id, an
 * environment of PATH and LC_ALL, limits, the given descriptors, no terminal,
 * and no place to write but its working directory (wall.h). It dies with the
 * process that started it.
 *
 * lsl's system call filter forbids execve, so only the process that making.h
 * forks before lsl is confined runs tools.
 */
#ifndef LSL_TOOL_H
#define LSL_TOOL_H

#include <limits.h>
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

/* How much of a tool's last line on stderr is kept. */
#define TOOL_WORDS_MAX 240

struct tool {
	const char *program; /* a name, searched in the PATH of tools */
	const char *const *arguments; /* with argv[0], NULL at the end */
	/* of its environment, besides PATH and LC_ALL: "NAME=VALUE", or NULL */
	const char *variable;
	bool uses_network; /* gets lsl's proxies and trusted certificates */
	enum tool_privilege privilege;
	int input, output; /* fds, which stay the caller's; 0: /dev/null */
	/* a tool that reads its output by a pipe, instead of OUTPUT; or NULL */
	struct tool *reader;
	/*
	 * an fd of the working directory; no path to it is needed. It writes
	 * there and below, and nowhere else. 0: "/", and it writes nowhere.
	 */
	int directory;
	/* with TOOL_NOTHING: the directory becomes the tool's own */
	bool owns_directory;
	size_t memory_max; /* bytes of address space; 0: no limit */
	size_t output_max; /* bytes of each file that it writes; 0: no limit */
	/* bytes to which it may make its input grow; 0: no limit */
	size_t input_max;

	/* Its progress (transfer.h): a name, or NULL. */
	const char *what;
	long size; /* in bytes; 0: unknown */
	/* how many are done; may set SIZE; NULL: the size of its output */
	long (*count)(struct tool *tool);

	/* Set by tool_run. */
	int status; /* as from wait(2) */
	/* the last line on stderr with a message; filter it before printing */
	char words[TOOL_WORDS_MAX];

	/* tool.c's */
	pid_t pid;
	int pidfd;
	bool has_ended;
	int errors;
	size_t len;
	char text[4096];
};

/*
 * Finds PATH of PROGRAM. -ENOENT: it is not installed; FAILURE names its
 * package.
 */
int tool_find(const char *program, char path[PATH_MAX], struct failure *failure);

/*
 * Starts TOOL, and its reader, waits until they have ended, and reads their
 * stderr meanwhile. Returns 0 if they exited with 0. Otherwise a negative
 * errno, and FAILURE has in one line the tool that failed first, and its last
 * message. -ENOENT: one is not installed; its package is named. -EIO: one
 * failed. -EINTR: a signal ends lsl (SIGINT, SIGTERM, SIGHUP); no message is
 * needed. -ENOSPC: the disk is nearly full. -EFBIG: its input has grown. In any
 * case no tool is left running, nor any program that a tool has started.
 */
int tool_run(struct tool *tool, struct failure *failure);

/*
 * Runs one tool, and sets *TEXT to its output, at most MAX bytes and a NUL
 * after them, which the caller frees. -EFBIG: it prints more. Other results are
 * tool_run's.
 */
int tool_read(struct tool *tool, size_t max, char **text, struct failure *failure);

/*
 * Removes NAME in the directory DIR, and everything below it on the same file
 * system. Results are tool_run's.
 */
int tool_remove(int dir, const char *name, struct failure *failure);

/*
 * Writes the SHA-256 of the file FD, 64 digits and a NUL; FD is at its
 * beginning afterwards. Results are tool_read's.
 */
int tool_sha256(int fd, char digits[65], struct failure *failure);

/*
 * From now on tools end before the disk of DIR, or that of their output, is
 * full for all other programs, except for those with TOOL_REMOVES. 0: no
 * longer.
 */
void tool_keep_room(int dir);

/* Whether there is room: 0, or -ENOSPC and FAILURE. */
int tool_check_room(struct failure *failure);

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
