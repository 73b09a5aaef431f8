/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a foreign program starts is started by the kernel, and has to run under
 * the emulator too. The kernel's means is binfmt_misc: a handler says by which
 * bytes programs are known, and what runs them. lsl start registers one for the
 * architecture of a container where none is, notes in MNTDIR for which
 * containers, and the stop of the last of them removes it.
 *
 * Its flags: F, the emulator is opened now, and is the same file in every root
 * directory; P, the emulator is told argv[0] (QEMU from 6.0 on, Linux from 5.12
 * on, know each other's way). Not C, by which a setuid program would get its
 * owner's rights: with them the emulator would run, and QEMU obeys the caller's
 * variables even then (QEMU_LOG_FILENAME writes any file, QEMU_LD_PREFIX loads
 * any library).
 *
 * Handlers are the kernel's: one for each architecture, for the whole machine.
 * From Linux 6.7 on they vanish with the last mount of binfmt_misc, so there is
 * one in MNTDIR as long as there is a handler; where the host has its own, if
 * it has, is left alone.
 */
#ifndef LSL_BINFMT_H
#define LSL_BINFMT_H

#include <stdbool.h>

#include "elfarch.h"
#include "failure.h"

enum {
	BINFMT_WHOLLY,
	BINFMT_PARTLY,
};

/*
 * Has the kernel run programs of ARCH under INTERPRETER, a path on the host, as
 * long as CONTAINER is started. MNTDIR is open and locked. BINFMT_WHOLLY: it
 * does. BINFMT_PARTLY: it does, but FAILURE says what is not as it should be. A
 * negative errno, and FAILURE says why not.
 */
int binfmt_begin(int rundir, const char *container, const struct elfarch *arch,
		 const char *interpreter, struct failure *failure);

/*
 * Whether the host itself, without lsl, has a handler that runs programs of
 * ARCH in any container, where administrators have binfmt_misc: then HANDLER is
 * its name. False too where that is not mounted.
 */
#define BINFMT_NAME_MAX 256
bool binfmt_is_there(const struct elfarch *arch, char handler[BINFMT_NAME_MAX]);

/*
 * Removes the handlers that no started container with an interpreter needs. A
 * negative errno and FAILURE.
 */
int binfmt_end(int rundir, struct failure *failure);

#endif
