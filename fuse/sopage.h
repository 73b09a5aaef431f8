/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a manual page of a container says about other pages, soelim(1): lines
 * such as ".so man1/gcc.1". In the command directory that page is
 * man1/debian:gcc.1, and a file that is no page must not be named at all.
 */
#ifndef LSL_SOPAGE_H
#define LSL_SOPAGE_H

#include <stdbool.h>
#include <stddef.h>

/* A page that is larger is none that only stands for another one. */
#define SOPAGE_MAX 1024

/*
 * Whether NAME is one that a page is served by: of plain characters,
 * "gcc.1.gz".
 */
bool sopage_name_valid(const char *name);

/*
 * Rewrites the page *BYTES, which is *SIZE bytes with a NUL behind them, is the
 * caller's, and is freed or kept. It is that of CONTAINER called NAME, in the
 * directory "man" SECTION. One of up to SOPAGE_MAX bytes may become another
 * size, compressed by gzip(1) or not; in a larger one that is not compressed
 * such lines become comments. 0 or -ENOMEM.
 */
int sopage_rewrite(char **bytes, size_t *size, const char *container, const char *section,
		   const char *name);

#endif
