/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/imagecache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dirstream.h"
#include "hash.h"
#include "pathnames.h"
#include "files/rootfile.h"
#include "safepath.h"
#include "create/store.h"
#include "create/tool.h"
#include "files/unlisted.h"

#define NEW ".new-"
#define IMAGE ".image"
#define SHA256_DIGITS 64

/* The largest file of lines. */
#define LINES_MAX (32L << 20)

int imagecache_open(struct failure *failure)
{
	bool is_root = geteuid() == 0;
	int fd, status = is_root ? store_make_directories(PATH_CACHEDIR) : 0;

	if (status < 0)
		return failure_set(failure, status, "cannot make %s", PATH_CACHEDIR);
	fd = safepath_open_dir(PATH_CACHEDIR);
	status = fd >= 0 && is_root ? unlisted_make(fd) : 0;
	if (status < 0) {
		close(fd);
		fd = status;
	}
	if (fd == -EPERM || fd == -ELOOP)
		return failure_say(
			failure, fd,
			"%s, or a directory that leads to it, is writable by users other than root",
			PATH_CACHEDIR);
	return fd < 0 ? failure_set(failure, fd, "cannot open %s", PATH_CACHEDIR) : fd;
}

int imagecache_find(int cache, const char *sha256)
{
	int fd = openat(cache, sha256, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -ENOENT;
}

/* Calls VISIT with each name in the directory, until one does not return 0. */
static int visit_names(int cache, int (*visit)(int cache, const char *name, void *arg), void *arg)
{
	DIR *dir = dirstream_open(cache, ".");
	const struct dirent *entry;
	int status = 0;

	if (!dir)
		return -errno;
	while (status == 0 && (entry = readdir(dir)))
		status = visit(cache, entry->d_name, arg);
	closedir(dir);
	return status;
}

static void remove_any(int cache, const char *name)
{
	struct failure failure;

	if (unlinkat(cache, name, 0) < 0 && errno != ENOENT)
		(void)tool_remove(cache, name, &failure);
}

/* It can be locked if no process has it open. */
static int sweep(int cache, const char *name, void *arg)
{
	int fd;

	(void)arg;
	if (strncmp(name, NEW, sizeof(NEW) - 1) != 0)
		return 0;
	fd = openat(cache, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		remove_any(cache, name);
	close(fd);
	return 0;
}

static int open_new(int cache, const char *name, bool is_directory)
{
	if (!is_directory)
		return openat(cache, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			      0600);
	if (mkdirat(cache, name, 0700) < 0)
		return -1;
	return openat(cache, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * The store is locked until the new file is, so that no other process sweeps
 * it. A lock on the cache itself would not do, because users can open it and so
 * could hold its lock.
 */
static int make_new(int cache, struct imagecache_new *new, bool is_directory,
		    struct failure *failure)
{
	struct store store;
	uint64_t number;
	int status;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return failure_set(failure, EIO, "getrandom");
	snprintf(new->name, sizeof(new->name), "%s%016llx", NEW, (unsigned long long)number);
	status = store_lock(true, &store, failure);
	if (status < 0)
		return status;
	(void)visit_names(cache, sweep, NULL);
	new->fd = open_new(cache, new->name, is_directory);
	if (new->fd < 0 || flock(new->fd, LOCK_EX | LOCK_NB) < 0)
		status = failure_set(failure, errno, "cannot make %s/%s", PATH_CACHEDIR, new->name);
	store_unlock(&store);
	return status;
}

int imagecache_new_file(int cache, struct imagecache_new *new, struct failure *failure)
{
	return make_new(cache, new, false, failure);
}

int imagecache_new_directory(int cache, struct imagecache_new *new, struct failure *failure)
{
	return make_new(cache, new, true, failure);
}

int imagecache_keep(int cache, const struct imagecache_new *new, const char *sha256,
		    struct failure *failure)
{
	if (fsync(new->fd) == 0 && renameat(cache, new->name, cache, sha256) == 0)
		return 0;
	return failure_set(failure, errno, "cannot keep %s/%s", PATH_CACHEDIR, sha256);
}

void imagecache_remove(int cache, struct imagecache_new *new)
{
	remove_any(cache, new->name);
	close(new->fd);
	new->fd = -1;
}

static void line_name(char name[SHA256_DIGITS + sizeof(IMAGE)], const char *sha256)
{
	snprintf(name, SHA256_DIGITS + sizeof(IMAGE), "%.64s%s", sha256, IMAGE);
}

void imagecache_drop(int cache, const char *sha256)
{
	char name[SHA256_DIGITS + sizeof(IMAGE)];

	line_name(name, sha256);
	unlinkat(cache, name, 0);
	unlinkat(cache, sha256, 0);
}

/*
 * Lines.
 */

/* Writes SERVER and LINES as the file NAME, which users may read. */
static int save(int cache, const char *name, const char *server, const char *lines)
{
	struct rootfile file = {.kind = ROOTFILE_REGULAR, .st.st_mode = S_IFREG | 0644};
	int len = asprintf(&file.bytes, "%s\n%s", server, lines), status;

	if (len < 0)
		return -ENOMEM;
	file.len = (size_t)len;
	status = rootfile_put(cache, name, &file);
	free(file.bytes);
	return status;
}

/* Adds the lines of SERVER in the file NAME to *LINES, which may be NULL. */
static int add_lines(int cache, const char *name, const char *server, char **lines)
{
	struct rootfile file = {.bytes = NULL};
	int status = rootfile_read(cache, name, LINES_MAX, &file);
	size_t len = strlen(server);
	char *longer;

	if (status == 0 && (file.kind != ROOTFILE_REGULAR ||
			    strncmp(file.bytes, server, len) != 0 || file.bytes[len] != '\n'))
		status = -ENOENT;
	if (status == 0 &&
	    asprintf(&longer, "%s%s", *lines ? *lines : "", file.bytes + len + 1) < 0)
		status = -ENOMEM;
	if (status == 0) {
		free(*lines);
		*lines = longer;
	}
	rootfile_clear(&file);
	return status;
}

static void index_name(char name[32], const char *server)
{
	snprintf(name, 32, "index-%016llx",
		 (unsigned long long)hash_bytes(HASH_BEGIN, server, strlen(server)));
}

int imagecache_read_index(int cache, const char *server, char **lines)
{
	char name[32];

	index_name(name, server);
	*lines = NULL;
	return add_lines(cache, name, server, lines);
}

int imagecache_save_index(int cache, const char *server, const char *lines)
{
	char name[32];

	index_name(name, server);
	return save(cache, name, server, lines);
}

/* A search for images, and its result. */
struct reading {
	const char *server;
	char *lines;
	const struct image *image;
};

static bool is_of_image(const char *name)
{
	return strspn(name, "0123456789abcdef") == SHA256_DIGITS &&
	       strcmp(name + SHA256_DIGITS, IMAGE) == 0;
}

static int read_image(int cache, const char *name, void *arg)
{
	struct reading *reading = arg;
	int status = is_of_image(name) ? add_lines(cache, name, reading->server, &reading->lines)
				       : 0;

	return status == -ENOMEM ? status : 0;
}

int imagecache_read_images(int cache, const char *server, char **lines)
{
	struct reading reading = {.server = server};
	int status = visit_names(cache, read_image, &reading);

	if (status == 0 && !reading.lines)
		status = -ENOENT;
	if (status < 0) {
		free(reading.lines);
		return status;
	}
	*lines = reading.lines;
	return 0;
}

static bool is_older(const struct image *kept, const struct image *image)
{
	return strcmp(kept->names[0], image->names[0]) == 0 &&
	       strcmp(kept->architecture, image->architecture) == 0 &&
	       strcmp(kept->sha256, image->sha256) != 0 &&
	       strcmp(kept->version, image->version) < 0;
}

static int drop_older(int cache, const char *name, void *arg)
{
	struct reading *reading = arg;
	struct imageindex index;
	char *lines = NULL;

	if (!is_of_image(name) || add_lines(cache, name, reading->server, &lines) < 0 || !lines)
		return 0;
	if (imageindex_parse(lines, strlen(lines), &index) == 0 && index.count == 1 &&
	    is_older(&index.images[0], reading->image))
		imagecache_drop(cache, index.images[0].sha256);
	imageindex_clear(&index);
	return 0;
}

int imagecache_keep_image(int cache, const char *server, const struct image *image)
{
	struct reading reading = {.server = server, .image = image};
	char name[SHA256_DIGITS + sizeof(IMAGE)];
	char *line = image_line(image);
	int status;

	if (!line)
		return -ENOMEM;
	line_name(name, image->sha256);
	status = save(cache, name, server, line);
	free(line);
	return status < 0 ? status : visit_names(cache, drop_older, &reading);
}
