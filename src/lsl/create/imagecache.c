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

#include "create/store.h"
#include "create/tool.h"
#include "dirstream.h"
#include "files/hostdir.h"
#include "files/rootfile.h"
#include "files/unlisted.h"
#include "hash.h"
#include "pathnames.h"
#include "timelimit.h"

#define NEW ".new-"
#define NEW_SIZE 32
#define IMAGE ".image"

/* The largest file of lines. */
#define LINES_MAX (32L << 20)

int imagecache_open(struct failure *failure)
{
	bool is_root = geteuid() == 0;
	int fd = store_open_directory(PATH_CACHEDIR, is_root, failure);
	int status = fd >= 0 && is_root ? unlisted_make(fd) : 0;

	if (status == 0)
		return fd;
	close(fd);
	return failure_say(failure, status, "cannot use %s: %s", PATH_CACHEDIR,
			   hostdir_why(status));
}

/*
 * Archives.
 */

/* Removes the archive of HASH, and that it is an image. */
static void drop_archive(int cache, const char *sha256)
{
	char name[IMAGE_SHA256_SIZE + sizeof(IMAGE)];

	snprintf(name, sizeof(name), "%s" IMAGE, sha256);
	unlinkat(cache, name, 0);
	unlinkat(cache, sha256, 0);
}

/* Opens the archive that was kept; -ENOENT: none, or it was changed. */
static int open_kept(int cache, const char *sha256, struct failure *failure)
{
	int status, fd = openat(cache, sha256, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char found[IMAGE_SHA256_SIZE];
	struct stat st;

	if (fd < 0)
		return -ENOENT;
	status = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? 0 : -ENOENT;
	if (status == 0)
		status = tool_sha256(fd, found, failure);
	if (status == 0 && strcmp(found, sha256) != 0) {
		drop_archive(cache, sha256);
		status = -ENOENT;
	}
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

/*
 * Removes what killed processes have left: it can be locked, because no process
 * has it open.
 */
static void sweep_new(int cache)
{
	DIR *dir = dirstream_open(cache, ".");
	const struct dirent *entry;
	int fd;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, NEW, strlen(NEW)) != 0)
			continue;
		fd = openat(cache, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			unlinkat(cache, entry->d_name, 0);
		close(fd);
	}
	if (dir)
		closedir(dir);
}

/*
 * Makes a file, and sets NAME. The store is locked until the file is, so that
 * no other process sweeps it. A lock on the cache itself would not do, because
 * users can open it and so could hold its lock.
 */
