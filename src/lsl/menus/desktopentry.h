/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rewrites a desktop entry (Desktop Entry Specification) of a program in a
 * container for the host's menus: it executes a command, and keys that have a
 * meaning only in the container are left out. The text comes from the
 * container, so an entry with unusual text is refused.
 */
#ifndef LSL_DESKTOPENTRY_H
#define LSL_DESKTOPENTRY_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * The container that an entry comes from. Each function returns 0 or a negative
 * errno.
 */
struct desktopentry_source {
	const char *container;
	/*
	 * Sets NAME to the program of the first word of an Exec or TryExec, if
	 * it is a command.
	 */
	int (*program)(const char *word, char name[NAME_MAX + 1], void *arg);
	/*
	 * Sets NAME to the name by which the host finds the icon at PATH, which
	 * is absolute.
	 */
	int (*icon)(const char *path, char name[NAME_MAX + 1], void *arg);
	/*
	 * The same for an icon without a path, called NAME, which has no '/'.
	 */
	int (*named_icon)(const char *name, void *arg);
	void *arg;
};

/*
 * Whether NAME has only letters, digits and ". _ + @ -", and does not begin
 * with '.' or '-'.
 */
bool desktopentry_name_is_plain(const char *name);

/*
 * Writes the rewritten entry to FILE. TEXT has LEN bytes and is changed in
 * place. CLASH is NULL, or the entry's id if another entry already has that id:
 * then the displayed name has the container's name, and windows are found by
 * the id.
 *
 * Returns 0, or -EINVAL if the entry is not an application, is hidden, or must
 * not appear; then discard the output.
 */
int desktopentry_rewrite(char *text, size_t len, const struct desktopentry_source *source,
			 const char *clash, FILE *file);

#endif
