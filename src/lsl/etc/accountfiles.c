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
	struct rootfile file; /* as it is */
	struct lines own; /* the container's part */
	char *text; /* the new text; NULL: no change */
	struct account_change change; /* what undoes it */
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
static int open_lock(int etc, bool *is_roots)
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
	int err, fd = open_lock(etc, &is_roots);

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

static struct journal_entry *entry_of(const struct accountfiles *files, enum account_file file)
{
	return journal_find(files->journal, account_file_path(file));
}

/*
 * The account files to change: shadow goes with passwd, gshadow with group, if
 * they exist.
 */
static bool is_wanted(const struct accountfiles *files, enum account_file file, bool is_there)
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
static int read_own(const struct accountfiles *files, enum account_file file, struct merged *merged)
{
	const struct journal_entry *entry = entry_of(files, file);
	int status = rootfile_read(files->etc, name_of(file), SIZE_MAX_OF_FILE, &merged->file);

	if (status < 0 && status != -ENOENT)
		return status;
	merged->is_wanted = is_wanted(files, file, status == 0);
	merged->has_links = status == 0 && merged->file.kind != ROOTFILE_REGULAR;
	if (status < 0 || merged->has_links)
		return 0;
	status = lines_split(merged->file.bytes, merged->file.len, &merged->own);
	if (status == 0 && entry)
		status = accounts_take_out(&merged->own, &entry->change);
	return status;
}

/* Makes the new text of the file, and the record to undo it. */
static int merge(enum account_file file, const struct people *people, const struct lines *only,
		 struct merged *merged)
{
	struct lines lines = {.line = NULL};
	char *own = lines_join(&merged->own), *text = NULL;
	int status = own ? lines_split(own, strlen(own), &lines) : -ENOMEM;

	if (status == 0 && merged->is_wanted)
		status = accounts_put_in(&lines, file, &people->of[file], people, only,
					 &merged->change);
	if (status == 0) {
		text = lines_join(&lines);
		status = text ? 0 : -ENOMEM;
	}
	lines_clear(&lines);
	free(own);
	if (status == 0 &&
	    (merged->file.kind == ROOTFILE_REGULAR
		     ? strcmp(text, merged->file.bytes) == 0 && (merged->is_wanted || *text)
		     : !merged->is_wanted)) {
		free(text);
		text = NULL;
	}
	merged->text = text;
	return status;
}

/*
 * Returns the name of GID in the group file LINES, or NULL. The caller frees
 * it.
 */
static char *group_name(const struct lines *lines, gid_t gid)
{
	unsigned int number;
	char name[256];
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (sscanf(lines->line[i], "%255[^:]:%*[^:]:%u", name, &number) == 2 &&
		    number == gid)
			return strdup(name);
	return NULL;
}

/*
 * Whether GID is the same group in the container and on the host. Only such a
 * group may read hashes in the container's files, because it may read them on
 * the host as well.
 */
static bool is_same_group(const struct merged *merged, const char *host_group, gid_t gid)
{
	struct lines host = {.line = NULL};
	char *inside, *outside = NULL;
	bool is_same;

	if (gid == 0)
		return true;
	inside = group_name(&merged[ACCOUNT_GROUP].own, gid);
	if (host_group && lines_split(host_group, strlen(host_group), &host) == 0)
		outside = group_name(&host, gid);
	is_same = inside && outside && strcmp(inside, outside) == 0;
	lines_clear(&host);
	free(inside);
	free(outside);
	return is_same;
}

/* The mode of FILE, if hashes of the host's people may be in it. */
static mode_t safe_mode(const struct merged *merged, const char *host_group, mode_t mode, gid_t gid)
{
	mode &= 0777;
	if (!is_same_group(merged, host_group, gid))
		mode &= ~(mode_t)070;
	return mode & ~(mode_t)037;
}

/* The mode for the new FILE: that of the old one, but for shadow. */
static mode_t new_mode(const struct accountfiles *files, const struct merged *merged,
		       enum account_file file, const char *host_group)
{
	const struct journal_entry *entry = entry_of(files, file);
	bool is_there = merged[file].file.kind == ROOTFILE_REGULAR;
	mode_t mode = is_there ? merged[file].file.st.st_mode & 07777 : 0644;

