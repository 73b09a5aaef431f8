/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/packages.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirstream.h"
#include "inroot.h"
#include "files/inroot_file.h"

#define PACMAN_LOCAL "/var/lib/pacman/local"

/* The limit of a database of many files; more is not read. */
#define DATABASE_SIZE_MAX (1024L * 1024 * 1024)

/* Subtracts the size of FD from the number of bytes that may still be read. */
static bool may_read(int fd, off_t *left)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	*left -= st.st_size;
	return *left >= 0;
}

/*
 * Whether a line of FILE, below ROOT, begins with LINE. Subtracts the size of
 * FILE from LEFT.
 */
static bool has_line(int root, const char *file, const char *line, off_t *left)
{
	size_t room = 0, len = strlen(line);
	char *text = NULL;
	bool may, found = false;
	FILE *stream = inroot_open_text(root, file);

	if (!stream)
		return false;
	may = may_read(fileno(stream), left);
	while (may && !found && getline(&text, &room, stream) >= 0)
		found = strncmp(text, line, len) == 0;
	free(text);
	fclose(stream);
	return found;
}

/* deb: " /etc/sudoers HASH" among a package's Conffiles. */
static bool dpkg_owns(int root, const char *path)
{
	char line[PATH_MAX + 4];
	off_t left = DATABASE_SIZE_MAX;

	snprintf(line, sizeof(line), " %s ", path);
	return has_line(root, "/var/lib/dpkg/status", line, &left);
}

/* pacman: "etc/sudoers<tab>HASH" among a package's backup files. */
static bool pacman_owns(int root, const char *path)
{
	char file[PATH_MAX + sizeof(PACMAN_LOCAL)], line[PATH_MAX + 4];
	int fd = inroot_open(root, PACMAN_LOCAL, O_RDONLY | O_DIRECTORY);
	DIR *dir = dirstream_of(fd);
	off_t left = DATABASE_SIZE_MAX;
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	snprintf(line, sizeof(line), "%s\t", path + 1);
	while (!found && left >= 0 && (entry = readdir(dir))) {
		snprintf(file, sizeof(file), PACMAN_LOCAL "/%s/files", entry->d_name);
		found = entry->d_name[0] != '.' && has_line(root, file, line, &left);
	}
	closedir(dir);
	return found;
}

/* apk: "R:sudoers" after "F:etc", the file's directory. */
static bool apk_owns(int root, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char directory[PATH_MAX + 4], file[NAME_MAX + 4], line[PATH_MAX];
	bool is_there = false, found = false;
	FILE *stream = inroot_open_text(root, "/lib/apk/db/installed");

	if (!stream)
		return false;
	snprintf(directory, sizeof(directory), "F:%.*s\n", (int)(name - path - 2), path + 1);
	snprintf(file, sizeof(file), "R:%s\n", name);
	while (!found && fgets(line, sizeof(line), stream)) {
		if (strncmp(line, "F:", 2) == 0)
			is_there = strcmp(line, directory) == 0;
		found = is_there && strcmp(line, file) == 0;
	}
	fclose(stream);
	return found;
}

bool packages_own(int root, const char *path)
{
	return dpkg_owns(root, path) || pacman_owns(root, path) || apk_owns(root, path);
}
