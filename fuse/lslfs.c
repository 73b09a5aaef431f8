/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Kinds of identity. A node id is what the kernel calls an inode by:
 *
 *   FUSE_ROOT_ID	the command directory
 *   LINK_NODE		every command. They all lead to PATH_EXECUTOR and have the
 *			same attributes, so they are one inode with many names, as
 *			hard links are; the kernel asks for its target once, and we
 *			keep no table.
 *   started->node	a container's own directory. Made from its name and namespace, so
 *			a later life of the daemon gives the same ones, and no other
 *			container ever gets it. Of a stopped container it answers ESTALE.
 *
 * Nothing hangs on lookup counts, so forget is a matter of saying nothing.
 *
 * A position in a directory, the kernel's off, is a container's tag (started.h)
 * and a position in its listing (listing.h):
 *
 *	root		1 ".", 2 ".."; then for each container, by tag: tag:0 its
 *			directory, tag:position its commands
 *	a container	1 ".", 2 ".."; then 1:position
 *
 * An answer begins with catalog_refresh, which makes it an answer about now. A
 * thread looks into a container only between pool_enter and pool_leave, and
 * when pool_leave says -ECANCELED it returns with nothing touched: somebody
 * else answers the request. For how long the kernel may believe an answer: policy.h.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "lslfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "catalog.h"
#include "command.h"
#include "dircache.h"
#include "generation.h"
#include "handles.h"
#include "listing.h"
#include "log.h"
#include "notify.h"
#include "pathnames.h"
#include "policy.h"
#include "search.h"
#include "watch.h"

#define LINK_NODE 2

#define POSITION_DOT 1
#define POSITION_DOTDOT 2

struct lslfs {
	struct fuse_session *session;
	struct notify notify;
	struct catalog *catalog;
	struct watch *watch;
	struct pool *pool;
	struct dircache *root;
	struct handles *handles;
	struct listing_store *listings;
	struct timespec born;
};

struct pool *lslfs_pool(struct lslfs *fs)
{
	return fs->pool;
}

int lslfs_tend(struct lslfs *fs)
{
	int check = pool_check(fs->pool), trim = listing_store_trim(fs->listings);

	return check < 0 || (trim >= 0 && trim < check) ? trim : check;
}

/* Attributes. */

static struct stat link_stat(const struct lslfs *fs)
{
	return (struct stat){
		.st_ino = LINK_NODE,
		.st_mode = S_IFLNK | 0777,
		.st_nlink = 1,
		.st_size = (off_t)strlen(PATH_EXECUTOR),
		.st_blksize = 4096,
		.st_atim = fs->born,
		.st_mtim = fs->born,
		.st_ctim = fs->born,
	};
}

/* Programs that know inode numbers of 32 bits only have to get along too. */
static ino_t short_ino(uint64_t node)
{
	return node > UINT32_MAX ? (ino_t)((node ^ node >> 32) & UINT32_MAX) | 0x80000000
				 : (ino_t)node;
}

static struct stat directory_stat(const struct lslfs *fs, uint64_t node)
{
	return (struct stat){
		.st_ino = short_ino(node),
		.st_mode = S_IFDIR | 0555,
		.st_nlink = 2,
		.st_blksize = 4096,
		.st_atim = fs->born,
		.st_mtim = fs->born,
		.st_ctim = fs->born,
	};
}

static struct fuse_entry_param link_entry(const struct lslfs *fs, double timeout)
{
	return (struct fuse_entry_param){
		.ino = LINK_NODE,
		.attr = link_stat(fs),
		.attr_timeout = FOR_LONG,
		.entry_timeout = timeout,
	};
}

static struct fuse_entry_param directory_entry(const struct lslfs *fs, uint64_t node)
{
	return (struct fuse_entry_param){
		.ino = node,
		.attr = directory_stat(fs, node),
		.attr_timeout = FOR_LONG,
		.entry_timeout = FOR_LONG,
	};
}

/* No such name, and there will be none. */
static struct fuse_entry_param negative_entry(void)
{
	return (struct fuse_entry_param){.ino = 0, .entry_timeout = FOR_LONG};
}

/* Containers. */

static bool is_cacheable(struct started *started)
{
	return atomic_load(&started->is_watched) && !atomic_load(&started->must_look) &&
	       !atomic_load(&started->hung);
}

static double entry_timeout(struct started *started)
{
	return is_cacheable(started) ? ENTRY_TIMEOUT : 0;
}

