/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/debug.h"
#include "inheritance.h"
#include "pathnames.h"
#include "files/hostdir.h"
#include "files/rootfile.h"
#include "safepath.h"
#include "create/section.h"
#include "files/unlisted.h"
#include "timelimit.h"

/* How many milliseconds a process may hold the lock of a directory. */
#define PATIENCE_MS 10000

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

int store_open_directory(const char *path, bool create, struct failure *failure)
{
	int dir, status = create ? hostdir_make(path, 0711) : 0;

	if (status < 0)
		return failure_say(failure, status, "cannot make %s: %s", path,
				   hostdir_why(status));
	dir = safepath_open_dir(path);
	if (dir == -EPERM || dir == -ELOOP)
		return failure_say(
			failure, -dir,
			"%s, or a directory that leads to it, is writable by users other than root "
			"(sudo chown root:root, chmod go-w)",
			path);
	return dir < 0 ? failure_set(failure, dir, "cannot use %s", path) : dir;
}

int store_open(bool create, struct failure *failure)
{
	int dir, status, path = store_open_directory(PATH_STATEDIR, create, failure);

	if (path < 0)
		return path;
	dir = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	status = dir < 0 ? -errno : create ? unlisted_make(dir) : 0;
	close(path);
	if (status == 0)
		return dir;
	if (dir >= 0)
		close(dir);
	return failure_say(failure, status, "cannot use %s: %s", PATH_STATEDIR,
			   hostdir_why(status));
}

