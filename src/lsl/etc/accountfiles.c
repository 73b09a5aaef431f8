/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/accountfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "etc/hostfile.h"
#include "lsl.h"
#include "monotonic.h"
#include "files/rootfile.h"

/* An account file has a line of perhaps 100 bytes for each account. */
#define SIZE_MAX_OF_FILE (64L * 1024 * 1024)

/*
 * How many milliseconds to wait for the lock: programs that add users hold it
 * for a moment, one that hangs for ever.
 */
#define LOCK_MS 2000

/* One of the container's files while it is changed. */
struct merged {
	bool is_wanted; /* people belong in it */
	/* its name is a link, or no regular file: it is not changed */
	bool has_links;
	bool is_changed; /* the new file differs from it */
	struct rootfile file; /* as it is */
	struct lines now; /* its lines */
	struct lines own; /* the container's part of them */
	struct rootfile new;
	struct account_change change; /* what undoes it */
};

struct merging {
	struct etcwork *work;
	const struct accountfiles *files;
	struct people_source host;
	struct merged merged[ACCOUNT_FILES];
};

static const char *name_of(enum account_file file)
{
	return account_file_path(file) + strlen("/etc/");
}

/*
 * Opens the lock's file, if it is a regular one: opening a fifo may wait for
 * ever, and opening a device may have effects. IS_ROOTS: only root can open it,
 * and hold the lock.
 */
