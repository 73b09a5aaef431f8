/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rootfs/exposure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "dirstream.h"
#include "files/emptygroup.h"
#include "inroot.h"
#include "files/inroot_file.h"
#include "files/location.h"
#include "files/safepath_find.h"

/*
 * Below it uids are people's, from it on ranges for user namespaces begin,
 * subuid(5).
 */
#define SHIFTED_UID_MIN 65536

/* For how many accounts, besides root, with uid 0 shadow is read. */
#define OTHER_ROOTS_MAX 16

struct exposure {
	const struct container *container;
	const struct diag_place *place;
	struct diags *diags;
	struct account_roots roots; /* the host's, then the container's */
};

static enum severity severity_of(const struct exposure *exposure, unsigned int allowance)
{
	return (exposure->container->allowed & allowance) ? SEVERITY_OK : SEVERITY_ERROR;
}

/*
 * The end of a finding's text: the line that allows it, or a note that the line
 * is there.
 */
struct tail {
	char text[256];
};

static struct tail tail_of(const struct exposure *exposure, unsigned int allowance)
{
	unsigned int allowed = exposure->container->allowed;
	struct tail tail = {"; allow= permits it"};
	struct conf_allow_line line;

	if (allowed & allowance)
		return tail;
	line = conf_allow_line(allowed | allowance);
	snprintf(tail.text, sizeof(tail.text), "; lsl start refuses this without the line %s",
		 line.text);
	return tail;
}

/*
 * Users other than root can change PLACE, a path of the host. The remedy never
 * takes a directory from its owner: it gives to root only files of the root
 * filesystem. Everybody needs to write into a directory such as /tmp.
 */
static void report_shared(const struct exposure *exposure, const char *place, bool is_inside)
{
	const struct container *container = exposure->container;
	struct tail tail = tail_of(exposure, ALLOW_SHARED_ROOTFS);
	struct stat st = {0};

	diag_add(
		exposure->diags, severity_of(exposure, ALLOW_SHARED_ROOTFS), exposure->place,
		"root filesystem %s: users other than root can change %s, and so become root in the container and on the host%s",
		container->path, place, tail.text);
	if (container->allowed & ALLOW_SHARED_ROOTFS)
		return;
	if (is_inside)
		diag_command(exposure->diags, "sudo chown root:root %s; sudo chmod go-w %s", place,
			     place);
	else if (lstat(place, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == 0 &&
		 !(st.st_mode & S_ISVTX))
		diag_command(exposure->diags, "sudo chmod go-w %s", place);
	else
		diag_line(
			exposure->diags,
			"move the root filesystem to a directory that only root can change, and use its new path");
}

static void report_shifted(const struct exposure *exposure, uid_t uid)
{
	struct tail tail = tail_of(exposure, ALLOW_SHARED_ROOTFS);

	diag_add(
		exposure->diags, severity_of(exposure, ALLOW_SHARED_ROOTFS), exposure->place,
		"root filesystem %s: its files belong to uid %lu instead of root, as in a tree for a user namespace, and its setuid programs would run as that uid%s",
		exposure->container->path, (unsigned long)uid, tail.text);
	if (!(exposure->container->allowed & ALLOW_SHARED_ROOTFS))
		diag_line(exposure->diags,
			  "unpack it again, as root and with the owners in its archive");
}

/*
 * Whether the first directories of a root filesystem all belong to one uid of a
 * user namespace.
 */
static bool is_shifted(int root, uid_t *uid)
{
	static const char *const paths[] = {"/", "/etc", "/usr"};
	struct stat st;
	size_t i;

	*uid = 0;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (inroot_stat(root, paths[i], &st) < 0)
			continue;
		if (*uid && st.st_uid != *uid)
			return false;
		*uid = st.st_uid;
		if (*uid < SHIFTED_UID_MIN)
			return false;
	}
	return true;
}

/*
 * Whether others can change a directory that leads to PATH in the container.
 * Reports it once.
 */
static bool is_shared_inside(struct exposure *exposure, const char *path)
{
	struct unsafe_place unsafe;
	char *place;

	if (safepath_find_unsafe(exposure->roots.list[1], path, &exposure->roots, &unsafe) !=
	    SAFEPATH_UNSAFE)
		return false;
	if (asprintf(&place, "%s%s", exposure->container->path,
		     strcmp(unsafe.place, "/") == 0 ? "" : unsafe.place) < 0) {
		exposure->diags->has_failed = true;
		return true;
	}
	report_shared(exposure, place, true);
	free(place);
	return true;
}

