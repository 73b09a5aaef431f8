/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handlers in binfmt_misc. The kernel starts the programs that a foreign
 * program executes, and must start them under the emulator, too. A handler has
 * the first bytes of such programs, and the path of their emulator. lsl start
 * registers one for the architecture of a container if there is none, and
 * writes into MNTDIR which containers need it. The stop of the last of them
 * removes it.
 *
 * Its flags: F, the kernel opens the emulator now, and uses this file in every
 * root directory; P, the emulator gets argv[0] (QEMU from 6.0 on and Linux from
 * 5.12 on agree about the form; Debian's QEMU has names for the older ones,
 * interpreter.c). Not C: it gives a setuid program its owner's
 * rights, so the emulator would run with them, and QEMU obeys the caller's
 * variables even then (QEMU_LOG_FILENAME writes any file, QEMU_LD_PREFIX loads
 * any library).
 *
 * Handlers apply to the whole machine; there is one for each architecture. From
 * Linux 6.7 on they disappear with the last mount of binfmt_misc, so MNTDIR has
 * a mount of it as long as there is a handler. The host's own mount, if it has
 * one, is left alone.
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
 * Makes the kernel run programs of ARCH under INTERPRETER, a path on the host,
 * as long as CONTAINER is started. MNTDIR is open and locked. Returns
 * BINFMT_WHOLLY; BINFMT_PARTLY, it works with the limitation in FAILURE; or a
 * negative errno with the reason in FAILURE.
 */
int binfmt_begin(int rundir, const char *container, const struct elfarch *arch,
		 const char *interpreter, struct failure *failure);

/*
 * Whether the host has a handler, not of lsl's, that runs programs of ARCH in
 * any container. HANDLER is then its name. It looks at the usual mount point of
 * binfmt_misc; false also if that is not mounted.
 */
#define BINFMT_NAME_MAX 256
bool binfmt_is_there(const struct elfarch *arch, char handler[BINFMT_NAME_MAX]);

/*
 * Removes the handlers that no started container with an interpreter needs. On
 * failure returns a negative errno, with FAILURE.
 */
int binfmt_end(int rundir, struct failure *failure);

#endif