static void container_hangs(struct started *started, bool it_does, void *arg)
{
	struct lslfs *fs = arg;

	log_line(LOG_WARNING,
		 it_does ? "%s does not answer: its commands are left out until it does"
			 : "%s answers again",
		 started->name);
	started_changed(started);
	watch_wake(fs->watch);
}

static void catalog_changed(struct started *old, struct started *new, void *arg)
{
	struct lslfs *fs = arg;

	watch_catalog_changed(fs->watch, old, new);
}

/* Lookup. */

/* -ENOENT; -ETIMEDOUT where the container hangs; -ECANCELED. */
static int find_program(struct lslfs *fs, struct started *started, const char *program,
			struct fuse_entry_param *entry)
{
	char path[PATH_MAX];
	int left, status = pool_enter(fs->pool, started);

	if (status < 0)
		return status;
	/* Watch, then look: otherwise what happens in between would go unnoticed. */
	if (atomic_load(&started->must_look))
		watch_look(fs->watch, started);
	*entry = link_entry(fs, entry_timeout(started));
	status = search_find(started->root, started->bins, program, path, sizeof(path));
	left = pool_leave();
	if (left < 0)
		return left;
	return status == 0 ? 0 : -ENOENT;
}

static int find_in_container(struct lslfs *fs, uint64_t node, const char *name,
			     struct fuse_entry_param *entry)
{
	struct started *started = catalog_by_node(fs->catalog, node);
	int status = -ESTALE;

	if (!started)
		return status;
	status = command_program_valid(name) ? find_program(fs, started, name, entry) : -ENOENT;
	started_unref(started);
	return status;
}

static int find_in_root(struct lslfs *fs, const char *name, struct fuse_entry_param *entry)
{
	struct command command;
	struct started *started;
	int status = 0;

	if (command_split(name, &command)) {
		started = catalog_by_name(fs->catalog, command.container);
		if (!started)
			return -ENOENT;
		status = find_program(fs, started, command.program, entry);
	} else {
		started = catalog_by_name(fs->catalog, name);
		if (!started) {
			*entry = negative_entry();
			return 0;
		}
		*entry = directory_entry(fs, started->node);
	}
	started_unref(started);
	return status;
}

static void answer_lookup(struct call *call)
{
	struct lslfs *fs = call->context;
	struct fuse_entry_param entry;
	int status;

	catalog_refresh(fs->catalog);
	if (call->node == FUSE_ROOT_ID)
		status = find_in_root(fs, call->name, &entry);
	else
		status = find_in_container(fs, call->node, call->name, &entry);
	if (status == -ECANCELED)
		return;
	if (status < 0)
		fuse_reply_err(call->req, -status);
	else
		fuse_reply_entry(call->req, &entry);
}

/* Opening and closing a directory. */

/* Looks for news about STARTED. -ECANCELED; otherwise *CACHEABLE is cleared where that fails. */
static int look_into(struct lslfs *fs, struct started *started, bool *cacheable)
{
	int status = pool_enter(fs->pool, started);

	if (status == 0) {
		watch_look(fs->watch, started);
		status = pool_leave();
		if (status < 0)
			return status;
	}
	*cacheable &= is_cacheable(started);
	return 0;
}

static int open_root(struct lslfs *fs, struct dirhandle *handle, bool *keep)
{
	struct started *started;
	bool cacheable = true;
	unsigned int tag = 0;
	int status = 0;

	while (status == 0 && (started = catalog_from_tag(fs->catalog, tag))) {
		tag = started->tag + 1;
		status = look_into(fs, started, &cacheable);
		started_unref(started);
	}
	if (status == 0)
		*keep = dircache_open(fs->root, handle, generation_now(), fs->notify.epoch,
				      cacheable);
	return status;
}

static int open_container(struct lslfs *fs, uint64_t node, struct dirhandle *handle, bool *keep)
{
	struct started *started = catalog_by_node(fs->catalog, node);
	bool cacheable = true;
	int status;

	if (!started)
		return -ESTALE;
	status = look_into(fs, started, &cacheable);
	if (status == 0)
		*keep = dircache_open(started->dircache, handle, atomic_load(&started->generation),
				      fs->notify.epoch, cacheable);
	started_unref(started);
	return status;
}

/* The reader of HANDLE is back, so it has taken in what it was given. */
static void forget_stragglers(struct lslfs *fs, struct dirhandle *handle)
{
	if (handle->has_names)
		notify_stragglers(&fs->notify, handle->news);
	handle->has_names = false;
}

