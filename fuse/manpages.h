/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manual pages of containers, where man(1) looks for them by itself: it
 * takes DIR/share/man for each DIR of PATH.
 *
 *	share/man/man1/debian:gcc.1.gz
 *
 * These are the pages in the directories that belong to the containers' bins
 * (/usr/share/man to /usr/bin), and in /usr/local/share/man and /usr/share/man,
 * byte for byte but for ".so": a page that stands for another one names it as
 * it is called here, so that nothing leads out of the container.
 *
 * Nothing is kept of a page. Its node id says which container, which section,
 * and by a hash which name; so it means the same to a later server.
 *
 * "share" is not listed in the root: those who walk the command directory have
 * no use for it.
 */
#ifndef LSL_MANPAGES_H
#define LSL_MANPAGES_H

#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <stdint.h>

struct request;

/* The name of LSLFS_SHARE in the root; no container is called so. */
#define MANPAGES_SHARE "share"

/* Answers of "share" and "man"; for listings see reading_root, lslfs.h. */
void manpages_lookup(fuse_req_t req, fuse_ino_t node, const char *name);
void manpages_list(struct request *request, int status);

/* Answers of a section, one of LSLFS_SECTIONS. */
void manpages_lookup_page(fuse_req_t req, fuse_ino_t node, const char *name);
void manpages_list_section(struct request *request, int status);

/* Whether NODE is a page's, and the answers of that. */
bool manpages_is_page(uint64_t node);
void manpages_getattr(fuse_req_t req, fuse_ino_t node);
void manpages_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off);

/*
 * Gives up listings that nobody has read for a while; as listings_tend,
 * listing.h.
 */
int manpages_tend(void);

#endif