static int make_new(int cache, char name[NEW_SIZE], struct failure *failure)
{
	struct store store;
	uint64_t number;
	int fd, status;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return failure_set(failure, EIO, "getrandom");
	snprintf(name, NEW_SIZE, NEW "%016llx", (unsigned long long)number);
	status = store_lock(true, &store, failure);
	if (status < 0)
		return status;
	sweep_new(cache);
	fd = openat(cache, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		status = failure_set(failure, errno, "cannot make %s/%s", PATH_CACHEDIR, name);
	store_unlock(&store);
	if (status < 0 && fd >= 0)
		close(fd);
	return status < 0 ? status : fd;
}

static int download_archive(int cache, const char *sha256, const struct download *download,
			    char found[IMAGE_SHA256_SIZE], struct failure *failure)
{
	char name[NEW_SIZE];
	int status, fd = make_new(cache, name, failure);

	if (fd < 0)
		return fd;
	status = download_file(download, fd, failure);
	if (status == 0)
		status = tool_sha256(fd, found, failure);
	if (status == 0 && strcmp(found, sha256) != 0)
		status = -EBADMSG;
	if (status == 0 && (fsync(fd) < 0 || renameat(cache, name, cache, sha256) < 0))
		status = failure_set(failure, errno, "cannot keep %s/%s", PATH_CACHEDIR, sha256);
	if (status == 0)
		return fd;
	unlinkat(cache, name, 0);
	close(fd);
	return status;
}

int imagecache_get(int cache, const char *sha256, const struct download *download,
		   char found[IMAGE_SHA256_SIZE], struct failure *failure)
{
	int fd = open_kept(cache, sha256, failure);

	return fd == -ENOENT && download ? download_archive(cache, sha256, download, found, failure)
					 : fd;
}

/*
 * Lines.
 */

/* Writes SERVER and LINES as the file NAME with MODE. */
static int save_lines(int dir, const char *name, mode_t mode, const char *server, const char *lines)
{
	struct rootfile file = {.kind = ROOTFILE_REGULAR, .st.st_mode = S_IFREG | mode};
	int len = asprintf(&file.bytes, "%s\n%s", server, lines), status;

	if (len < 0)
		return -ENOMEM;
	file.len = (size_t)len;
	status = rootfile_put(dir, name, &file);
	free(file.bytes);
	return status;
}

/*
 * Adds the lines of SERVER in the file NAME to *LINES, which may be NULL.
 * -ENOENT: it has none.
 */
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

/*
 * A server's list is the one file that users can read, and so hold
 * (unlisted.h). It is alone in its directory, because a process that replaces
 * it holds the directory's lock while it waits.
 */
#define INDEX_FILE "list"
#define INDEX_PATH_MAX 64

/* How long, in milliseconds, it may take to replace it. */
#define INDEX_MS 2000

static void name_index(char name[INDEX_PATH_MAX], const char *server, const char *file)
{
	snprintf(name, INDEX_PATH_MAX, "index-%016llx%s",
		 (unsigned long long)hash_bytes(HASH_BEGIN, server, strlen(server)), file);
}

int imagecache_read_index(int cache, const char *server, char **lines)
{
	char name[INDEX_PATH_MAX];

	name_index(name, server, "/" INDEX_FILE);
	*lines = NULL;
	return add_lines(cache, name, server, lines);
}

struct saved_index {
	int dir;
	const char *server, *lines;
};

static void save_list(void *answer, const void *arg)
{
	const struct saved_index *index = arg;
	int *status = answer;

	*status = save_lines(index->dir, INDEX_FILE, 0644, index->server, index->lines);
}

int imagecache_save_index(int cache, const char *server, const char *lines)
{
	struct saved_index index = {.server = server, .lines = lines};
	char name[INDEX_PATH_MAX];
	int saved = 0, status;

	name_index(name, server, "");
	if (mkdirat(cache, name, 0711) < 0 && errno != EEXIST)
		return -errno;
	index.dir = openat(cache, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (index.dir < 0)
		return -errno;
	status = timelimit_ask(save_list, &index, index.dir, &saved, sizeof(saved), INDEX_MS);
	close(index.dir);
	return status < 0 ? status : saved;
}

int imagecache_read_images(int cache, const char *server, char **lines)
{
	DIR *dir = dirstream_open(cache, ".");
	const struct dirent *entry;
	int status = dir ? 0 : -errno;
	const char *end;

	*lines = NULL;
	while (dir && status != -ENOMEM && (entry = readdir(dir))) {
		end = strstr(entry->d_name, IMAGE);
		if (end == entry->d_name + IMAGE_SHA256_SIZE - 1 && !end[strlen(IMAGE)])
			status = add_lines(cache, entry->d_name, server, lines);
	}
	if (dir)
		closedir(dir);
	if (*lines && status != -ENOMEM)
		return 0;
	free(*lines);
	return status < 0 ? status : -ENOENT;
}

/* Whether KEPT is of the same name and architecture as IMAGE, and older. */
static bool is_older(const struct image *kept, const struct image *image)
{
	return strcmp(kept->names[0], image->names[0]) == 0 &&
	       strcmp(kept->architecture, image->architecture) == 0 &&
	       strcmp(kept->sha256, image->sha256) != 0 &&
	       strcmp(kept->version, image->version) < 0;
}

void imagecache_keep_image(int cache, const char *server, const struct image *image)
{
	char name[IMAGE_SHA256_SIZE + sizeof(IMAGE)], *lines;
	struct imageindex index;
	size_t i;

	snprintf(name, sizeof(name), "%s" IMAGE, image->sha256);
	if (save_lines(cache, name, 0600, server, image->line) < 0 ||
	    imagecache_read_images(cache, server, &lines) < 0)
		return;
	(void)imageindex_parse(lines, strlen(lines), &index);
	for (i = 0; i < index.count; i++)
		if (is_older(&index.images[i], image))
			drop_archive(cache, index.images[i].sha256);
	imageindex_clear(&index);
}