/* Opens NAME, and locks it; -EWOULDBLOCK with LOCK_NB: another process has. */
static int lock_entry(int dir, const char *name, int flags, int lock)
{
	int status, fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	do
		status = flock(fd, LOCK_EX | lock) < 0 ? -errno : 0;
	while (status == -EINTR);
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

int store_lock(bool create, struct store *store, struct failure *failure)
{
	store->dir = store_open(create, failure);
	if (store->dir < 0)
		return store->dir;
	/* Users cannot open it: a process that can open it can lock it. */
	store->lock = lock_entry(store->dir, LOCK_NAME, O_RDWR | O_CREAT, 0);
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
	work->fd = lock_entry(store->dir, work->name, O_RDONLY | O_DIRECTORY, 0);
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
	work->fd = -1;
}

/*
 * Entries of STATEDIR.
 */

enum entry_kind {
	ENTRY_OTHER,
	ENTRY_RECORD,
	ENTRY_UNFINISHED, /* the record of an incomplete container */
	ENTRY_WORK,
};

/* NAME becomes the container's. */
static enum entry_kind entry_kind(const char *entry, char name[CONTAINER_NAME_MAX + 1])
{
	bool is_hidden = entry[0] == '.';
	const char *start = entry + is_hidden, *end = strchr(start, ':');
	enum entry_kind kind = is_hidden ? ENTRY_UNFINISHED : ENTRY_RECORD;

	if (is_hidden && !end) {
		kind = ENTRY_WORK;
		end = strrchr(start, '.');
	}
	if (!end || !container_name_valid(start, (size_t)(end - start)) ||
	    (kind == ENTRY_WORK ? strlen(end) != strlen(WORK_SUFFIX)
				: strcmp(end, RECORD_SUFFIX) != 0))
		return ENTRY_OTHER;
	snprintf(name, CONTAINER_NAME_MAX + 1, "%.*s", (int)(end - start), start);
	return kind;
}

/*
 * Calls VISIT for each entry of KIND in STATEDIR, as long as it returns 0. The
 * directory is read before, because VISIT may change it.
 */
static int visit_statedir(enum entry_kind kind, store_visit *visit, void *arg)
{
	char name[CONTAINER_NAME_MAX + 1];
	struct dirent **entries;
	int i, status, count = scandir(PATH_STATEDIR, &entries, NULL, NULL);

	status = count < 0 ? -errno : 0;
	for (i = 0; i < count; i++) {
		if (status == 0 && entry_kind(entries[i]->d_name, name) == kind)
			status = visit(entries[i]->d_name, name, arg);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return status;
}

static int is_named(const char *entry, const char *name, void *arg)
{
	(void)entry;
	return strcmp(name, arg) == 0;
}

bool store_is_busy(const char *name)
{
	return visit_statedir(ENTRY_WORK, is_named, (void *)(uintptr_t)name) == 1;
}

/*
 * Records.
 */

static int read_store_record(int dir, const char *file, struct store_record *record)
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

	return read_store_record(dir, file.text, record);
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
	/* Users who can read a file can hold its lock, too (unlisted.h). */
	struct rootfile text = {.kind = ROOTFILE_REGULAR, .st.st_mode = 0600};
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

int store_complete(const struct store *store, const char *name, bool is_complete)
{
	struct record_name from = record_name(name, !is_complete);
	struct record_name to = record_name(name, is_complete);

	return rename_and_sync(store, store->dir, from.text, to.text);
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

struct held_search {
	const struct store *store;
	const char *name;
};

/* Waits for the lock: a file that is not there is removed. */
static void take_lock(void *answer, const void *arg)
{
	const struct held_search *search = arg;
	char path[CONTAINER_NAME_MAX + sizeof("/.lsl-none")];

	(void)answer;
	/* It may be blocked for long, and has the standard descriptors. */
	inheritance_detach();
	snprintf(path, sizeof(path), "%s/.lsl-none", search->name);
	(void)unlinkat(search->store->dir, path, 0);
}

bool store_is_held(const struct store *store, const char *name)
{
	const struct held_search search = {store, name};
	char answer = 0;

	return timelimit_ask(take_lock, &search, store->dir, &answer, sizeof(answer),
			     PATIENCE_MS) == -ETIMEDOUT;
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
	store_end(work);
	return status;
}

/* Incomplete work. */

/* Whether the root filesystem NAME is the one of RECORD. */
static bool is_of_record(const struct store *store, const char *name,
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
static int mend(const char *entry, const char *name, void *arg)
{
	const struct store *store = arg;
	struct store_record record;
	struct store_work work;
	struct stat st;
	int status = read_store_record(store->dir, entry, &record);

	debug("%s was left half created or half removed", name);
	if (status == 0 && lstat(record.section, &st) == 0)
		return store_complete(store, name, true);
	if (status == 0 && !record.is_adopted && is_of_record(store, name, &record)) {
		/* The next sweep tries again. */
		if (store_is_held(store, name))
			return 0;
		status = store_put_away(store, name, &work);
		if (status == 0)
			store_end(&work);
	}
	return status < 0 && status != -EINVAL ? status : store_forget(store, name);
}

/* A visit of directories of work. */
struct work_visit {
	int dir;
	store_visit *visit;
	void *arg;
};

/* Visits one, unless a process works in it. */
static int visit_work(const char *entry, const char *name, void *arg)
{
	const struct work_visit *work_visit = arg;
	int status, fd = lock_entry(work_visit->dir, entry, O_RDONLY | O_DIRECTORY, LOCK_NB);

	if (fd < 0)
		return 0;
	debug("%s/%s was left by a process that was killed", PATH_STATEDIR, entry);
	status = work_visit->visit(entry, name, work_visit->arg);
	close(fd);
	return status;
}

int store_sweep(struct store *store, const char *config, store_visit *visit, void *arg)
{
	struct work_visit work_visit = {store->dir, visit, arg};
	int status;

	section_sweep(config);
	status = visit_statedir(ENTRY_UNFINISHED, mend, store);
	if (status == 0)
		status = rootfile_sweep(store->dir);
	return status < 0 ? status : visit_statedir(ENTRY_WORK, visit_work, &work_visit);
}

int store_visit_leftovers(int dir, store_visit *visit, void *arg)
{
	struct work_visit work_visit = {dir, visit, arg};
	int status = visit_statedir(ENTRY_WORK, visit_work, &work_visit);

	return status ? status : visit_statedir(ENTRY_UNFINISHED, visit, arg);
}

int store_visit_records(store_visit *visit, void *arg)
{
	return visit_statedir(ENTRY_RECORD, visit, arg);
}