/* All directories whose names begin with lib. */
static bool has_shared_lib(struct exposure *exposure)
{
	DIR *dir = dirstream_open(exposure->roots.list[1], ".");
	const struct dirent *entry;
	char path[NAME_MAX + 2];
	bool is_shared = false;

	if (!dir)
		return false;
	while (!is_shared && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "lib", strlen("lib")) != 0)
			continue;
		snprintf(path, sizeof(path), "/%s", entry->d_name);
		is_shared = is_shared_inside(exposure, path);
	}
	closedir(dir);
	return is_shared;
}

/*
 * Directories of bins that are in the root filesystem, not in an element of
 * mnt.
 */
static bool has_shared_bin(struct exposure *exposure)
{
	const struct container *container = exposure->container;
	static struct location location;
	size_t i;

	for (i = 0; i < container->bin_count; i++)
		if (location_find(container, container->bins[i], &location) &&
		    location.root == container->path &&
		    is_shared_inside(exposure, container->bins[i]))
			return true;
	return false;
}

/* Without programs it may be somebody's home, or /tmp. */
static bool has_programs(int root)
{
	struct stat st;

	return inroot_stat(root, "/bin", &st) == 0 || inroot_stat(root, "/usr/bin", &st) == 0;
}

static void find_shared_rootfs(struct exposure *exposure)
{
	const char *path = exposure->container->path;
	struct account_roots host = {.list = {exposure->roots.list[0]}, .count = 1};
	struct unsafe_place unsafe;
	uid_t uid;

	if (is_shifted(exposure->roots.list[1], &uid)) {
		report_shifted(exposure, uid);
		return;
	}
	if (safepath_find_unsafe(host.list[0], path, &host, &unsafe) == SAFEPATH_UNSAFE) {
		report_shared(exposure, unsafe.place,
			      strcmp(unsafe.place, path) == 0 &&
				      has_programs(exposure->roots.list[1]));
		return;
	}
	if (!is_shared_inside(exposure, "/") && !is_shared_inside(exposure, "/etc") &&
	    !has_shared_lib(exposure) && !is_shared_inside(exposure, "/usr"))
		has_shared_bin(exposure);
}

/*
 * Passwords.
 */

/*
 * Whether the program NAME in DIR is root's and setuid. PATH says where it is.
 */
static bool is_setuid(int root, const char *dir, const char *name, char path[PATH_MAX])
{
	struct stat st;

	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		return false;
	return inroot_stat(root, path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == 0 &&
	       (st.st_mode & S_ISUID);
}

/*
 * Finds a program by which every user can become another user with a known
 * password.
 */
static bool find_su(const struct exposure *exposure, char path[PATH_MAX])
{
	static const char *const names[] = {"su", "sudo"};
	static const char *const dirs[] = {"/bin",      "/usr/bin",       "/sbin",
					   "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"};
	const struct container *container = exposure->container;
	int root = exposure->roots.list[1];
	size_t i, j;

	for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
		for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
			if (is_setuid(root, dirs[i], names[j], path))
				return true;
		for (i = 0; i < container->bin_count; i++)
			if (is_setuid(root, container->bins[i], names[j], path))
				return true;
	}
	return false;
}

enum password {
	PASSWORD_MISSING, /* there is no such account */
	PASSWORD_EMPTY,
	PASSWORD_ELSEWHERE, /* "x": in shadow */
	PASSWORD_SET, /* or locked */
};

/* FIELD is the second one of a line, to its end. */
static enum password password_in(const char *field)
{
	if (*field == ':' || *field == '\n' || *field == '\0')
		return PASSWORD_EMPTY;
	return strncmp(field, "x:", 2) == 0 ? PASSWORD_ELSEWHERE : PASSWORD_SET;
}

/*
 * The password of NAME in PATH, of passwd(5) or shadow(5). An enum password, or
 * a negative errno.
 */
static int password_of(const char *name, int root, const char *path)
{
	FILE *file = inroot_open_text(root, path);
	size_t size = 0, len = strlen(name);
	int found = PASSWORD_MISSING;
	char *line = NULL;

	if (!file)
		return -errno;
	while (found == PASSWORD_MISSING && getline(&line, &size, file) >= 0)
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			found = (int)password_in(line + len + 1);
	free(line);
	fclose(file);
	return found;
}

