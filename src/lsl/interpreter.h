/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program that a container's interpreter names: whether it can do its work.
 */
#ifndef LSL_INTERPRETER_H
#define LSL_INTERPRETER_H

#include <stdbool.h>

#include "elfarch.h"
#include "failure.h"

/*
 * Whether PATH, absolute on the host, can run the programs of every container: a program of the
 * host's own architecture, linked statically, because in a container the host's loader and libraries
 * are not where it would look for them, and root's alone, because root's programs
 * will run under it. 0, or a negative errno and a sentence in FAILURE with what to do.
 */
int interpreter_check(const char *path, struct failure *failure);

/*
 * Whether the emulator PATH is for programs of ARCH, as far as its name says: nothing else in it does. 0 too
 * where it is not called like QEMU's. -ENOEXEC and a sentence in FAILURE with what to do where it is for others.
 */
int interpreter_suits(const char *path, const struct elfarch *arch, struct failure *failure);

/* Room for the path of an emulator of QEMU's, with its final NUL. */
#define INTERPRETER_PATH_MAX (ELFARCH_NAME_MAX + 32)

/* Writes where Debian's package qemu-user-static has the emulator for programs of ARCH. False: there is none. */
bool interpreter_usual_path(const struct elfarch *arch, char path[INTERPRETER_PATH_MAX]);

#endif
