/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All programs of a container, as search.h finds them one by one. ROOT is a
 * directory fd of its root, below which paths are resolved (inroot.h).
 */
#ifndef LSL_SEARCH_VISIT_H
#define LSL_SEARCH_VISIT_H

/*
 * Calls VISIT with the name of every program in BIN, one element of the list: a
 * directory's in no order, a single file's own. A name that several bins have
 * comes from each of them. For every other entry of the directory VISIT gets
 * NULL, which tells a slow file system from one that hangs. Stops at the first
 * value other than 0 that VISIT returns and returns it. Returns 0 also if BIN
 * does not exist; a negative errno if it cannot be read.
 */
int search_visit(int root, const char *bin, int (*visit)(const char *name, void *arg), void *arg);

#endif
