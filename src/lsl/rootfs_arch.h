/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which architecture a container's programs are for, learnt from the programs.
 */
#ifndef LSL_ROOTFS_ARCH_H
#define LSL_ROOTFS_ARCH_H

#include "elfarch.h"
#include "container.h"

enum {
	ROOTFS_NATIVE,
	ROOTFS_FOREIGN, /* this machine does not execute them itself */
};

/*
 * Looks at the programs in BIN, an element of a container's bins, below ROOT as
 * search.h has it, until it finds one that is foreign. ROOTFS_FOREIGN: ARCH is
 * that one's. ROOTFS_NATIVE: all are native, ARCH is that of one of them.
 * -ENOEXEC: there is none, or only scripts. Other negative errno where BIN
 * cannot be read. Call it for each element until it returns ROOTFS_FOREIGN.
 */
int rootfs_arch_look(int root, const char *bin, struct elfarch *arch);

/*
 * The same for the whole CONTAINER, wherever the host has its programs
 * (location.h): its shell is read first, since a bins directory may have
 * programs of several architectures, then every element.
 */
int rootfs_arch_find(const struct container *container, struct elfarch *arch);

/*
 * What the programs of CONTAINER are for in the main: the architecture of its
 * shell, or else of any program. ROOTFS_FOREIGN or ROOTFS_NATIVE, or errors as
 * above. One file is read as a rule.
 */
int rootfs_arch_sample(const struct container *container, struct elfarch *arch);

/*
 * The architecture of the program at PATH in CONTAINER: 0. Of a script, which
 * says nothing of that, rootfs_arch_sample's. A negative errno where it cannot
 * be known.
 */
int rootfs_arch_of(const struct container *container, const char *path, struct elfarch *arch);

#endif
