/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command directory inside a container, so that commands of other
 * containers and of the host can be called there. In the mount tree of a
 * container there are three things for it:
 *
 *	LINKSDIR	the host's directory below the command directory, a
 *			slave of the mount it lies on, and on top of it the file
 *			system that is mounted there now. So the command
 *			directory appears and disappears with the host's, and a
 *			daemon that ends leaves none behind.
 *	MNTDIR/:lslExecutor	lslExecutor, mounted over the link that commands
 *			lead to, which leads nowhere in a container
 *	MNTDIR/:here	a file with the container's name, mounted over another
 *			such link
 */
#ifndef LSL_CMDSHOW_H
#define LSL_CMDSHOW_H

#include <stdbool.h>

struct cmdshow {
	int executor; /* detached clones, or -1 */
	int commands;
	int under;
};

#define CMDSHOW_NONE ((struct cmdshow){-1, -1, -1})

/*
 * Makes the links in the directory MNTDIR: one leads to the installed
 * lslExecutor, the other nowhere. Returns 0 or a negative errno.
 */
int cmdshow_make_links(int rundir);

/* Removes them; returns 0 also if there was none. */
int cmdshow_remove_links(int rundir);

/*
 * Clones lslExecutor and the command directory, in the host's namespace or a
 * fresh copy of it, if they exist. One that cannot be cloned is left out.
 */
void cmdshow_clone(struct cmdshow *show, bool with_commands);

/*
 * Clones the directory below the command directory, in a slave copy of the
 * host's namespace in which nothing is mounted on it.
 */
void cmdshow_clone_under(struct cmdshow *show);

/*
 * Mounts the command directory below ROOT, a container's root directory.
 * Returns 0, or a negative errno if there is no mount point for it.
 */
int cmdshow_attach_commands(struct cmdshow *show, int root);

/*
 * Mounts lslExecutor, unless the same file is already mounted; unmounts an
 * earlier version. The process's root is the container's. Returns 0 or a
 * negative errno.
 */
int cmdshow_attach_executor(struct cmdshow *show);

/*
 * Makes a file with the content NAME in DIR, a directory of a file system that
 * is mounted in this namespace, and mounts it. Returns 0 or a negative errno.
 */
int cmdshow_attach_here(int dir, const char *name);

void cmdshow_close(struct cmdshow *show);

#endif
