/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * An overview of the command directory.
 *
 * There are four kinds of nodes; the kernel names a node by its id:
 *
 *	FUSE_ROOT_ID	the command directory
 *	LSLFS_LINK	every command. All lead to PATH_EXECUTOR_LINK and have
 *			the same attributes, so they are one inode with many
 *			names, as hard links are. The kernel asks for its
 *			target once, and no state is kept here.
 *	manual pages	their directories and files (manpages.h)
 *	cmdset->node	a container's own directory. The id is made from its
 *			name and namespace, so a later server gives the same
 *			one. When the container is stopped it is stale.
 *
 * The operations of a kind are in its struct kind below.
 *
 * One thread receives requests (server.c) and never waits. It answers from
 * memory. If a request needs a look into a container, that container's worker,
 * which may hang (worker.h), gets the request and answers it.
 *
 * A request begins with lslfs_refresh, which reads the changes that the kernel
 * has queued. So each answer is up to date:
 *
 *	Lookups	of commands always look. The kernel keeps no negative entries
 *		of commands. It keeps other entries for seconds (policy.h), or
 *		until any bins change: then it has to look up every name anew,
 *		which takes no lock.
 *
 *	Listings are not kept by the kernel. They come from the store
 *		(listing.h) if nothing has changed, and are built anew
 *		otherwise. A reader that begins with a container decides this;
 *		later parts need a listing that is as new as the open
 *		directory.
 *
 * A position means the same in each listing, and the handle of an open
 * directory is the time at which it was opened. So no state is kept for an open
 * directory, and a later server continues where an earlier one was killed.
 *
 * Nothing here calls FUSE_NOTIFY_INVAL_ENTRY, for the reason in policy.h.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "lslfs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "connection.h"
#include "listing.h"
#include "manpages.h"
#include "monotonic.h"
#include "pathnames.h"
#include "policy.h"
#include "watch.h"
#include "worker.h"

void lslfs_init(struct lslfs *fs, const struct connection *connection)
{
	*fs = (struct lslfs){.connection = connection, .epoch = 1};
	clock_gettime(CLOCK_REALTIME, &fs->born);
	/*
	 * Names may have been removed while no server ran, so the kernel looks
	 * all of them up anew.
	 */
	fs->has_epoch = connection_notify(connection, CONNECTION_NEW_EPOCH) == 0;
}

void lslfs_refresh(struct lslfs *fs)
{
	bool has_changed = catalog_refresh();

	has_changed |= watch_drain();
	if (!has_changed || !fs->has_epoch)
		return;
	atomic_fetch_add(&fs->epoch, 1);
	/* It fails when the connection has ended. */
	(void)connection_notify(fs->connection, CONNECTION_NEW_EPOCH);
}

/* Entries and attributes for the kernel. */

static struct stat stat_of(const struct lslfs *fs, uint64_t node)
{
	bool is_link = node == LSLFS_LINK;

	return (struct stat){
		.st_ino = node,
		.st_mode = is_link ? S_IFLNK | 0777 : S_IFDIR | 0555,
		.st_nlink = is_link ? 1 : 2,
		.st_size = is_link ? (off_t)strlen(PATH_EXECUTOR_LINK) : 0,
		.st_blksize = 4096,
		.st_atim = fs->born,
		.st_mtim = fs->born,
		.st_ctim = fs->born,
	};
}

struct fuse_entry_param lslfs_entry(const struct lslfs *fs, uint64_t node, double timeout)
{
	return (struct fuse_entry_param){
		.ino = node,
		.attr = stat_of(fs, node),
		.attr_timeout = FOR_LONG,
		.entry_timeout = timeout,
	};
}

/* Looking up a command: its container's worker looks, then answers. */

static void answer_command(struct request *request, int status)
{
	bool is_bare = request->node != FUSE_ROOT_ID;
	struct fuse_entry_param entry = lslfs_entry(fuse_req_userdata(request->req), LSLFS_LINK,
						    is_bare ? BARE_TIMEOUT : ROOT_TIMEOUT);

	if (status < 0)
		fuse_reply_err(request->req, -status);
	else
		fuse_reply_entry(request->req, &entry);
	request_free(request);
}

static void lookup_in_root(fuse_req_t req, fuse_ino_t node, const char *name)
{
	const struct lslfs *fs = fuse_req_userdata(req);
	struct fuse_entry_param entry = {.entry_timeout = NAME_TIMEOUT(fs->has_epoch)};
	size_t len = strcspn(name, ":");
	struct cmdset *cmdset = catalog_by_name(name, len);

	if (cmdset && name[len] && command_program_valid(name + len + 1)) {
		worker_answer_by(request_new(req, node, name + len + 1), cmdset, cmdset_find,
				 answer_command);
		return;
	}
	if (cmdset && !name[len])
		entry = lslfs_entry(fs, cmdset->node, entry.entry_timeout);
	else if (strcmp(name, "share") == 0)
		entry = lslfs_entry(fs, LSLFS_SHARE, entry.entry_timeout);
	cmdset_unref(cmdset);
	/* The container may be started later, and then have that command. */
	if (name[len])
		fuse_reply_err(req, ENOENT);
	else
		fuse_reply_entry(req, &entry);
}

