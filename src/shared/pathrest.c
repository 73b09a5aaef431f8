/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pathrest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pathnames.h"

int pathrest_begin(struct pathrest *rest, const char *path)
{
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(rest->text, path);
	rest->links = 0;
	return 0;
}

bool pathrest_is_end(const struct pathrest *rest)
{
	return rest->text[strspn(rest->text, "/")] == '\0';
}

int pathrest_take(struct pathrest *rest, char name[NAME_MAX + 1])
{
	size_t start = strspn(rest->text, "/");
	size_t len = strcspn(rest->text + start, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, rest->text + start, len);
	name[len] = '\0';
	start += len;
	memmove(rest->text, rest->text + start, strlen(rest->text + start) + 1);
	return 0;
}

int pathrest_follow(struct pathrest *rest, int dir, const char *name)
{
	char target[PATH_MAX];
	size_t rest_len = strlen(rest->text);
	ssize_t len = readlinkat(dir, name, target, sizeof(target));

	if (len < 0)
		return -errno;
	if (++rest->links > LINKS_MAX)
		return -ELOOP;
	if ((size_t)len + rest_len >= sizeof(rest->text))
		return -ENAMETOOLONG;
	memmove(rest->text + len, rest->text, rest_len + 1);
	memcpy(rest->text, target, (size_t)len);
	return len && target[0] == '/' ? PATHREST_ABSOLUTE : PATHREST_RELATIVE;
}