	if (!merged[file].is_wanted)
		return entry && entry->mode ? entry->mode : mode;
	if (file != ACCOUNT_SHADOW)
		return mode;
	return safe_mode(merged, host_group, mode, is_there ? merged[file].file.st.st_gid : 0);
}

/*
 * A file whose text stays, but not its mode: somebody inside has changed it, or
 * the host has given the group another number, or the people are taken out.
 */
static int find_other_mode(const struct accountfiles *files, enum account_file file,
			   struct merged *merged, const char *host_group)
{
	const struct rootfile *old = &merged[file].file;

	if (old->kind != ROOTFILE_REGULAR || merged[file].text ||
	    new_mode(files, merged, file, host_group) == (old->st.st_mode & 07777))
		return 0;
	merged[file].text = strdup(old->bytes);
	return merged[file].text ? 0 : -ENOMEM;
}

/* Owner and mode for the new file. */
static void choose_mode(const struct accountfiles *files, const struct merged *merged,
			enum account_file file, const char *host_group, struct rootfile *new)
{
	const struct stat *old = &merged[file].file.st;
	bool is_there = merged[file].file.kind == ROOTFILE_REGULAR;
	struct journal_entry *entry = entry_of(files, file);

	new->st.st_uid = is_there ? old->st_uid : 0;
	new->st.st_gid = is_there ? old->st_gid : 0;
	new->st.st_mode = new_mode(files, merged, file, host_group);
	if (file != ACCOUNT_SHADOW || !merged[file].is_wanted)
		return;
	new->st.st_uid = 0;
	if (is_there && new->st.st_mode != (old->st_mode & 07777) && !entry->mode)
		entry->mode = old->st_mode & 07777;
}

/*
 * The record to undo both the old state of the file and the new one, because a
 * kill may leave either.
 */
static int join_change(const struct account_change *new, struct account_change *change)
{
	struct lines aside = {.line = NULL};
	int status = 0;
	size_t i;

	/* A line may have stood after one that is newly set aside. */
	for (i = 0; i < new->aside.count &&status == 0; i++)
		status = lines_add(&aside, new->aside.line[i]);
	for (i = 0; i < change->aside.count && status == 0; i++)
		if (!accounts_is_line_of_any(account_line_aside(change->aside.line[i]),
					     &new->added))
			status = lines_add(&aside, change->aside.line[i]);
	for (i = 0; i < new->added.count &&status == 0; i++) {
		if (lines_has(&change->added, new->added.line[i]))
			continue;
		status = lines_add(&change->added, new->added.line[i]);
		if (status == 0)
			status = lines_add(&change->written, new->written.line[i]);
	}
	lines_clear(&change->aside);
	change->aside = aside;
	return status;
}

static int prepare_journal(const struct accountfiles *files, enum account_file file,
			   struct merged *merged)
{
	struct journal_entry *entry = entry_of(files, file);

	if (!entry) {
		entry = journal_add(files->journal, account_file_path(file));
		if (!entry)
			return -ENOMEM;
		entry->is_accounts = true;
		entry->had = merged->file.kind == ROOTFILE_REGULAR;
	}
	return join_change(&merged->change, &entry->change);
}

static void say_changed(const char *name, void *arg)
{
	const struct accountfiles *files = arg;

	files->say("%s: the entry of %s was changed inside, and is the host's again",
		   files->container, name);
}

/* The container's former line of a person: its number may still be in use. */
static void say_aside(const struct accountfiles *files, const struct account_change *old,
		      const struct account_change *new)
{
	unsigned int uid;
	char name[256];
	size_t i;

	for (i = 0; i < new->aside.count; i++) {
		if (sscanf(account_line_aside(new->aside.line[i]), "%255[^:]:%*[^:]:%u", name,
			   &uid) != 2 ||
		    lines_has(&old->added, name))
			continue;
		files->say(
			"%s: its own user %s, uid %u, is set aside until stop, because the host has that user",
			files->container, name, uid);
	}
}

/*
 * Reports lines that were changed inside, in passwd only: in the other files
 * programs change dates.
 */
