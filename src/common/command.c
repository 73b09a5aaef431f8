/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "command.h"

#include <string.h>

#include "pathnames.h"

bool command_program_valid(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX && !memchr(name, '/', len) && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static bool command_set(struct command *command, const char *container, size_t len,
			const char *program)
{
	if (!container_name_valid(container, len) || !command_program_valid(program))
		return false;
	memcpy(command->container, container, len);
	command->container[len] = '\0';
	memcpy(command->program, program, strlen(program) + 1);
	return true;
}

bool command_split(const char *name, struct command *command)
{
	const char *colon = strchr(name, ':');

	return colon && command_set(command, name, (size_t)(colon - name), colon + 1);
}

bool command_from_cmddir(const char *path, struct command *command)
{
	static const char linksdir[] = PATH_LINKSDIR "/";
	const char *name = path + sizeof(linksdir) - 1, *slash;

	if (strncmp(path, linksdir, sizeof(linksdir) - 1) != 0)
		return false;
	slash = strchr(name, '/');
	return slash ? command_set(command, name, (size_t)(slash - name), slash + 1)
		     : command_split(name, command);
}

bool command_from_path(const char *path, struct command *command)
{
	return command_from_cmddir(path, command) || command_split(path_base(path), command);
}