static void lookup_in_container(fuse_req_t req, fuse_ino_t node, const char *name)
{
	struct cmdset *cmdset = catalog_by_node(node);

	if (!cmdset) {
		fuse_reply_err(req, ESTALE);
	} else if (command_program_valid(name)) {
		worker_answer_by(request_new(req, node, name), cmdset, cmdset_find, answer_command);
	} else {
		cmdset_unref(cmdset);
		fuse_reply_err(req, ENOENT);
	}
}

/* The kinds of nodes and their operations; NULL: it has no such operation. */
static const struct kind {
	const char *target;
	void (*lookup)(fuse_req_t req, fuse_ino_t node, const char *name);
	/* cppcheck-suppress unusedStructMember; op_readdirplus calls it */
	void (*read)(struct request *request, int status);
} kinds[] = {
	[FUSE_ROOT_ID] = {.lookup = lookup_in_root, .read = reading_all},
	[LSLFS_LINK] = {.target = PATH_EXECUTOR_LINK},
	[LSLFS_SHARE] = {.lookup = manpages_lookup, .read = reading_fixed},
	[LSLFS_MAN] = {.lookup = manpages_lookup, .read = reading_fixed},
	[LSLFS_SECTIONS] = {.lookup = manpages_lookup_page, .read = reading_all},
	[LSLFS_CONTAINERS] = {.lookup = lookup_in_container, .read = reading_container},
};

static const struct kind *kind_of(uint64_t node)
{
	static const struct kind page = {.target = NULL};

	if (manpages_is_page(node))
		return &page;
	if (node >= LSLFS_CONTAINERS)
		return &kinds[LSLFS_CONTAINERS];
	return &kinds[node < LSLFS_SECTIONS ? node : LSLFS_SECTIONS];
}

/*
 * Answers a request of a worker of ours with an error, and returns false. Such
 * a worker looks into a directory that leads into ours, and would wait for
 * itself. Else reads all reports of changes, if MUST_REFRESH.
 */
static bool begin_request(fuse_req_t req, bool must_refresh)
{
	if (worker_is(fuse_req_ctx(req)->pid)) {
		fuse_reply_err(req, ELOOP);
		return false;
	}
	if (must_refresh)
		lslfs_refresh(fuse_req_userdata(req));
	return true;
}

/*
 * The supervisor has negotiated with the kernel (connection.c); this call only
 * informs libfuse.
 */
static void op_init(void *data, struct fuse_conn_info *conn)
{
	(void)data;
	conn->want &= ~(unsigned int)(FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE |
				      FUSE_CAP_SPLICE_MOVE);
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	const struct kind *kind = kind_of(parent);

	if (strlen(name) > LSLFS_NAME_MAX)
		fuse_reply_err(req, ENAMETOOLONG);
	else if (!kind->lookup)
		fuse_reply_err(req, ENOTDIR);
	else if (begin_request(req, true))
		kind->lookup(req, parent, name);
}

static void op_getattr(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *info)
{
	struct stat st = stat_of(fuse_req_userdata(req), node);

	(void)info;
	if (!manpages_is_page(node))
		fuse_reply_attr(req, &st, FOR_LONG);
	else if (begin_request(req, true))
		manpages_getattr(req, node);
}

static void op_readlink(fuse_req_t req, fuse_ino_t node)
{
	const char *target = kind_of(node)->target;

	if (target)
		fuse_reply_readlink(req, target);
	else
		fuse_reply_err(req, EINVAL);
}

/* Reads a page; the kernel reads no other kind of node. */
static void op_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
		    struct fuse_file_info *info)
{
	(void)info;
	if (begin_request(req, true))
		manpages_read(req, node, size, off);
}

static void op_opendir(fuse_req_t req, fuse_ino_t node, struct fuse_file_info *info)
{
	(void)node;
	if (!begin_request(req, true))
		return;
	info->fh = monotonic_ns();
	fuse_reply_open(req, info);
}

static void op_readdirplus(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
			   struct fuse_file_info *info)
{
	struct request *request;

	/*
	 * In the middle of a container, its listing must be as new as the open
	 * directory.
	 */
	if (!begin_request(req, ((uint64_t)off & LISTING_POSITION_MAX) <= 2))
		return;
	request = request_new(req, node, "");
	if (!request)
		return;
	request->size = size;
	request->off = (uint64_t)off;
	request->opened = info->fh;
	/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): a directory */
	kind_of(node)->read(request, 0);
}

static void op_statfs(fuse_req_t req, fuse_ino_t node)
{
	const struct statvfs st = {.f_bsize = 4096, .f_frsize = 4096, .f_namemax = LSLFS_NAME_MAX};

	(void)node;
	fuse_reply_statfs(req, &st);
}

/* There are no extended attributes. */
static void op_listxattr(fuse_req_t req, fuse_ino_t node, size_t size)
{
	(void)node;
	if (size)
		fuse_reply_buf(req, NULL, 0);
	else
		fuse_reply_xattr(req, 0);
}

/*
 * libfuse answers the other requests: open, forget, release and releasedir, for
 * which no state is kept, and getxattr with ENOSYS, after which the kernel does
 * not ask again. The kernel refuses all changes, because the file system is
 * mounted read-only.
 */
const struct fuse_lowlevel_ops lslfs_operations = {
	.init = op_init,
	.lookup = op_lookup,
	.getattr = op_getattr,
	.readlink = op_readlink,
	.read = op_read,
	.opendir = op_opendir,
	.readdirplus = op_readdirplus,
	.statfs = op_statfs,
	.listxattr = op_listxattr,
};
