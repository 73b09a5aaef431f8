/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "dirstream.h"
#include "pathnames.h"
#include "files/rootfile.h"
#include "safepath.h"
#include "create/section.h"
#include "files/unlisted.h"

#define LOCK_NAME ".lock"
#define RECORD_SUFFIX ":created"
#define WORK_SUFFIX ".XXXXXX"

/* No record is larger: it has two paths. */
#define RECORD_MAX (2 * PATH_MAX + 256)

/* The name of NAME's record, for a complete or an incomplete container. */
struct record_name {
	char text[CONTAINER_NAME_MAX + sizeof("." RECORD_SUFFIX)];
};

static struct record_name record_name(const char *name, bool is_complete)
{
	struct record_name result;

	snprintf(result.text, sizeof(result.text), "%s%.*s" RECORD_SUFFIX, is_complete ? "" : ".",
		 CONTAINER_NAME_MAX, name);
	return result;
}

/*
 * The directory and its lock.
 */

int store_make_directories(const char *path)
{
	char part[PATH_MAX];
	const char *slash = path;
	size_t len;

	do {
		slash = strchr(slash + 1, '/');
		len = slash ? (size_t)(slash - path) : strlen(path);
		if (len >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, len);
		part[len] = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			return -errno;
	} while (slash);
	return 0;
}

static int open_directory(bool create)
{
	int status = create ? store_make_directories(PATH_STATEDIR) : 0;
	int path, dir;

	path = status < 0 ? status : safepath_open_dir(PATH_STATEDIR);
	if (path < 0)
		return path;
	dir = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	status = dir < 0 ? -errno : 0;
	if (status == 0 && create)
		status = unlisted_make(dir);
	close(path);
	if (status == 0)
		return dir;
	if (dir >= 0)
		close(dir);
	return status;
}

