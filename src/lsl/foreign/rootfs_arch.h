/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The architecture of a container's programs, found by looking at them. */
#ifndef LSL_ROOTFS_ARCH_H
#define LSL_ROOTFS_ARCH_H

#include "elfarch.h"
#include "conf/container.h"

enum {
	ROOTFS_NATIVE,
	ROOTFS_FOREIGN, /* this machine does not execute them itself */
};

/*
 * Looks at CONTAINER's programs, at their places on the host (location.h),
 * until it finds a foreign one: its shell first, because a bins directory may
 * have programs of several architectures, then every element of bins.
 *
 * ROOTFS_FOREIGN: ARCH is its architecture. ROOTFS_NATIVE: all are native, ARCH
 * is the architecture of one of them. -ENOEXEC: there is no program, or only
 * scripts. -ETIMEDOUT: it takes longer than two seconds. Another negative
 * errno: they cannot be read.
 */
int rootfs_arch_find(const struct container *container, struct elfarch *arch);

/*
 * The main architecture of CONTAINER: the one of its shell, or else of any
 * program. ROOTFS_FOREIGN or ROOTFS_NATIVE, or errors as above. It usually
 * reads one file.
 */
int rootfs_arch_sample(const struct container *container, struct elfarch *arch);

/*
 * Finds the architecture of the program at PATH in CONTAINER; for a script the
 * result of rootfs_arch_sample. Returns 0, or a negative errno if it is
 * unknown.
 */
int rootfs_arch_of(const struct container *container, const char *path, struct elfarch *arch);

#endif
