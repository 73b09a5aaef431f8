/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command is what the user types: a container and a program in it. One
 * definition for the names in the command directory and for argv[0]:
 *
 *	debian:ls		a name in the command directory
 *	/any/where/debian:ls	a path to it, or to a copy of the link
 *	LINKSDIR/debian/ls	its bare name in the container's directory
 *
 * The container ends at the first colon, so debian:a:b is program a:b.
 */
#ifndef LSL_COMMAND_H
#define LSL_COMMAND_H

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "container_name.h"

struct command {
	char container[CONTAINER_NAME_MAX + 1];
	char program[NAME_MAX + 1];
};

/* The last component of PATH. */
static inline const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * Whether NAME can be a program: 1 to NAME_MAX bytes, no '/', not "." or "..".
 */
bool command_program_valid(const char *name);

/*
 * Splits "container:program". False, with *COMMAND undefined, for any other
 * text.
 */
bool command_split(const char *name, struct command *command);

/*
 * The command that PATH names if it is spelled LINKSDIR/debian:ls or
 * LINKSDIR/debian/ls.
 */
bool command_from_cmddir(const char *path, struct command *command);

/*
 * The command that PATH names by its spelling alone, in one of the forms above;
 * this looks at no file. False, with *COMMAND undefined, if PATH names no
 * command.
 */
bool command_from_path(const char *path, struct command *command);

#endif
