/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What containers share with the host's menus: a directory like /usr/share, for
 * XDG_DATA_DIRS, in which all files belong to an id that no process of anybody
 * else has:
 *
 *	applications/	desktop entries, and which of them open which files
 *	icons/ pixmaps/	their icons
 *	.containers/	for each container a directory with what it has:
 *			applications, icons, pixmaps, and in "clashes" the
 *			entries once more, as they are where another entry has
 *			their id
 *
 * The first three are made of hard links into the last one. So they can be made
 * anew by any process at any time, and depend on nothing else.
 */
#ifndef LSL_MENUTREE_H
#define LSL_MENUTREE_H

/* Directories of a container's part. */
#define MENUTREE_APPLICATIONS "applications"
#define MENUTREE_CLASHES "clashes"
#define MENUTREE_ICONS "icons"
#define MENUTREE_PIXMAPS "pixmaps"

/* The entries of the host, which come first in XDG_DATA_DIRS. */
extern const char *const menutree_host_entries[2];

/*
 * Makes PATH_SHAREDIR where it is missing, and gives it to the id UID. Needs
 * root and CAP_CHOWN. An fd or a negative errno; -EPERM: it, or what leads to
 * it, belongs to others.
 */
int menutree_make(unsigned int uid);

/*
 * Waits until no other process with this function's lock is there; the lock
 * lasts until this process ends. 0 or a negative errno.
 */
int menutree_lock(int tree);

/*
 * Opens the part of container NAME, and makes it where it is missing. An fd or
 * a negative errno.
 */
int menutree_open_part(int tree, const char *name);

/* Removes the part of NAME, or of all containers where it is NULL. */
void menutree_remove_part(int tree, const char *name);

/*
 * Brings the directories that everybody sees up to date. 0 or a negative errno.
 */
int menutree_publish(int tree);

#endif
