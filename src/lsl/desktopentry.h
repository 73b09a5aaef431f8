/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desktop entry, as the Desktop Entry Specification has it, of a program in a
 * container, rewritten for the host's menus: what it executes becomes a
 * command, and what means nothing outside the container is left out. The text
 * is the container's, so whatever is not plain makes the entry unusable.
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
	 * NAME becomes the program that the first word of an Exec or a TryExec
	 * means, if it is a command.
	 */
	int (*program)(const char *word, char name[NAME_MAX + 1], void *arg);
	/*
	 * NAME becomes the name by which the host finds the icon at PATH, which
	 * is absolute.
	 */
	int (*icon)(const char *path, char name[NAME_MAX + 1], void *arg);
	/* An icon without a path is called NAME, which has no '/'. */
	int (*named_icon)(const char *name, void *arg);
	void *arg;
};

/*
 * Whether NAME is letters, digits and ". _ + @ -", and begins with none of ".
 * -".
 */
bool desktopentry_name_is_plain(const char *name);

/*
 * Writes to FILE what becomes of the entry TEXT, which is LEN bytes and is
 * taken apart in place. CLASH is NULL or the entry's id where another entry has
 * that id already: then the name says which container it is from, and windows
 * are found by the id.
 *
 * 0, or -EINVAL where the entry is no application's, is hidden, or is not to
 * appear: what was written is to be thrown away.
 */
int desktopentry_rewrite(char *text, size_t len, const struct desktopentry_source *source,
			 const char *clash, FILE *file);

#endif
