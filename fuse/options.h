/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of mount.lslfs, as mount(8) writes it for a mount helper.
 */
#ifndef LSL_OPTIONS_H
#define LSL_OPTIONS_H

#include <stdbool.h>

#include "failure.h"

struct options {
	const char *spec; /* only to be shown in the mount table */
	const char *dir;
	const char *ns; /* -N: a mount namespace's file or a process; or NULL */
	bool wants_help;
	bool wants_version;
	bool is_fake; /* -f: everything but the mount */
	bool is_foreground;
	bool debug; /* -o debug */
	bool seccomp;
	bool is_sloppy; /* -s: an unknown word after -o is no error */
	const char *unknown; /* one, or NULL */
};

/*
 * Returns 0, or -EINVAL with a sentence for the user. The strings point into
 * ARGV.
 */
int options_parse(int argc, char *argv[], struct options *options, struct failure *failure);

/* The text for -h; ends with a newline. */
extern const char options_help[];

#endif
