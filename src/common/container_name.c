/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "container_name.h"

static bool is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

bool container_name_valid(const char *name, size_t len)
{
	size_t i;

	if (len == 0 || len > CONTAINER_NAME_MAX || name[0] == '.' || name[0] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!is_name_char(name[i]))
			return false;
	return true;
}