static int say_news(const struct accountfiles *files, const struct merged *merged)
{
	const struct journal_entry *entry = entry_of(files, ACCOUNT_PASSWD);
	struct account_change none = {.added = {.line = NULL}};
	struct lines lines;
	int status;

	if (!merged[ACCOUNT_PASSWD].is_wanted)
		return 0;
	say_aside(files, entry ? &entry->change : &none, &merged[ACCOUNT_PASSWD].change);
	if (!entry || merged[ACCOUNT_PASSWD].file.kind != ROOTFILE_REGULAR)
		return 0;
	status = lines_split(merged[ACCOUNT_PASSWD].file.bytes, merged[ACCOUNT_PASSWD].file.len,
			     &lines);
	if (status == 0)
		status = accounts_visit_changed(&lines, &entry->change, say_changed,
						(void *)(uintptr_t)files);
	lines_clear(&lines);
	return status;
}

static int write_merged(const struct accountfiles *files, enum account_file file,
			const struct merged *merged, const char *host_group)
{
	struct rootfile new = {.kind = ROOTFILE_REGULAR, .bytes = merged[file].text};
	struct journal_entry *entry = entry_of(files, file);

	if (!merged[file].is_wanted && !entry->had && !*new.bytes)
		return rootfile_remove(files->etc, name_of(file));
	new.len = strlen(new.bytes);
	choose_mode(files, merged, file, host_group, &new);
	return rootfile_put(files->etc, name_of(file), &new);
}

/* The journal for the file with its new text. */
static void finish_journal(const struct accountfiles *files, enum account_file file,
			   struct merged *merged)
{
	struct journal_entry *entry = entry_of(files, file);

	account_change_clear(&entry->change);
	entry->change = merged->change;
	merged->change = (struct account_change){.added = {.line = NULL}};
	if (!merged->is_wanted || (entry->change.added.count == 0 && entry->had))
		journal_remove(files->journal, entry);
}

static bool needs_writing(const struct accountfiles *files, const struct merged *merged,
			  enum account_file file)
{
	if (merged[file].has_links)
		return false;
	return merged[file].text && (merged[file].is_wanted || entry_of(files, file));
}

/*
 * The file stays, but not the journal: the people of a run that was killed are
 * not in the file, or they are not wanted any more.
 */
static bool is_journal_stale(const struct accountfiles *files, const struct merged *merged,
			     enum account_file file)
{
	const struct journal_entry *entry = entry_of(files, file);

	return entry && !needs_writing(files, merged, file) &&
	       (!merged[file].is_wanted ||
		(!merged[file].has_links &&
		 entry->change.added.count != merged[file].change.added.count));
}

/*
 * Writes the journal to disk first: it undoes both the old text and the new
 * one.
 */
static int prepare_all(const struct accountfiles *files, struct merged *merged, bool *is_any)
{
	int file, status = 0;

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++) {
		if (is_journal_stale(files, merged, file))
			*is_any = true;
		if (!needs_writing(files, merged, file))
			continue;
		*is_any = true;
		status = prepare_journal(files, file, &merged[file]);
	}
	return status == 0 && *is_any ? journal_write(files->etc, files->journal) : status;
}

static int write_accounts(const struct accountfiles *files, struct merged *merged,
			  const char *host_group)
{
	bool is_any = false;
	int file, status = prepare_all(files, merged, &is_any);

	if (!is_any || status < 0)
		return status;
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (needs_writing(files, merged, file))
			status = write_merged(files, file, merged, host_group);
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (needs_writing(files, merged, file) || is_journal_stale(files, merged, file))
			finish_journal(files, file, &merged[file]);
	return status < 0 ? status : journal_write(files->etc, files->journal);
}

static bool has_sources(const struct accountfiles *files)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (files->sources[file])
			return true;
	return false;
}

static bool has_entries(const struct accountfiles *files)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (entry_of(files, file))
			return true;
	return false;
}

/*
 * The host's texts, if any is wanted. A missing file is no error: it names
 * nobody.
 */