static int open_accounts_lock(int etc, bool *is_roots)
{
	static const char name[] = ".pwd.lock";
	struct stat st;
	int fd;

	if (fstatat(etc, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
		return -EINVAL;
	fd = openat(etc, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	*is_roots = fstat(fd, &st) == 0 && st.st_uid == 0 && !(st.st_mode & 077);
	return fd;
}

/*
 * The lock of lckpwdf(3), which all programs that write these files take. The
 * fd holds it; -EAGAIN: another process keeps it. lsl does not wait for users.
 */
static int lock_accounts(int etc)
{
	static const struct timespec pause = {.tv_nsec = 20L * 1000 * 1000};
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	bool is_roots = false;
	long deadline;
	int err, fd = open_accounts_lock(etc, &is_roots);

	if (fd < 0)
		return fd;
	deadline = monotonic_ms() + (is_roots ? LOCK_MS : 0);
	while (fcntl(fd, F_SETLK, &lock) < 0) {
		err = errno;
		if ((err != EAGAIN && err != EACCES) || monotonic_ms() > deadline) {
			close(fd);
			return -err;
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

static struct journal_entry *entry_of(const struct merging *merging, enum account_file file)
{
	return journal_find(&merging->work->journal, account_file_path(file));
}

/*
 * The account files to change: shadow goes with passwd, gshadow with group, if
 * they exist.
 */
static bool wants_people(const struct accountfiles *files, enum account_file file, bool is_there)
{
	const char *const *sources = files->sources;

	switch (file) {
	case ACCOUNT_SHADOW:
		return sources[ACCOUNT_PASSWD] && (is_there || sources[ACCOUNT_SHADOW]);
	case ACCOUNT_GSHADOW:
		return sources[ACCOUNT_GROUP] && is_there;
	default:
		return sources[file] != NULL;
	}
}

/* Reads FILE and finds the container's own part of it. */
static int read_own(struct merging *merging, enum account_file file)
{
	const struct journal_entry *entry = entry_of(merging, file);
	struct merged *merged = &merging->merged[file];
	int status =
		rootfile_read(merging->work->etc, name_of(file), SIZE_MAX_OF_FILE, &merged->file);

	if (status < 0 && status != -ENOENT)
		return status;
	merged->is_wanted = wants_people(merging->files, file, status == 0);
	merged->has_links = status == 0 && merged->file.kind != ROOTFILE_REGULAR;
	if (status < 0 || merged->has_links)
		return 0;
	status = lines_split(merged->file.bytes, merged->file.len, &merged->now);
	if (status == 0)
		status = lines_copy(&merged->now, &merged->own);
	if (status == 0 && entry)
		status = accounts_take_out(&merged->own, &entry->change);
	return status;
}

/* The first line of the group file LINES with the number GID, or NULL. */
static const char *find_group(const struct lines *lines, gid_t gid)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (accountline_number(lines->line[i]) == (long long)gid)
			return lines->line[i];
	return NULL;
}

/*
 * Whether GID is the same group in the container and on the host. Only such a
 * group may read hashes in the container's files, because it may read them on
 * the host as well.
 */
static bool is_same_group(const struct merging *merging, gid_t gid)
{
	const char *inside = find_group(&merging->merged[ACCOUNT_GROUP].own, gid);
	const char *outside = find_group(&merging->host.of[ACCOUNT_GROUP], gid);

	return gid == 0 || (inside && outside && accountline_compare(inside, outside) == 0);
}

/*
 * The mode for the new FILE: that of the old one, but for shadow, which may
 * have hashes of the host's people.
 */
static mode_t new_mode(const struct merging *merging, enum account_file file)
{
	const struct merged *merged = &merging->merged[file];
	const struct journal_entry *entry = entry_of(merging, file);
	mode_t mode = merged->new.st.st_mode & 07777;

	if (!merged->is_wanted)
		return entry && entry->mode ? entry->mode : mode;
	if (file != ACCOUNT_SHADOW)
		return mode;
	if (!is_same_group(merging, merged->new.st.st_gid))
		mode &= ~(mode_t)070;
	return mode & 0740;
}

/*
 * Whether the new file differs, in its mode also if somebody inside has changed
 * it, or the host has given the group another number.
 */
static bool is_changed(const struct merged *merged)
{
	if (merged->file.kind != ROOTFILE_REGULAR)
		return merged->is_wanted;
	return strcmp(merged->new.bytes, merged->file.bytes) != 0 ||
	       merged->new.st.st_mode != (merged->file.st.st_mode & 07777) ||
	       (!merged->is_wanted && !*merged->new.bytes);
}

/* Makes the new FILE, and the record to undo it. */
static int merge(struct merging *merging, enum account_file file, const struct people *people)
{
	/*
	 * Groups that the container's own stand for are not in gshadow, either.
	 */
	const struct lines *only =
		file == ACCOUNT_GSHADOW ? &merging->merged[ACCOUNT_GROUP].change.added : NULL;
	struct merged *merged = &merging->merged[file];
	struct rootfile *new = &merged->new;
	struct lines lines = {.line = NULL};
	int status = lines_copy(&merged->own, &lines);

	if (status == 0 && merged->is_wanted)
		status = accounts_put_in(&lines, file, people, only, &merged->change);
	if (status == 0) {
		new->bytes = lines_join(&lines);
		status = new->bytes ? 0 : -ENOMEM;
	}
	lines_clear(&lines);
	if (status < 0)
		return status;
	new->kind = ROOTFILE_REGULAR;
	new->len = strlen(new->bytes);
	new->st.st_mode = 0644;
	if (merged->file.kind == ROOTFILE_REGULAR)
		new->st = merged->file.st;
	new->st.st_mode = new_mode(merging, file);
	merged->is_changed = is_changed(merged);
	if (file == ACCOUNT_SHADOW && merged->is_wanted)
		new->st.st_uid = 0;
	return 0;
}

/*
 * The container's former line of a person, which is newly set aside: its number
 * may still be in use.
 */
static void say_aside(const struct merging *merging, const struct journal_entry *entry)
{
	const struct lines *aside = &merging->merged[ACCOUNT_PASSWD].change.aside;
	const char *line;
	size_t i;

	for (i = 0; i < aside->count; i++) {
		line = account_line_aside(aside->line[i]);
		if (accountline_number(line) < 0 ||
		    (entry && account_change_has(&entry->change, line)))
			continue;
		lsl_say("%s: its own user %.*s, uid %lld, is set aside until stop, because the host has that user",
			merging->work->container, (int)strcspn(line, ":"), line,
			accountline_number(line));
	}
}

/*
 * Reports lines that were changed inside, in passwd only: in the other files
 * programs change dates.
 */
static int say_news(const struct merging *merging)
{
	const struct journal_entry *entry = entry_of(merging, ACCOUNT_PASSWD);
	const struct merged *passwd = &merging->merged[ACCOUNT_PASSWD];
	struct lines names = {.line = NULL};
	int status = 0;
	size_t i;

	if (!passwd->is_wanted)
		return 0;
	say_aside(merging, entry);
	if (entry)
		status = accounts_find_changed(&passwd->now, &entry->change, &names);
	for (i = 0; i < names.count; i++)
		lsl_say("%s: the entry of %s was changed inside, and is the host's again",
			merging->work->container, names.line[i]);
	lines_clear(&names);
	return status;
}

static bool needs_writing(const struct merging *merging, enum account_file file)
{
	const struct merged *merged = &merging->merged[file];

	return merged->is_changed && (merged->is_wanted || entry_of(merging, file));
}

/* The journal undoes both the old file and the new one. */
static int prepare_journal(const struct merging *merging, enum account_file file)
{
	const struct merged *merged = &merging->merged[file];
	bool is_there = merged->file.kind == ROOTFILE_REGULAR;
	struct journal_entry *entry = entry_of(merging, file);

	if (!entry) {
		entry = journal_add(&merging->work->journal, account_file_path(file));
		if (!entry)
			return -ENOMEM;
		entry->is_accounts = true;
		entry->had = is_there;
	}
	if (file == ACCOUNT_SHADOW && merged->is_wanted && is_there && !entry->mode &&
	    merged->new.st.st_mode != (merged->file.st.st_mode & 07777))
		entry->mode = merged->file.st.st_mode & 07777;
	return account_change_join(&merged->change, &entry->change);
}

static int write_merged(const struct merging *merging, enum account_file file)
{
	const struct merged *merged = &merging->merged[file];

	if (!merged->is_wanted && !entry_of(merging, file)->had && !*merged->new.bytes)
		return rootfile_remove(merging->work->etc, name_of(file));
	return rootfile_put(merging->work->etc, name_of(file), &merged->new);
}

/*
 * The journal for the file as it is now. People of a run that was killed may
 * not be in the file, though the text has not changed.
 */
static void finish_journal(struct merging *merging, enum account_file file)
{
	struct merged *merged = &merging->merged[file];
	struct journal_entry *entry = entry_of(merging, file);

	if (!entry || (merged->is_wanted && merged->has_links))
		return;
	account_change_clear(&entry->change);
	entry->change = merged->change;
	merged->change = (struct account_change){.added = {.line = NULL}};
	if (!merged->is_wanted || (entry->change.added.count == 0 && entry->had))
		journal_remove(&merging->work->journal, entry);
}

/* The journal is on disk before the files change. */
static int write_accounts(struct merging *merging)
{
	struct etcwork *work = merging->work;
	int file, status = 0;

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (needs_writing(merging, file))
			status = prepare_journal(merging, file);
	if (status == 0)
		status = journal_write(work->etc, &work->journal);
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (needs_writing(merging, file))
			status = write_merged(merging, file);
	if (status < 0)
		return status;
	for (file = 0; file < ACCOUNT_FILES; file++)
		finish_journal(merging, file);
	return journal_write(work->etc, &work->journal);
}

static bool has_sources(const struct accountfiles *files)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (files->sources[file])
			return true;
	return false;
}

static bool has_entries(const struct merging *merging)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (entry_of(merging, file))
			return true;
	return false;
}

/* Reads the host's file PATH. A missing one is no error: it names nobody. */
static int read_host_file(const char *path, struct lines *lines)
{
	char *text;
	int status = hostfile_read_text(path, SIZE_MAX_OF_FILE, &text);

	if (status == 0)
		status = lines_split(text, strlen(text), lines);
	free(text);
	return status == -ENOENT ? 0 : status;
}

/* The host's files, if any is wanted. */
static int read_host(struct merging *merging)
{
	struct people_source *host = &merging->host;
	const char *path;
	int file, status = 0;

	if (!has_sources(merging->files))
		return 0;
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++) {
		path = merging->files->sources[file];
		/*
		 * People and groups are taken from these two, whichever of the
		 * others mnt names.
		 */
		if (!path && (file == ACCOUNT_PASSWD || file == ACCOUNT_GROUP))
			path = account_file_path(file);
		if (path)
			status = read_host_file(path, &host->of[file]);
	}
	return status < 0 ? status : read_host_file("/etc/login.defs", &host->login_defs);
}

static bool has_uid(const struct lines *lines, long long uid)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (accountline_number(lines->line[i]) == uid)
			return true;
	return false;
}

/*
 * Adds to the host's lines of FILE those that the container's file has from
 * earlier, of UID alone if that is not negative.
 */
static int add_former(struct merging *merging, enum account_file file, long long uid)
{
	const struct journal_entry *entry = entry_of(merging, file);
	const struct lines *now = &merging->merged[file].now;
	int status = 0;
	size_t i;

	for (i = 0; entry && i < now->count && status == 0; i++)
		if (account_change_has(&entry->change, now->line[i]) &&
		    (uid < 0 || accountline_number(now->line[i]) == uid))
			status = lines_add(&merging->host.of[file], now->line[i]);
	return status;
}

/*
 * Adds files->people and their groups to the host's. If the user database does
 * not know a person, or does not answer now, people in the container stay
 * there.
 */
static int add_people(struct merging *merging)
{
	const struct accountfiles_people *people = &merging->files->people;
	struct lines *passwd = &merging->host.of[ACCOUNT_PASSWD];
	const char *uid = people->uids;
	bool is_complete = true;
	int len, status = lines_split(people->passwd, strlen(people->passwd), passwd);

	if (status == 0)
		status = lines_split(people->group, strlen(people->group),
				     &merging->host.of[ACCOUNT_GROUP]);
	for (; *uid && status == 0; uid += len, uid += *uid == ';') {
		len = (int)strcspn(uid, ";");
		if (has_uid(passwd, strtoll(uid, NULL, 10)))
			continue;
		is_complete = false;
		if (merging->work->is_start)
			lsl_say("%s: people: the host knows no user with uid %.*s (getent passwd %.*s)",
				merging->work->container, len, uid, len, uid);
		status = add_former(merging, ACCOUNT_PASSWD, strtoll(uid, NULL, 10));
	}
	return status < 0 || is_complete ? status : add_former(merging, ACCOUNT_GROUP, -1);
}

static int merge_all(struct merging *merging)
{
	struct people people;
	int file, status;

	merging->host.extra = merging->files->people.uids;
	merging->host.with_hashes = merging->files->sources[ACCOUNT_SHADOW] &&
				    !merging->files->is_shared;
	merging->host.has_shadow = merging->merged[ACCOUNT_SHADOW].is_wanted;
	status = people_read(&merging->host, &people);
	/* Groups before gshadow, which has those that were taken. */
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (!merging->merged[file].has_links)
			status = merge(merging, file, &people);
	people_clear(&people);
	return status;
}

static void say_links(const struct merging *merging)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (merging->merged[file].is_wanted && merging->merged[file].has_links)
			lsl_say("%s: %s is not a regular file inside; the host's people are not added",
				merging->work->container, account_file_path(file));
}

