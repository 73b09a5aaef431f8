/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program that a container's interpreter names: whether it can do its work.
 */
#ifndef LSL_EMULATOR_H
#define LSL_EMULATOR_H

#include <stdbool.h>

#include "architecture.h"
#include "failure.h"

/*
 * Whether PATH, absolute on the host, can run the programs of every container: a program of the
 * host's own architecture, linked statically, because in a container the host's loader and libraries
 * are not where it would look for them, and root's alone, because root's programs
 * will run under it. 0, or a negative errno and a sentence in FAILURE with what to do.
 */
int emulator_check(const char *path, struct failure *failure);

/*
 * Whether the emulator PATH is for programs of ARCH, as far as its name says: nothing else in it does. 0 too
 * where it is not called like QEMU's. -ENOEXEC and a sentence in FAILURE with what to do where it is for others.
 */
int emulator_suits(const char *path, const struct architecture *arch, struct failure *failure);

/* Room for the path of an emulator of QEMU's, with its final NUL. */
#define EMULATOR_PATH_MAX (ARCHITECTURE_NAME_MAX + 32)

/* Writes where Debian's package qemu-user-static has the emulator for programs of ARCH. False: there is none. */
bool emulator_usual_path(const struct architecture *arch, char path[EMULATOR_PATH_MAX]);

#endif