static void close_handle(struct lslfs *fs, struct dirhandle *handle)
{
	if (dircache_close(handle))
		watch_wake(fs->watch);
	handles_remove(fs->handles, handle);
}

static void answer_opendir(struct call *call)
{
	struct lslfs *fs = call->context;
	struct fuse_file_info info = {.flags = 0};
	struct dirhandle *handle = handles_add(fs->handles);
	bool keep = false;
	int status = -ENOMEM;

	catalog_refresh(fs->catalog);
	watch_drain(fs->watch);
	if (handle && call->node == FUSE_ROOT_ID)
		status = open_root(fs, handle, &keep);
	else if (handle)
		status = open_container(fs, call->node, handle, &keep);
	if (status < 0) {
		if (handle)
			handles_remove(fs->handles, handle);
		if (status != -ECANCELED)
			fuse_reply_err(call->req, -status);
		return;
	}
	info.fh = handle->id;
	info.cache_readdir = handle->is_caching;
	info.keep_cache = keep;
	/* ENOENT: the opener was killed meanwhile, and will not close. */
	if (fuse_reply_open(call->req, &info) == -ENOENT)
		close_handle(fs, handle);
}

static void answer_releasedir(struct call *call)
{
	struct lslfs *fs = call->context;
	struct dirhandle *handle = handles_find(fs->handles, call->handle);

	if (handle) {
		forget_stragglers(fs, handle);
		close_handle(fs, handle);
	}
	fuse_reply_err(call->req, 0);
}

/* Reading a directory. */

struct reading {
	struct lslfs *fs;
	struct call *call;
	struct dirhandle *handle;
	uint64_t since; /* all changes up to this tick have to be shown */
	char *buffer;
	size_t used;
	bool is_full;

	/* The last entry, in case it has to be written once more. */
	char last_name[CALL_NAME_MAX + 1];
	struct fuse_entry_param last_entry;
	size_t last_at;
	uint64_t last_position;
};

static size_t write_entry(struct reading *reading, size_t at, const char *name,
			  const struct fuse_entry_param *entry, uint64_t position)
{
	char *buffer = reading->buffer + at;
	size_t room = reading->call->size - at;

	if (reading->call->is_plus)
		return fuse_add_direntry_plus(reading->call->req, buffer, room, name, entry,
					      (off_t)position);
	return fuse_add_direntry(reading->call->req, buffer, room, name, &entry->attr,
				 (off_t)position);
}

/* False when there is no more room. */
static bool add_entry(struct reading *reading, const char *name,
		      const struct fuse_entry_param *entry, uint64_t position)
{
	size_t len;

	/* That position is the end of everything for this reader, dircache.c. */
	if (position == reading->handle->end)
		position++;
	len = write_entry(reading, reading->used, name, entry, position);
	if (len > reading->call->size - reading->used) {
		reading->is_full = true;
		return false;
	}
	if (reading->handle->end) {
		strcpy(reading->last_name, name);
		reading->last_entry = *entry;
	}
	reading->last_at = reading->used;
	reading->last_position = position;
	reading->used += len;
	return true;
}

static bool add_dots(struct reading *reading)
{
	struct fuse_entry_param entry = {.attr = directory_stat(reading->fs, reading->call->node)};

	if (reading->call->off < POSITION_DOT && !add_entry(reading, ".", &entry, POSITION_DOT))
		return false;
	if (reading->call->off < POSITION_DOTDOT &&
	    !add_entry(reading, "..", &entry, POSITION_DOTDOT))
		return false;
	return true;
}

/*
 * The listing that the reader goes on with, or a new one. NULL where there is none: the
 * container hangs or was stopped. -ECANCELED, -ENOMEM.
 */
static int get_listing(struct reading *reading, struct started *started, bool is_first,
		       struct listing **listing)
{
	int left, status;

	*listing = listing_store_take(reading->fs->listings, started, reading->since, is_first);
	if (*listing)
		return 0;
	status = pool_enter(reading->fs->pool, started);
	if (status < 0)
		return 0;
	if (atomic_load(&started->must_look))
		watch_look(reading->fs->watch, started);
	status = listing_build(started, listing);
	left = pool_leave();
	if (left == 0)
		return status;
	listing_free(*listing);
	return left;
}

