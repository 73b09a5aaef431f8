/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of binfmt_misc. Only binfmt.c, which decides about them, uses this.
 */
#ifndef LSL_BINFMT_HANDLER_H
#define LSL_BINFMT_HANDLER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "elfarch.h"

/* A handler's bytes lie within these of the program, linux/binfmts.h. */
#define MAGIC_MAX 256

#define NAME_PREFIX "lsl-"

struct handler_name {
	char text[sizeof(NAME_PREFIX) + ELFARCH_NAME_MAX];
};

/* A file of binfmt_misc, as the kernel shows it. */
struct handler {
	bool is_enabled;
	bool is_fixed; /* F */
	bool keeps_argv0; /* P */
	char interpreter[PATH_MAX];
	size_t offset, len;
	unsigned char magic[MAGIC_MAX];
	unsigned char mask[MAGIC_MAX];
};

/* Result of handler_find. */
#define HANDLER_FOUND 1

struct handler_name handler_name(const struct elfarch *arch);

/* Opens binfmt_misc; mounts it first, if it is not mounted. */
int handlers_open(int rundir);

int handlers_unmount(int rundir);

/* Reads the file NAME, at most SIZE - 1 bytes. */
int handler_read_text(int dir, const char *name, char *text, size_t size);

int handler_read(int dir, const char *name, struct handler *handler);

/*
 * Whether HANDLER runs the programs of ARCH in any root directory: of both
 * types, with either of the usual ABIs.
 */
bool handler_serves(const struct handler *handler, const struct elfarch *arch);

/*
 * Looks for a handler of ARCH. Returns HANDLER_FOUND, with its NAME (of
 * NAME_MAX + 1 bytes) and HANDLER; 0: there is none; or a negative errno.
 */
int handler_find(int dir, const struct elfarch *arch, char *name, struct handler *handler);

int handler_register(int dir, const struct handler_name *name, const struct elfarch *arch,
		     const char *interpreter);

int handler_unregister(int dir, const struct handler_name *name);

#endif
