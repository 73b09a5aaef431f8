/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The directories that every container gets. */
#include "config.h"

#include "mount/mountns_build.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "inroot.h"
#include "pathnames.h"
#include "files/pathtext.h"

/* The directory with the sockets of people's sessions. */
#define PATH_RUN_USER "/run/user"

const char *const default_binds[DEFAULT_COUNT] = {"/dev", "/proc", "/sys", "/run"};

/*
 * Replaces PATH by the target of the symbolic link PATH. False: there is no
 * readable link.
 */
static bool follow_link_inside(int root, char path[PATH_MAX])
{
	int fd = inroot_open(root, path, O_PATH | O_NOFOLLOW);
	char target[PATH_MAX];
	ssize_t len = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));

	if (fd >= 0)
		close(fd);
	return len > 0 && path_follow(path, target, (size_t)len);
}

/* PATH without "." and "..", as if no directory in it were a link. */
static void normalize(char *path)
{
	char *to = path, *from = path;
	size_t len;

	while (*from) {
		from += strspn(from, "/");
		len = strcspn(from, "/");
		if (len == 2 && memcmp(from, "..", 2) == 0) {
			while (to > path && *--to != '/')
				;
		} else if (len && !(len == 1 && *from == '.')) {
			*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
	}
	*to = '\0';
}

/*
 * Sets build->resolver to the directory below /run to which the container's
 * /etc/resolv.conf leads: systemd-resolved, resolvconf and NetworkManager have
 * their files there.
 */
static void find_resolver(struct build *build)
{
	static const char run[] = "/run/", old_run[] = "/var/run/";
	char path[PATH_MAX] = "/etc/resolv.conf";
	size_t skip;
	int links = 0;

	while (strncmp(path, run, strlen(run)) != 0) {
		if (links++ == 8 || !follow_link_inside(build->root, path))
			return;
		normalize(path);
		skip = strncmp(path, old_run, strlen(old_run)) == 0 ? strlen("/var") : 0;
		memmove(path, path + skip, strlen(path + skip) + 1);
	}
	*strrchr(path, '/') = '\0';
	if (strchr(path + 1, '/'))
		strcpy(build->resolver, path);
}

static void add_default(struct build *build, const char *path, const char *own)
{
	const struct bind bind = {.source = (char *)(uintptr_t)path,
				  .target = (char *)(uintptr_t)path};

	add_to_build(build, &bind, own);
}

/*
 * The container's own /run gets people's sessions, name resolution, and lsl's
 * directory.
 */
void choose_defaults(struct build *build)
{
	unsigned int own = build->container->own;
	size_t i;

	for (i = 0; i < DEFAULT_COUNT; i++)
		if (!(own & OWN_RUN) || strcmp(default_binds[i], "/run") != 0)
			add_default(build, default_binds[i], NULL);
	if (own & OWN_SHM)
		add_default(build, "/dev/shm", "mode=1777,size=50%");
	if (own & OWN_RUN) {
		add_default(build, "/run", "mode=0755,size=20%");
		add_default(build, PATH_RUN_USER, NULL);
	}
	if (shows_commands(build))
		add_default(build, PATH_MNTDIR, NULL);
	if (own & OWN_RUN)
		find_resolver(build);
	if (*build->resolver)
		add_default(build, build->resolver, NULL);
}