static void add_items(struct reading *reading, struct started *started,
		      const struct listing *listing, uint64_t position, uint64_t base)
{
	struct fuse_entry_param entry =
		link_entry(reading->fs, is_cacheable(started) ? listing_lifetime(listing) : 0);
	char name[CALL_NAME_MAX + 1];
	size_t i, prefix = 0;

	/* Names of a superseded listing may be gone, and the kernel was told so: not to be cached. */
	if (listing->generation != atomic_load(&started->generation))
		entry.ino = 0;
	if (reading->call->node == FUSE_ROOT_ID)
		prefix = (size_t)snprintf(name, sizeof(name), "%s:", started->name);
	for (i = listing_seek(listing, position); i < listing->count; i++) {
		snprintf(name + prefix, sizeof(name) - prefix, "%s", listing_name(listing, i));
		if (!add_entry(reading, name, &entry, base | listing->items[i].position))
			break;
	}
}

/* The commands of STARTED behind POSITION, each at BASE | its position. */
static int add_commands(struct reading *reading, struct started *started, uint64_t position,
			uint64_t base)
{
	struct listing *listing;
	int status = get_listing(reading, started, position == 0, &listing);

	if (status < 0 || !listing)
		return status;
	add_items(reading, started, listing, position, base);
	listing_store_put(reading->fs->listings, listing);
	return 0;
}

static uint64_t position_of_tag(unsigned int tag)
{
	return (uint64_t)tag << LISTING_POSITION_BITS;
}

static int read_root(struct reading *reading)
{
	unsigned int tag = (unsigned int)(reading->call->off >> LISTING_POSITION_BITS);
	uint64_t position = reading->call->off - position_of_tag(tag);
	struct fuse_entry_param entry;
	struct started *started;
	bool is_inside = tag > 0;
	int status = 0;

	if (!is_inside && !add_dots(reading))
		return 0;
	while (status == 0 && !reading->is_full &&
	       (started = catalog_from_tag(reading->fs->catalog, tag))) {
		if (!is_inside || started->tag != tag) {
			position = 0;
			entry = directory_entry(reading->fs, started->node);
			add_entry(reading, started->name, &entry, position_of_tag(started->tag));
		}
		if (!reading->is_full)
			status = add_commands(reading, started, position,
					      position_of_tag(started->tag));
		is_inside = false;
		tag = started->tag + 1;
		started_unref(started);
	}
	return status;
}

static int read_container(struct reading *reading)
{
	struct started *started = catalog_by_node(reading->fs->catalog, reading->call->node);
	uint64_t off = reading->call->off;
	int status = 0;

	if (!started)
		return -ESTALE;
	if (add_dots(reading))
		status = add_commands(reading, started,
				      off > POSITION_DOTDOT ? off - position_of_tag(1) : 0,
				      position_of_tag(1));
	started_unref(started);
	return status;
}

static int read_directory(struct reading *reading)
{
	const struct dirhandle *handle = reading->handle;
	struct call *call = reading->call;
	int status;

	if (handle->end && call->off == handle->end)
		return 0;
	status = call->node == FUSE_ROOT_ID ? read_root(reading) : read_container(reading);
	if (status < 0)
		return status;
	if (handle->end && reading->used && !reading->is_full) {
		write_entry(reading, reading->last_at, reading->last_name, &reading->last_entry,
			    handle->end);
		reading->last_position = handle->end;
	}
	return reading->is_full && !reading->used ? -EINVAL : 0;
}

/* The kernel goes on reading what an earlier life of the daemon has opened. */
static struct dirhandle *adopt(struct lslfs *fs, const struct call *call)
{
	struct dirhandle *handle = handles_adopt(fs->handles, call->handle);
	struct started *started = NULL;
	struct dircache *cache = fs->root;

	if (!handle)
		return NULL;
	if (call->node != FUSE_ROOT_ID) {
		started = catalog_by_node(fs->catalog, call->node);
		if (!started) {
			handles_remove(fs->handles, handle);
			return NULL;
		}
		cache = started->dircache;
	}
	dircache_open(cache, handle, generation_now(), fs->notify.epoch, true);
	/* It may be, and that is all that matters. */
	handle->is_caching = true;
	handle->end = 0;
	if (started)
		started_unref(started);
	return handle;
}

