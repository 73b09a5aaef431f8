/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/copies.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "etc/hostfile.h"
#include "inroot.h"
#include "lsl.h"
#include "files/inroot_make.h"
#include "etc/packages.h"
#include "files/rootfile.h"
#include "base/debug.h"

/* A larger file is no configuration file; it is mounted. */
#define COPY_SIZE_MAX (1024L * 1024)

#define ZONEINFO "/usr/share/zoneinfo/"

/* One target: its directory and its current file. */
struct copy_place {
	int dir;
	const char *name; /* within the target */
	struct rootfile now;
};

static int open_place(struct etcwork *work, const char *target, struct copy_place *place)
{
	char parent[PATH_MAX];
	int status;

	*place = (struct copy_place){.dir = -1};
	place->name = strrchr(target, '/') + 1;
	if ((size_t)(place->name - target) >= sizeof(parent))
		return -ENAMETOOLONG;
	memcpy(parent, target, (size_t)(place->name - target));
	parent[place->name - target - 1] = '\0';
	place->dir = inroot_make_dir_here(work->root, parent);
	if (place->dir < 0)
		return place->dir;
	status = rootfile_read(place->dir, place->name, COPY_SIZE_MAX, &place->now);
	return status == -ENOENT ? 0 : status;
}

static void close_place(struct copy_place *place)
{
	rootfile_clear(&place->now);
	if (place->dir >= 0)
		close(place->dir);
}

/*
 * The usual form of /etc/localtime names the zone by its path: programs read
 * it from the link, and tzdata's updates keep it.
 */
static int read_zone(struct etcwork *work, const char *source, struct rootfile *wanted)
{
	char path[PATH_MAX], zone[PATH_MAX];
	ssize_t len = readlink(source, path, sizeof(path) - 1);
	const char *name;
	struct stat st;

	if (len < 0)
		return -errno;
	path[len] = '\0';
	name = strstr(path, "/zoneinfo/");
	if (!name || snprintf(zone, sizeof(zone), ZONEINFO "%s", name + strlen("/zoneinfo/")) >=
			     (int)sizeof(zone))
		return -ENOENT;
	if (inroot_stat(work->root, zone, &st) < 0 || !S_ISREG(st.st_mode))
		return -ENOENT;
	*wanted = (struct rootfile){.kind = ROOTFILE_LINK, .bytes = strdup(zone)};
	if (!wanted->bytes)
		return -ENOMEM;
	wanted->len = strlen(zone);
	return 0;
}

/*
 * Without sudo in the container nothing reads sudoers. dpkg, installing sudo,
 * would find the copy in place of a file of the package, and ask.
 */
static bool has_reader(struct etcwork *work, const char *target)
{
	struct stat st;

	return strncmp(target, "/etc/sudoers", strlen("/etc/sudoers")) != 0 ||
	       inroot_stat(work->root, "/usr/bin/sudo", &st) == 0;
}

/* The wanted file. -EISDIR: it cannot be copied. */
static int read_wanted(struct etcwork *work, const struct bind *bind, struct rootfile *wanted)
{
	int status = -ENOENT;

	if (!has_reader(work, bind->target))
		return -ENOENT;
	if (strcmp(bind->target, "/etc/localtime") == 0)
		status = read_zone(work, bind->source, wanted);
	if (status < 0)
		status = hostfile_read(bind->source, COPY_SIZE_MAX, wanted);
	/* -ELOOP: a link of a user's, which nothing follows (hostpath.h). */
	return status == -EINVAL || status == -EFBIG || status == -ELOOP ? -EISDIR : status;
}

/*
 * Owner and mode: the container's, if it has such a file; sudo takes no sudoers
 * but 0440. The copy is never setuid, since a user may have written the
 * content. If some users may not read the host's file, only root may read the
 * copy.
 */
static void choose_mode(const char *target, const struct rootfile *before, struct rootfile *wanted)
{
	mode_t host_mode = wanted->st.st_mode;

	wanted->st.st_uid = wanted->st.st_gid = 0;
	wanted->st.st_mode = 0644;
	if (before->kind == ROOTFILE_REGULAR) {
		wanted->st.st_uid = before->st.st_uid;
		wanted->st.st_gid = before->st.st_gid;
		wanted->st.st_mode = before->st.st_mode & 0777;
	} else if (strncmp(target, "/etc/sudoers", strlen("/etc/sudoers")) == 0) {
		wanted->st.st_mode = 0440;
	}
	if (host_mode & S_IROTH)
		return;
	wanted->st.st_uid = wanted->st.st_gid = 0;
	wanted->st.st_mode &= ~(mode_t)077;
}

/* Whether the current file is the one that lsl put there. */
static bool is_ours(const struct journal_entry *entry, const struct rootfile *now)
{
	uint64_t hash;
	size_t i;

	if (now->kind != ROOTFILE_REGULAR && now->kind != ROOTFILE_LINK)
		return false;
	hash = rootfile_hash(now);
	for (i = 0; i < JOURNAL_WRITTEN; i++)
		if (entry->written[i] == hash)
			return true;
	return false;
}

/* Puts WANTED in place of an earlier copy, or of no file. */
static int replace_copy(struct etcwork *work, const char *target, const struct copy_place *place,
			struct rootfile *wanted, uint64_t hash)
{
	struct journal_entry *entry = journal_find(&work->journal, target);
	int status;

