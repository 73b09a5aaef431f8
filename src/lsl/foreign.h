/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which architecture a container's programs are for, learnt from the programs.
 */
#ifndef LSL_FOREIGN_H
#define LSL_FOREIGN_H

#include "architecture.h"
#include "container.h"

/*
 * Looks at the programs in BIN, an element of a container's bins, below ROOT as in search.h, until one
 * is found that this machine does not execute itself. 1: ARCH is that one's. 0: all
 * are native, ARCH is that of one of them. -ENOEXEC: there is none, or only scripts. Other negative
 * errno where BIN cannot be read. To be asked of one element after the other, until 1.
 */
int foreign_look(int root, const char *bin, struct architecture *arch);

/*
 * The same of the whole CONTAINER, wherever its programs are for the host (location.h): its shell is asked first,
 * since a bins directory may have programs of several architectures, then every element.
 */
int foreign_find(const struct container *container, struct architecture *arch);

/*
 * What the programs of CONTAINER are for in the main: the architecture of its shell, or else of any program. 1 where
 * that is foreign, 0 where it is native, or errors as above. One file is read as a rule.
 */
int foreign_sample(const struct container *container, struct architecture *arch);

/*
 * The architecture of the program at PATH in CONTAINER: 0. Of a script, which says nothing of that,
 * foreign_sample's. A negative errno where it cannot be known.
 */
int foreign_of(const struct container *container, const char *path, struct architecture *arch);

#endif