static void answer_readdir(struct call *call)
{
	struct lslfs *fs = call->context;
	struct reading reading = {.fs = fs, .call = call};
	uint64_t off = call->off;
	unsigned int news;
	int status;

	/* Before anything is looked up in it: to a later life's first request it is empty. */
	catalog_refresh(fs->catalog);
	reading.handle = handles_find(fs->handles, call->handle);
	if (!reading.handle)
		reading.handle = adopt(fs, call);
	reading.buffer = malloc(call->size);
	if (!reading.handle || !reading.buffer) {
		free(reading.buffer);
		fuse_reply_err(call->req, reading.handle ? ENOMEM : ESTALE);
		return;
	}
	forget_stragglers(fs, reading.handle);
	news = fs->notify.news;
	/* A reader at the beginning, perhaps by rewinddir(3), has to see what is there now. */
	if (off == 0)
		watch_drain(fs->watch);
	reading.since = dircache_read_begin(reading.handle, off);
	status = read_directory(&reading);
	if (status == 0) {
		reading.handle->has_names = call->is_plus && reading.used;
		reading.handle->news = news;
		/* In this order: once it is answered, the reader may close the handle. */
		if (dircache_read_end(reading.handle, off,
				      reading.used ? reading.last_position : 0))
			watch_wake(fs->watch);
		fuse_reply_buf(call->req, reading.buffer, reading.used);
	} else if (status != -ECANCELED) {
		fuse_reply_err(call->req, -status);
	}
	free(reading.buffer);
}

/* The rest. */

static void answer_getattr(struct call *call)
{
	struct lslfs *fs = call->context;
	struct started *started;
	struct stat st;

	if (call->node == LINK_NODE) {
		st = link_stat(fs);
	} else {
		st = directory_stat(fs, call->node);
		catalog_refresh(fs->catalog);
		started = call->node == FUSE_ROOT_ID ? NULL
						     : catalog_by_node(fs->catalog, call->node);
		if (!started && call->node != FUSE_ROOT_ID) {
			fuse_reply_err(call->req, ESTALE);
			return;
		}
		if (started)
			started_unref(started);
	}
	fuse_reply_attr(call->req, &st, FOR_LONG);
}

static void answer_readlink(struct call *call)
{
	if (call->node == LINK_NODE)
		fuse_reply_readlink(call->req, PATH_EXECUTOR);
	else
		fuse_reply_err(call->req, EINVAL);
}

static void answer_statfs(struct call *call)
{
	const struct statvfs st = {
		.f_bsize = 4096,
		.f_frsize = 4096,
		.f_namemax = CALL_NAME_MAX,
	};

	fuse_reply_statfs(call->req, &st);
}

static void answer_access(struct call *call)
{
	fuse_reply_err(call->req, (call->size & W_OK) ? EROFS : 0);
}

/* What libfuse calls: each request becomes a call, and is answered. */

static void answer(fuse_req_t req, struct call *call, void (*answer_it)(struct call *call))
{
	struct lslfs *fs = fuse_req_userdata(req);

	/* We look into a directory that leads into our own: whoever waits for us must not be us. */
	if (pool_has_thread(fs->pool, fuse_req_ctx(req)->pid)) {
		fuse_reply_err(req, ELOOP);
		return;
	}
	call->answer = answer_it;
	call->context = fs;
	call->req = req;
	answer_it(call);
}

static void op_init(void *data, struct fuse_conn_info *conn)
{
	(void)data;
	/* Plus always: with _AUTO a long listing asks for each name after the first few. */
	conn->want &= ~(unsigned int)(FUSE_CAP_READDIRPLUS_AUTO | FUSE_CAP_AUTO_INVAL_DATA);
	conn->want |= conn->capable &
		      (FUSE_CAP_CACHE_SYMLINKS | FUSE_CAP_READDIRPLUS | FUSE_CAP_PARALLEL_DIROPS);
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct call *call = pool_call();

	if (strlen(name) > CALL_NAME_MAX) {
		fuse_reply_err(req, ENAMETOOLONG);
		return;
	}
	call->node = parent;
	strcpy(call->name, name);
	answer(req, call, answer_lookup);
}

static void op_forget(fuse_req_t req, fuse_ino_t node, uint64_t count)
{
	(void)node;
	(void)count;
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
	(void)count;
	(void)forgets;
	fuse_reply_none(req);
}

static void op_getattr(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *info)
{
	struct call *call = pool_call();

	(void)info;
	call->node = node;
	answer(req, call, answer_getattr);
}

static void op_readlink(fuse_req_t req, fuse_ino_t node)
{
	struct call *call = pool_call();

	call->node = node;
	answer(req, call, answer_readlink);
}