static void report_password(const struct exposure *exposure, const char *name, const char *file,
			    const char *su)
{
	const struct container *container = exposure->container;
	struct tail tail = tail_of(exposure, ALLOW_EMPTY_ROOT_PASSWORD);
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", container->path, file);
	diag_add(
		exposure->diags, severity_of(exposure, ALLOW_EMPTY_ROOT_PASSWORD), exposure->place,
		"%s has no password in %s, and %s is setuid: everybody can become root in the container and on the host%s",
		name, path, su, tail.text);
	if (container->allowed & ALLOW_EMPTY_ROOT_PASSWORD)
		return;
	if (strcmp(name, "root") != 0)
		diag_line(exposure->diags, "its uid is 0: lock its password there, or remove it");
	else
		diag_command(exposure->diags, "sudo sed -i 's/^root::/root:!:/' %s", path);
}

/*
 * Whether the account NAME, of uid 0, has no password, and that is reported.
 * FOUND is what passwd has.
 */
static bool is_open(const struct exposure *exposure, const char *name, int found, const char *su)
{
	int root = exposure->roots.list[1];
	const char *file = "/etc/passwd";

	if (found == PASSWORD_ELSEWHERE) {
		file = "/etc/shadow";
		found = password_of(name, root, file);
	}
	if (found == PASSWORD_EMPTY)
		report_password(exposure, name, file, su);
	else if (found == -EACCES || found == -EPERM)
		diag_add(exposure->diags, SEVERITY_UNKNOWN, exposure->place,
			 "only root can see whether %s has a password in %s%s (sudo lsl check)",
			 name, exposure->container->path, file);
	return found == PASSWORD_EMPTY;
}

/*
 * The name of the account of LINE, of passwd(5), cut off there; NULL if its uid
 * is not 0.
 */
static const char *name_of_uid_0(char *line)
{
	char *password = strchr(line, ':');
	char *uid = password ? strchr(password + 1, ':') : NULL;
	char *end;

	if (!uid || strtoul(uid + 1, &end, 10) != 0 || end == uid + 1 || *end != ':')
		return NULL;
	*password = '\0';
	return line;
}

/* Reading shadow for each would take for ever. */
static void report_many_roots(const struct exposure *exposure)
{
	struct tail tail = tail_of(exposure, ALLOW_EMPTY_ROOT_PASSWORD);

	diag_add(
		exposure->diags, severity_of(exposure, ALLOW_EMPTY_ROOT_PASSWORD), exposure->place,
		"more than %d accounts in %s/etc/passwd have uid 0, and whether each has a password is not looked up%s",
		OTHER_ROOTS_MAX, exposure->container->path, tail.text);
	diag_line(exposure->diags, "remove those that nobody needs");
}

/* Accounts of uid 0 with other names, such as toor. */
static void find_other_roots(const struct exposure *exposure, const char *su)
{
	FILE *file = inroot_open_text(exposure->roots.list[1], "/etc/passwd");
	char *line = NULL;
	int password, elsewhere = 0;
	const char *name;
	bool found = false;
	size_t size = 0;

	if (!file)
		return;
	while (!found && elsewhere <= OTHER_ROOTS_MAX && getline(&line, &size, file) >= 0) {
		name = name_of_uid_0(line);
		if (!name || strcmp(name, "root") == 0)
			continue;
		password = (int)password_in(name + strlen(name) + 1);
		elsewhere += password == PASSWORD_ELSEWHERE;
		if (elsewhere > OTHER_ROOTS_MAX)
			report_many_roots(exposure);
		else
			found = is_open(exposure, name, password, su);
	}
	free(line);
	fclose(file);
}

static void find_password(const struct exposure *exposure)
{
	int root = exposure->roots.list[1];
	char su[PATH_MAX];

	if (find_su(exposure, su) &&
	    !is_open(exposure, "root", password_of("root", root, "/etc/passwd"), su))
		find_other_roots(exposure, su);
}

void exposure_find(const struct container *container, const struct diag_place *place,
		   struct diags *diags)
{
	struct exposure exposure = {container, place, diags, {.count = 2}};
	int *roots = exposure.roots.list;

	roots[0] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	roots[1] = open(container->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (roots[0] >= 0 && roots[1] >= 0) {
		find_shared_rootfs(&exposure);
		find_password(&exposure);
	}
	if (roots[0] >= 0)
		close(roots[0]);
	if (roots[1] >= 0)
		close(roots[1]);
}
