/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manual pages of containers, in the directory that man(1) searches:
 * DIR/share/man for each DIR of PATH.
 *
 *	share/man/man1/debian:gcc.1.gz
 *
 * These are the pages in the directories that belong to the containers' bins
 * (/usr/share/man to /usr/bin), and in /usr/local/share/man and /usr/share/man,
 * byte for byte except ".so": a page that refers to another one has the other
 * page's name in the command directory, so that no reference leads out of the
 * container.
 *
 * No state is kept for a page. Its node id has the container, the section, and
 * a hash of the name, so it means the same to a later server.
 *
 * "share" is not listed in the root, because programs that walk the command
 * directory have no use for it.
 */
#ifndef LSL_MANPAGES_H
#define LSL_MANPAGES_H

#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct cmdset;
struct found;

/* "share", "man" and the sections. */

/* The name and the node id of the Ith child of "share" or "man", or NULL. */
const char *manpages_child(uint64_t node, size_t i, uint64_t *child);

void manpages_lookup(fuse_req_t req, fuse_ino_t node, const char *name);

/* The same in a section, one of LSLFS_SECTIONS. */
void manpages_lookup_page(fuse_req_t req, fuse_ino_t node, const char *name);

/* A worker_look: finds a listing of the section NODE. */
int manpages_list(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found);

/* The attributes of a page that readdir(3) shows: inode number and type. */
struct stat manpages_attr(uint64_t container, uint64_t section, const char *name);

/* Whether NODE is a page, and the answers of a page. */
bool manpages_is_page(uint64_t node);
void manpages_getattr(fuse_req_t req, fuse_ino_t node);
void manpages_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off);

#endif