static void op_opendir(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *info)
{
	struct call *call = pool_call();

	(void)info;
	call->node = node;
	answer(req, call, answer_opendir);
}

static void read_some(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
		      const struct fuse_file_info *info, bool is_plus)
{
	struct call *call = pool_call();

	call->node = node;
	call->size = size;
	call->off = (uint64_t)off;
	call->handle = info->fh;
	call->is_plus = is_plus;
	answer(req, call, answer_readdir);
}

static void op_readdir(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
		       struct fuse_file_info *info)
{
	read_some(req, node, size, off, info, false);
}

static void op_readdirplus(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
			   struct fuse_file_info *info)
{
	read_some(req, node, size, off, info, true);
}

static void op_releasedir(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *info)
{
	struct call *call = pool_call();

	call->node = node;
	call->handle = info->fh;
	answer(req, call, answer_releasedir);
}

static void op_statfs(fuse_req_t req, fuse_ino_t node)
{
	struct call *call = pool_call();

	call->node = node;
	answer(req, call, answer_statfs);
}

static void op_access(fuse_req_t req, fuse_ino_t node, int mask)
{
	struct call *call = pool_call();

	call->node = node;
	call->size = (size_t)mask;
	answer(req, call, answer_access);
}

/* What would change something. The kernel, knowing that we are read-only, does not ask. */

static void refuse(fuse_req_t req)
{
	fuse_reply_err(req, EROFS);
}

static void op_setattr(fuse_req_t req, fuse_ino_t node, struct stat *attr, int to_set,
		       struct fuse_file_info *info)
{
	(void)node;
	(void)attr;
	(void)to_set;
	(void)info;
	refuse(req);
}

static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t dev)
{
	(void)parent;
	(void)name;
	(void)mode;
	(void)dev;
	refuse(req);
}

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	op_mknod(req, parent, name, mode, 0);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	op_mknod(req, parent, name, 0, 0);
}

static void op_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name)
{
	(void)target;
	op_mknod(req, parent, name, 0, 0);
}

static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
		      const char *new_name, unsigned int flags)
{
	(void)new_parent;
	(void)new_name;
	(void)flags;
	op_mknod(req, parent, name, 0, 0);
}

static void op_link(fuse_req_t req, fuse_ino_t node, fuse_ino_t new_parent, const char *new_name)
{
	(void)node;
	op_mknod(req, new_parent, new_name, 0, 0);
}

static void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
		      struct fuse_file_info *info)
{
	(void)info;
	op_mknod(req, parent, name, mode, 0);
}

const struct fuse_lowlevel_ops lslfs_operations = {
	.init = op_init,
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.opendir = op_opendir,
	.readdir = op_readdir,
	.readdirplus = op_readdirplus,
	.releasedir = op_releasedir,
	.statfs = op_statfs,
	.access = op_access,
	.setattr = op_setattr,
	.mknod = op_mknod,
	.mkdir = op_mkdir,
	.unlink = op_unlink,
	.rmdir = op_unlink,
	.symlink = op_symlink,
	.rename = op_rename,
	.link = op_link,
	.create = op_create,
};

/* Its life. */

int lslfs_new(struct lslfs **fs)
{
	struct lslfs *new = calloc(1, sizeof(*new));
	int status;

	if (!new)
		return -ENOMEM;
	clock_gettime(CLOCK_REALTIME, &new->born);
	new->root = dircache_new(FUSE_ROOT_ID);
	new->handles = handles_new();
	new->listings = listing_store_new();
	status = new->root &&new->handles &&new->listings ? 0 : -ENOMEM;
	if (status == 0)
		status = watch_new(&new->watch);
	if (status == 0)
		status = catalog_new(&new->catalog, catalog_changed, new);
	/* On failure the process ends, and this with it. */
	if (status == 0)
		*fs = new;
	return status;
}

int lslfs_start(struct lslfs *fs, struct fuse_session *session, bool may_use_epoch)
{
	struct watch_ties ties = {
		.notify = &fs->notify,
		.catalog = fs->catalog,
		.root = fs->root,
	};
	int status;

	fs->session = session;
	notify_init(&fs->notify, session, may_use_epoch);
	fs->pool = ties.pool = pool_new(session, container_hangs, fs);
	if (!fs->pool)
		return -ENOMEM;
	status = watch_start(fs->watch, &ties);
	return status < 0 ? status : pool_start(fs->pool);
}