/*
 * Removes the lines of ADDED's names from the backup of ACCOUNT with SUFFIX
 * that a program inside has made. It has no line that was set aside.
 */
static int clean_backup(const struct merging *merging, enum account_file account,
			const char *suffix, const struct lines *added)
{
	const struct account_change names = {.added = *added};
	struct lines lines = {.line = NULL};
	struct rootfile file;
	char name[32];
	size_t before;
	int status;

	snprintf(name, sizeof(name), "%s%s", name_of(account), suffix);
	status = rootfile_read(merging->work->etc, name, SIZE_MAX_OF_FILE, &file);
	if (status < 0 || file.kind != ROOTFILE_REGULAR)
		return status == -ENOENT ? 0 : status;
	status = lines_split(file.bytes, file.len, &lines);
	before = lines.count;
	if (status == 0)
		status = accounts_take_out(&lines, &names);
	if (status == 0 && lines.count != before) {
		free(file.bytes);
		file.bytes = lines_join(&lines);
		file.len = file.bytes ? strlen(file.bytes) : 0;
		status = file.bytes ? rootfile_put(merging->work->etc, name, &file) : -ENOMEM;
	}
	lines_clear(&lines);
	rootfile_clear(&file);
	return status;
}

/* For account files that may no longer have people. */
static int clean_backups(const struct merging *merging)
{
	const struct journal_entry *entry;
	int file, status = 0;

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++) {
		entry = entry_of(merging, file);
		if (!entry || merging->merged[file].is_wanted)
			continue;
		/* of shadow's programs, and of Debian's update-passwd */
		status = clean_backup(merging, file, "-", &entry->change.added);
		if (status == 0)
			status = clean_backup(merging, file, ".org", &entry->change.added);
	}
	return status;
}

static int apply_locked(struct merging *merging)
{
	int file, status = read_host(merging);

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		status = read_own(merging, file);
	if (status == 0)
		status = add_people(merging);
	if (status == 0)
		status = merge_all(merging);
	if (status == 0) {
		say_links(merging);
		status = say_news(merging);
	}
	if (status == 0)
		status = clean_backups(merging);
	return status < 0 ? status : write_accounts(merging);
}

int accountfiles_apply(struct etcwork *work, const struct accountfiles *files)
{
	struct merging merging = {.work = work, .files = files};
	struct merged *merged;
	int status, lock;

	if (!has_sources(files) && !has_entries(&merging))
		return 0;
	lock = lock_accounts(work->etc);
	if (lock < 0)
		return lock;
	status = apply_locked(&merging);
	for (merged = merging.merged; merged < merging.merged + ACCOUNT_FILES; merged++) {
		rootfile_clear(&merged->file);
		lines_clear(&merged->now);
		lines_clear(&merged->own);
		rootfile_clear(&merged->new);
		account_change_clear(&merged->change);
	}
	people_source_clear(&merging.host);
	close(lock);
	return status;
}
