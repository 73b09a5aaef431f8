/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names that others have for an architecture: image servers and mmdebstrap
 * use Debian's, registries those of the Go compiler, elfarch.h QEMU's.
 */
#ifndef LSL_ARCHNAME_H
#define LSL_ARCHNAME_H

#include "failure.h"

struct archname {
	const char *debian; /* "amd64", "armhf" */
	const char *qemu; /* "x86_64", "arm"; or uname(2)'s, "armv7l" */
	const char *go; /* "amd64", "arm" */
	const char *go_variant; /* "v7"; NULL: none */
};

/* The architecture that has NAME in one of these columns, or NULL. */
const struct archname *archname_find(const char *name);

/*
 * The same for --arch, and for this machine if NAME is NULL. NULL, and FAILURE:
 * there is none.
 */
const struct archname *archname_wanted(const char *name, struct failure *failure);

#endif
