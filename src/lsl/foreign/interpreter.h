/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A container's interpreter: the emulator that runs its programs if they are
 * for another architecture.
 */
#ifndef LSL_INTERPRETER_H
#define LSL_INTERPRETER_H

#include <stdbool.h>

#include "conf/container.h"
#include "elfarch.h"
#include "failure.h"

enum interpreter_use {
	INTERPRETER_UNSET, /* the configuration names none */
	/* it cannot do its work, or is for other programs */
	INTERPRETER_UNUSABLE,
	/* there is no program from which to learn the architecture */
	INTERPRETER_UNKNOWN,
	INTERPRETER_UNNEEDED, /* the programs are for this machine */
	INTERPRETER_NEEDED,
};

struct interpreter {
	enum interpreter_use use;
	struct elfarch arch; /* of the programs, where UNNEEDED or NEEDED */
	int unknown; /* where UNKNOWN: why, an errno */
	struct failure failure; /* where UNUSABLE: why, and what to do */
};

/* Looks at CONTAINER's interpreter and at its programs. Changes nothing. */
void interpreter_look(const struct container *container, struct interpreter *interpreter);

/*
 * Makes the kernel run the programs that CONTAINER's programs start under the
 * interpreter, too. It says what will not work, but that is no failure of
 * start, because the rest of the container can be used. MNTDIR is open and
 * locked.
 */
void interpreter_begin(int rundir, const struct container *container);

/*
 * Removes the handlers that no started container needs. On failure says why and
 * returns false.
 */
bool interpreter_end(int rundir);

/*
 * Whether PATH, absolute on the host, can run the programs of every container:
 * a program of the host's own architecture, linked statically, because a
 * container does not have the host's loader and libraries, and on a safe path,
 * because root's programs will run under it. Returns 0, or a negative errno and
 * a sentence in FAILURE with the remedy.
 */
int interpreter_check(const char *path, struct failure *failure);

/* Room for the path of an emulator of QEMU's, with its final NUL. */
#define INTERPRETER_PATH_MAX 64

/*
 * Writes the path of QEMU's emulator for programs of ARCH, which need not
 * exist. Debian's package qemu-user-static has qemu-NAME-static. Newer releases
 * have qemu-NAME in qemu-user instead, which is linked dynamically in older
 * ones. False: there is none.
 */
bool interpreter_usual_path(const struct elfarch *arch, char path[INTERPRETER_PATH_MAX]);

#endif