static int read_host(const struct accountfiles *files, char *texts[ACCOUNT_FILES],
		     char **login_defs)
{
	const char *path;
	int file, status = 0;

	if (!has_sources(files))
		return 0;
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++) {
		path = files->sources[file];
		/*
		 * People and groups are taken from these two, whichever of the
		 * others mnt names.
		 */
		if (!path && (file == ACCOUNT_PASSWD || file == ACCOUNT_GROUP))
			path = account_file_path(file);
		if (path)
			status = hostfile_read_text(path, SIZE_MAX_OF_FILE, &texts[file]);
		if (status == -ENOENT)
			status = 0;
	}
	if (status == 0)
		status = hostfile_read_text("/etc/login.defs", SIZE_MAX_OF_FILE, login_defs);
	return status == -ENOENT ? 0 : status;
}

/* Appends MORE to TEXT, both of lines; *TEXT may be NULL. 0 or -ENOMEM. */
static int append_lines(char **text, const char *more)
{
	size_t len = *text ? strlen(*text) : 0;
	const char *between = len && (*text)[len - 1] != '\n' ? "\n" : "";
	char *longer;

	if (!*more)
		return 0;
	if (asprintf(&longer, "%s%s%s", *text ? *text : "", between, more) < 0)
		return -ENOMEM;
	free(*text);
	*text = longer;
	return 0;
}

/*
 * The line of TEXT, of passwd(5), with the uid that UID begins with, or NULL.
 */
static const char *find_uid(const char *text, const char *uid)
{
	size_t len = strcspn(uid, ";");
	const char *line, *field;

	for (line = text; line && *line; line = strchr(line, '\n'), line += line ? 1 : 0) {
		field = line + strcspn(line, ":\n");
		field += *field == ':';
		field += strcspn(field, ":\n");
		if (*field == ':' && strncmp(field + 1, uid, len) == 0 && field[1 + len] == ':')
			return line;
	}
	return NULL;
}

/* Appends to TEXT the host's lines that FILE of the container has now. */
static int append_former(const struct accountfiles *files, enum account_file file,
			 const struct merged *merged, char **text)
{
	const struct journal_entry *entry = entry_of(files, file);
	struct lines lines = {.line = NULL};
	int status = 0;
	size_t i;

	if (!entry || merged[file].file.kind != ROOTFILE_REGULAR)
		return 0;
	status = lines_split(merged[file].file.bytes, merged[file].file.len, &lines);
	for (i = 0; i < lines.count && status == 0; i++) {
		if (!accounts_is_line_of_any(lines.line[i], &entry->change.added))
			continue;
		status = append_lines(text, lines.line[i]);
		if (status == 0)
			status = append_lines(text, "\n");
	}
	lines_clear(&lines);
	return status;
}

/*
 * The user database does not know the person UID, or does not answer now.
 * People in the container stay there, with their line in FORMER.
 */
static int keep_former(const struct accountfiles *files, const char *uid, const char *former,
		       char **text)
{
	const char *line = find_uid(former, uid);
	int status, len = (int)strcspn(uid, ";");
	char *copy;

	if (files->is_start)
		files->say("%s: people: the host knows no user with uid %.*s (getent passwd %.*s)",
			   files->container, len, uid, len, uid);
	if (!line)
		return 0;
	copy = strndup(line, strcspn(line, "\n") + 1);
	status = copy ? append_lines(text, copy) : -ENOMEM;
	free(copy);
	return status;
}

/*
 * Appends the people of files->people, and their groups, to the host's texts.
 */
static int add_people(const struct accountfiles *files, const struct merged *merged,
		      char *texts[ACCOUNT_FILES])
{
	const char *uid = files->people.uids;
	bool is_complete = true;
	char *former = NULL;
	int status = append_lines(&texts[ACCOUNT_PASSWD], files->people.passwd);

	if (status == 0)
		status = append_lines(&texts[ACCOUNT_GROUP], files->people.group);
	if (status == 0 && *uid)
		status = append_former(files, ACCOUNT_PASSWD, merged, &former);
	for (; *uid && status == 0; uid += strcspn(uid, ";"), uid += *uid == ';') {
		if (find_uid(texts[ACCOUNT_PASSWD], uid))
			continue;
		is_complete = false;
		status = keep_former(files, uid, former, &texts[ACCOUNT_PASSWD]);
	}
	if (status == 0 && !is_complete)
		status = append_former(files, ACCOUNT_GROUP, merged, &texts[ACCOUNT_GROUP]);
	free(former);
	return status;
}