	entry->written[1] = entry->written[0];
	entry->written[0] = hash;
	status = journal_write(work->etc, &work->journal);
	if (status == 0)
		status = rootfile_put(place->dir, place->name, wanted);
	if (status < 0)
		return status;
	entry = journal_find(&work->journal, target);
	entry->written[1] = 0;
	entry->source = hash;
	entry->is_own = false;
	debug("%s: copied to %s", work->container, target);
	return journal_write(work->etc, &work->journal);
}

/* The container's own file is kept first, if there is one. */
static int set_aside_and_replace(struct etcwork *work, const char *target,
				 const struct copy_place *place, struct rootfile *wanted,
				 uint64_t hash)
{
	struct journal_entry *entry = journal_add(&work->journal, target);
	int status;

	if (!entry)
		return -ENOMEM;
	if (place->now.kind == ROOTFILE_OTHER)
		return -EEXIST;
	if (place->now.kind != ROOTFILE_NONE) {
		entry->had = true;
		entry->is_packaged = packages_own(work->root, target);
	}
	entry->written[0] = hash;
	status = journal_write(work->etc, &work->journal);
	if (status == 0 && place->now.kind != ROOTFILE_NONE)
		status = rootfile_keep(place->dir, place->name);
	return status < 0 ? status : replace_copy(work, target, place, wanted, hash);
}

/*
 * The container's programs have replaced or removed the copy. Whether that
 * stays.
 */
static bool replacement_stays(struct etcwork *work, struct journal_entry *entry,
			      const struct copy_place *place, uint64_t hash)
{
	bool was_own = entry->is_own;

	entry->is_own = place->now.kind != ROOTFILE_NONE && packages_own(work->root, entry->target);
	if (entry->is_own && !was_own)
		lsl_say("%s: %s stays as it is inside: a package of the container installed its own version",
			work->container, entry->target);
	return entry->is_own || (!work->is_start && entry->source == hash);
}

static int put_copy(struct etcwork *work, const char *target, const struct copy_place *place,
		    struct rootfile *wanted)
{
	struct journal_entry *entry = journal_find(&work->journal, target);
	uint64_t hash = rootfile_hash(wanted);

	if (wanted->kind == ROOTFILE_REGULAR)
		choose_mode(target, &place->now, wanted);
	if (!entry)
		return set_aside_and_replace(work, target, place, wanted, hash);
	if (is_ours(entry, &place->now)) {
		if (entry->written[0] == hash && rootfile_hash(&place->now) == hash)
			return 0;
		return replace_copy(work, target, place, wanted, hash);
	}
	if (!replacement_stays(work, entry, place, hash))
		return set_aside_and_replace(work, target, place, wanted, hash);
	/* The version of the host's file that it replaced. */
	entry->source = hash;
	return journal_write(work->etc, &work->journal);
}

/* The host's file was removed. */
static int withdraw(struct etcwork *work, const char *target)
{
	struct journal_entry *entry = journal_find(&work->journal, target);
	int status;

	if (!entry)
		return 0;
	status = copies_take_out(work, entry);
	if (status < 0)
		return status;
	journal_remove(&work->journal, entry);
	return journal_write(work->etc, &work->journal);
}

int copies_apply(struct etcwork *work, const struct bind *bind)
{
	struct rootfile wanted = {.kind = ROOTFILE_NONE};
	struct copy_place place;
	int status = read_wanted(work, bind, &wanted);

	if (status == -ENOENT)
		return withdraw(work, bind->target);
	if (status < 0)
		return status;
	status = open_place(work, bind->target, &place);
	if (status == 0)
		status = put_copy(work, bind->target, &place, &wanted);
	close_place(&place);
	rootfile_clear(&wanted);
	return status;
}

int copies_add(struct etcwork *work, const char *target, struct rootfile *wanted)
{
	struct journal_entry *entry;
	struct copy_place place;
	int status = open_place(work, target, &place);

	if (status == 0 && place.now.kind == ROOTFILE_NONE) {
		entry = journal_add(&work->journal, target);
		status = entry ? replace_copy(work, target, &place, wanted, rootfile_hash(wanted))
			       : -ENOMEM;
	}
	close_place(&place);
	return status;
}

/*
 * The package of the file that is kept was removed inside, and the copy with
 * it.
 */
static bool was_purged(struct etcwork *work, const struct journal_entry *entry,
		       const struct copy_place *place)
{
	return entry->is_packaged && place->now.kind == ROOTFILE_NONE &&
	       !packages_own(work->root, entry->target);
}

/*
 * A container's own file that equals the copy, and that no kept one stands for,
 * is that of a start that was killed before it changed anything.
 */
static int undo(struct etcwork *work, const struct journal_entry *entry,
		const struct copy_place *place)
{
	int is_kept = rootfile_is_kept(place->dir, place->name);
	bool is_newer = place->now.kind != ROOTFILE_NONE && !is_ours(entry, &place->now);

	if (is_kept < 0)
		return is_kept;
	if (is_newer || was_purged(work, entry, place))
		return rootfile_forget(place->dir, place->name);
	if (is_kept)
		return rootfile_put_back(place->dir, place->name);
	return entry->had ? 0 : rootfile_remove(place->dir, place->name);
}

int copies_take_out(struct etcwork *work, const struct journal_entry *entry)
{
	struct copy_place place;
	int status = open_place(work, entry->target, &place);

	if (status == 0)
		status = rootfile_remove_new(place.dir, place.name);
	if (status == 0)
		status = undo(work, entry, &place);
	close_place(&place);
	return status;
}
