/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * References of a container's manual page to other pages, soelim(1): lines such
 * as ".so man1/gcc.1". In the command directory that page is man1/debian:gcc.1.
 * References to files that are no pages must be removed.
 */
#ifndef LSL_SOPAGE_H
#define LSL_SOPAGE_H

#include <stdbool.h>
#include <stddef.h>

/* A larger page does not only refer to another one. */
#define SOPAGE_MAX 1024

/*
 * Whether NAME can be the name of a page: plain characters, such as "gcc.1.gz".
 */
bool sopage_name_valid(const char *name);

/*
 * Rewrites the page *BYTES, which has *SIZE bytes and a NUL after them. It is
 * the page NAME of CONTAINER in the directory "man" SECTION. The caller owns
 * *BYTES; if it is replaced, the former memory is freed. A page of up to
 * SOPAGE_MAX bytes, compressed by gzip(1) or not, may get another size. In a
 * larger page that is not compressed such lines become comments. Returns 0 or
 * -ENOMEM.
 */
int sopage_rewrite(char **bytes, size_t *size, const char *container, const char *section,
		   const char *name);

#endif