/* C would not convert the argument to an array of const char * */
/* cppcheck-suppress constParameter */
static int merge_all(const struct accountfiles *files, char *const texts[ACCOUNT_FILES],
		     const char *login_defs, struct merged *merged)
{
	struct people_source source = {.login_defs = login_defs};
	struct people people;
	int file, status;

	for (file = 0; file < ACCOUNT_FILES; file++)
		source.text[file] = texts[file];
	source.extra = files->people.uids;
	source.with_hashes = files->sources[ACCOUNT_SHADOW] && !files->is_shared;
	source.has_shadow = merged[ACCOUNT_SHADOW].is_wanted;
	status = people_read(&source, &people);
	/* Groups before gshadow, which has those that were taken. */
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		if (!merged[file].has_links)
			status = merge(file, &people,
				       file == ACCOUNT_GSHADOW ? &merged[ACCOUNT_GROUP].change.added
							       : NULL,
				       &merged[file]);
	people_clear(&people);
	return status;
}

static void say_links(const struct accountfiles *files, const struct merged *merged)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (merged[file].is_wanted && merged[file].has_links)
			files->say(
				"%s: %s is not a regular file inside; the host's people are not added",
				files->container, account_file_path(file));
}

/*
 * Removes the lines of CHANGE's names from the backup of ACCOUNT with SUFFIX
 * that a program inside has made. It has no line that was set aside.
 */
static int clean_backup(const struct accountfiles *files, enum account_file account,
			const char *suffix, const struct account_change *change)
{
	struct account_change names = {.added = change->added};
	struct lines lines = {.line = NULL};
	struct rootfile file;
	char name[32];
	size_t before;
	int status;

	snprintf(name, sizeof(name), "%s%s", name_of(account), suffix);
	status = rootfile_read(files->etc, name, SIZE_MAX_OF_FILE, &file);
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
		status = file.bytes ? rootfile_put(files->etc, name, &file) : -ENOMEM;
	}
	lines_clear(&lines);
	rootfile_clear(&file);
	return status;
}

/* For account files that may no longer have people. */
static int clean_backups(const struct accountfiles *files, const struct merged *merged)
{
	const struct journal_entry *entry;
	int file, status = 0;

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++) {
		entry = entry_of(files, file);
		if (!entry || merged[file].is_wanted)
			continue;
		/* of shadow's programs, and of Debian's update-passwd */
		status = clean_backup(files, file, "-", &entry->change);
		if (status == 0)
			status = clean_backup(files, file, ".org", &entry->change);
	}
	return status;
}

static int apply_locked(const struct accountfiles *files)
{
	struct merged merged[ACCOUNT_FILES] = {{.is_wanted = false}};
	char *texts[ACCOUNT_FILES] = {NULL}, *login_defs = NULL;
	int file, status = read_host(files, texts, &login_defs);

	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		status = read_own(files, file, &merged[file]);
	if (status == 0)
		status = add_people(files, merged, texts);
	if (status == 0)
		status = merge_all(files, texts, login_defs, merged);
	if (status == 0) {
		say_links(files, merged);
		status = say_news(files, merged);
	}
	for (file = 0; file < ACCOUNT_FILES && status == 0; file++)
		status = find_other_mode(files, file, merged, texts[ACCOUNT_GROUP]);
	if (status == 0)
		status = clean_backups(files, merged);
	if (status == 0)
		status = write_accounts(files, merged, texts[ACCOUNT_GROUP]);
	for (file = 0; file < ACCOUNT_FILES; file++) {
		rootfile_clear(&merged[file].file);
		lines_clear(&merged[file].own);
		free(merged[file].text);
		account_change_clear(&merged[file].change);
		free(texts[file]);
	}
	free(login_defs);
	return status;
}

int accountfiles_apply(const struct accountfiles *files)
{
	int status, lock;

	if (!has_sources(files) && !has_entries(files))
		return 0;
	lock = lock_accounts(files->etc);
	if (lock < 0)
		return lock;
	status = apply_locked(files);
	close(lock);
	return status;
}