/* Users cannot open the file: a process that can open it can lock it. */
static int take_lock(int dir)
{
	int status = 0,
	    fd = openat(dir, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	do
		status = flock(fd, LOCK_EX) < 0 ? -errno : 0;
	while (status == -EINTR);
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

int store_lock(bool create, struct store *store, struct failure *failure)
{
	store->dir = open_directory(create);
	if (store->dir == -EPERM || store->dir == -ELOOP)
		return failure_say(
			failure, -store->dir,
			"%s, or a directory that leads to it, is writable by users other than root "
			"(sudo chown root:root, chmod go-w)",
			PATH_STATEDIR);
	if (store->dir < 0)
		return failure_set(failure, store->dir, "cannot use %s", PATH_STATEDIR);
	store->lock = take_lock(store->dir);
	if (store->lock >= 0)
		return 0;
	close(store->dir);
	return failure_set(failure, store->lock, "cannot lock %s/" LOCK_NAME, PATH_STATEDIR);
}

void store_unlock(struct store *store)
{
	close(store->lock);
	close(store->dir);
}

/*
 * Directories in which something is made or removed.
 */

/*
 * Opens the directory NAME and locks it. -EWOULDBLOCK with LOCK_NB: a process
 * works in it.
 */
static int lock_work(int dir, const char *name, int flags)
{
	int err, fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | flags) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int store_begin(const struct store *store, const char *name, struct store_work *work,
		struct failure *failure)
{
	char path[sizeof(PATH_STATEDIR) + NAME_MAX + 1];

	*work = (struct store_work){.fd = -1};
	snprintf(path, sizeof(path), PATH_STATEDIR "/.%s" WORK_SUFFIX, name);
	if (!mkdtemp(path))
		return failure_set(failure, errno, "cannot make a directory in %s", PATH_STATEDIR);
	strcpy(work->name, path + sizeof(PATH_STATEDIR));
	/* lsl check may have the lock for a moment. */
	work->fd = lock_work(store->dir, work->name, 0);
	if (work->fd >= 0)
		return 0;
	rmdir(path);
	return failure_set(failure, work->fd, "cannot use %s", path);
}

void store_end(struct store_work *work)
{
	char path[sizeof(PATH_STATEDIR) + NAME_MAX + 1];

	snprintf(path, sizeof(path), PATH_STATEDIR "/%s", work->name);
	unlinkat(work->fd, "rootfs", AT_REMOVEDIR);
	rmdir(path);
	close(work->fd);
}

/* Whether ENTRY is such a directory's name; NAME becomes the container's. */
static bool is_work(const char *entry, char name[CONTAINER_NAME_MAX + 1])
{
	size_t len = strlen(entry), end = strlen(WORK_SUFFIX);

	if (entry[0] != '.' || len < end + 2 || entry[len - end] != '.' ||
	    !container_name_valid(entry + 1, len - end - 1))
		return false;
	memcpy(name, entry + 1, len - end - 1);
	name[len - end - 1] = '\0';
	return true;
}

/*
 * Whether ENTRY is the record of an incomplete container; NAME becomes the
 * container's.
 */
static bool is_unfinished(const char *entry, char name[CONTAINER_NAME_MAX + 1])
{
	size_t len = strlen(entry), end = strlen(RECORD_SUFFIX);

	if (entry[0] != '.' || len < end + 2 || strcmp(entry + len - end, RECORD_SUFFIX) != 0 ||
	    !container_name_valid(entry + 1, len - end - 1))
		return false;
	memcpy(name, entry + 1, len - end - 1);
	name[len - end - 1] = '\0';
	return true;
}

/* The entries of STATEDIR that begin with a dot. */
struct entries {
	char **list;
	size_t count;
};

static void clear_entries(struct entries *entries)
{
	size_t i;

	for (i = 0; i < entries->count; i++)
		free(entries->list[i]);
	free(entries->list);
}

static int add_store_entry(struct entries *entries, const char *name)
{
	char **list = reallocarray(entries->list, entries->count + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	entries->list = list;
	list[entries->count] = strdup(name);
	return list[entries->count] && ++entries->count ? 0 : -ENOMEM;
}

static int list_entries(int dir, struct entries *entries)
{
	DIR *stream = dirstream_open(dir, ".");
	const struct dirent *entry;
	int status = stream ? 0 : -errno;

	*entries = (struct entries){.count = 0};
	while (stream && status == 0 && (entry = readdir(stream)))
		if (entry->d_name[0] == '.')
			status = add_store_entry(entries, entry->d_name);
	if (stream)
		closedir(stream);
	if (status < 0)
		clear_entries(entries);
	return status;
}

bool store_is_busy(const struct store *store, const char *name)
{
	char owner[CONTAINER_NAME_MAX + 1];
	struct entries entries;
	bool is_busy = false;
	size_t i;
	int fd;

	if (list_entries(store->dir, &entries) < 0)
		return false;
	for (i = 0; i < entries.count && !is_busy; i++) {
		if (!is_work(entries.list[i], owner) || strcmp(owner, name) != 0)
			continue;
		fd = lock_work(store->dir, entries.list[i], LOCK_NB);
		is_busy = fd == -EWOULDBLOCK;
		if (fd >= 0)
			close(fd);
	}
	clear_entries(&entries);
	return is_busy;
}

/*
 * Records.
 */

static int read_record(int dir, const char *file, struct store_record *record)
{
	unsigned long long dev, ino;
	struct rootfile text;
	char kind;
	int status = rootfile_read(dir, file, RECORD_MAX, &text);

	if (status < 0)
		return status;
	if (text.kind != ROOTFILE_REGULAR ||
	    sscanf(text.bytes,
		   "lsl=1\nkind=%c%*[a-z]\ndirectory=%llu:%llu\nsection=%4095[^\n]\nsource=%4095[^\n]",
		   &kind, &dev, &ino, record->section, record->source) != 5)
		status = -EINVAL;
	rootfile_clear(&text);
	if (status < 0)
		return status;
	record->is_adopted = kind == 'a';
	record->dev = (dev_t)dev;
	record->ino = (ino_t)ino;
	return 0;
}

int store_read_record(int dir, const char *name, struct store_record *record)
{
	struct record_name file = record_name(name, true);

	return read_record(dir, file.text, record);
}

/* Text of the command line as one line. */
static void copy_line(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; i < size - 1 && from[i]; i++)
		to[i] = (char)((unsigned char)from[i] < ' ' ? '?' : from[i]);
	to[i] = '\0';
}

int store_write_record(const struct store *store, const char *name,
		       const struct store_record *record)
{
	struct record_name file = record_name(name, false);
	struct rootfile text = {.kind = ROOTFILE_REGULAR, .st.st_mode = 0644};
	char source[PATH_MAX], *bytes;
	int len, status;

	copy_line(source, record->source, sizeof(source));
	len = asprintf(&bytes, "lsl=1\nkind=%s\ndirectory=%llu:%llu\nsection=%s\nsource=%s\n",
		       record->is_adopted ? "adopted" : "made", (unsigned long long)record->dev,
		       (unsigned long long)record->ino, record->section, source);
	if (len < 0)
		return -ENOMEM;
	text.bytes = bytes;
	text.len = (size_t)len;
	status = rootfile_put(store->dir, file.text, &text);
	free(bytes);
	return status;
}

/*
 * The new name is on disk before anything after it: records, root filesystems
 * and sections may be on different file systems.
 */
static int rename_and_sync(const struct store *store, int from_dir, const char *from,
			   const char *to)
{
	if (renameat(from_dir, from, store->dir, to) < 0)
		return -errno;
	/* EINVAL: the file system does not know that. */
	return fsync(store->dir) < 0 && errno != EINVAL ? -errno : 0;
}

static int rename_record(const struct store *store, const char *name, bool is_complete)
{
	struct record_name from = record_name(name, !is_complete);
	struct record_name to = record_name(name, is_complete);

	return rename_and_sync(store, store->dir, from.text, to.text);
}

int store_complete(const struct store *store, const char *name)
{
	return rename_record(store, name, true);
}

int store_uncomplete(const struct store *store, const char *name)
{
	return rename_record(store, name, false);
}

int store_forget(const struct store *store, const char *name)
{
	struct record_name file = record_name(name, false);

	return rootfile_remove(store->dir, file.text);
}

int store_put(const struct store *store, const char *name, const struct store_work *work)
{
	return rename_and_sync(store, work->fd, "rootfs", name);
}

int store_put_away(const struct store *store, const char *name, struct store_work *work)
{
	struct failure failure;
	int status = store_begin(store, name, work, &failure);

	if (status < 0)
		return status;
	if (renameat(store->dir, name, work->fd, "rootfs") == 0)
		return 0;
	status = -errno;
	unlinkat(store->dir, work->name, AT_REMOVEDIR);
	store_end(work);
	return status;
}

/* Incomplete work. */

/* Opens the root filesystem NAME, if it is the one of RECORD. */
static bool is_in_store(const struct store *store, const char *name,
			const struct store_record *record)
{
	struct stat st;

	return fstatat(store->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_dev == record->dev && st.st_ino == record->ino;
}

/*
 * A create or remove of NAME was killed between its steps: undoes or finishes
 * it.
 */
static int mend(const struct store *store, const char *name)
{
	struct record_name file = record_name(name, false);
	struct store_record record;
	struct store_work work;
	struct stat st;
	int status = read_record(store->dir, file.text, &record);

	debug("%s was left half created or half removed", name);
	if (status == 0 && lstat(record.section, &st) == 0)
		return store_complete(store, name);
	if (status == 0 && !record.is_adopted && is_in_store(store, name, &record)) {
		status = store_put_away(store, name, &work);
		if (status == 0)
			store_end(&work);
	}
	return status < 0 && status != -EINVAL ? status : store_forget(store, name);
}

/* Removes NAME, a directory of work, unless a process works in it. */
static int sweep_work(const struct store *store, const char *name,
		      int (*visit)(const char *work, void *arg), void *arg)
{
	int status, fd = lock_work(store->dir, name, LOCK_NB);

	if (fd < 0)
		return 0;
	debug("%s/%s was left by a process that was killed", PATH_STATEDIR, name);
	status = visit(name, arg);
	close(fd);
	return status;
}

/* An incomplete record. */
static bool is_unwritten(const char *entry)
{
	const char *end = strstr(entry, RECORD_SUFFIX ROOTFILE_NEW_SUFFIX);

	return end && !end[strlen(RECORD_SUFFIX ROOTFILE_NEW_SUFFIX)];
}

int store_sweep(const struct store *store, const char *config,
		int (*visit)(const char *work, void *arg), void *arg)
{
	char name[CONTAINER_NAME_MAX + 1];
	struct entries entries;
	int status = list_entries(store->dir, &entries);
	size_t i;

	if (status < 0)
		return status;
	section_sweep(config);
	for (i = 0; i < entries.count && status == 0; i++)
		if (is_unfinished(entries.list[i], name))
			status = mend(store, name);
		else if (is_unwritten(entries.list[i]))
			status = rootfile_remove(store->dir, entries.list[i]);
	clear_entries(&entries);
	if (status == 0)
		status = list_entries(store->dir, &entries);
	if (status < 0)
		return status;
	for (i = 0; i < entries.count && status == 0; i++)
		if (is_work(entries.list[i], name))
			status = sweep_work(store, entries.list[i], visit, arg);
	clear_entries(&entries);
	return status;
}

int store_visit_leftovers(int dir, int (*visit)(const char *name, void *arg), void *arg)
{
	char name[CONTAINER_NAME_MAX + 1];
	struct entries entries;
	int fd, status = list_entries(dir, &entries);
	size_t i;

	if (status < 0)
		return status;
	for (i = 0; i < entries.count && status == 0; i++) {
		fd = is_work(entries.list[i], name) ? lock_work(dir, entries.list[i], LOCK_NB) : -1;
		if (fd >= 0 || is_unfinished(entries.list[i], name))
			status = visit(entries.list[i], arg);
		if (fd >= 0)
			close(fd);
	}
	clear_entries(&entries);
	return status;
}

int store_visit_records(int dir, int (*visit)(const char *name, void *arg), void *arg)
{
	DIR *stream = dirstream_open(dir, ".");
	const struct dirent *entry;
	size_t len, end = strlen(RECORD_SUFFIX);
	char name[CONTAINER_NAME_MAX + 1];
	int status = stream ? 0 : -errno;

	while (stream && status == 0 && (entry = readdir(stream))) {
		len = strlen(entry->d_name);
		if (len <= end || strcmp(entry->d_name + len - end, RECORD_SUFFIX) != 0 ||
		    !container_name_valid(entry->d_name, len - end))
			continue;
		memcpy(name, entry->d_name, len - end);
		name[len - end] = '\0';
		status = visit(name, arg);
	}
	if (stream)
		closedir(stream);
	return status;
}
