/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The menu entries of containers: a directory like /usr/share, for
 * XDG_DATA_DIRS. All files in it belong to an id that no process of a user has:
 *
 *	applications/	desktop entries, and the types that each one opens
 *	icons/ pixmaps/	their icons
 *	.containers/	for each container a directory with its files:
 *			applications, icons, pixmaps, and in "clashes" the
 *			entries once more, as they are where another entry has
 *			their id
 *
 * The first three have hard links to files in the last one, so any process can
 * make them again at any time.
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
 * Makes PATH_SHAREDIR if it is missing, owned by UID. Needs root and CAP_CHOWN.
 * Returns an fd or a negative errno; -EPERM: it, or a directory that leads to
 * it, belongs to others.
 */
int menutree_make(unsigned int uid);

/*
 * Takes a lock, which lasts until this process ends; waits for another process
 * that has it. Returns 0 or a negative errno.
 */
int menutree_lock(int tree);

/*
 * Opens the part of container NAME, and makes it if it is missing. Returns an
 * fd or a negative errno.
 */
int menutree_open_part(int tree, const char *name);

/* Removes the part of NAME; NULL: of all containers. */
void menutree_remove_part(int tree, const char *name);

/* Updates the directories that everybody sees. 0 or a negative errno. */
int menutree_publish(int tree);

#endif
