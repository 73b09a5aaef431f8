/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A node id of a page: MANPAGES_PAGE, then its container's tag, the number of
 * its section, and a hash of its name. A position in a section's directory is
 * as in the root (reading.c): 1 ".", 2 "..", then tag:position.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "manpages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "hash.h"
#include "inroot.h"
#include "listing.h"
#include "lslfs.h"
#include "monotonic.h"
#include "policy.h"
#include "sopage.h"
#include "worker.h"

/* The largest page: bash's is a tenth of that. */
#define PAGE_MAX (2L * 1024 * 1024)

/* The bit that only ids of pages have. */
#define PAGE (UINT64_C(1) << 62)
#define HASH_BITS 34
#define SECTION_BITS 4
#define HASH_MASK ((UINT64_C(1) << HASH_BITS) - 1)

/* A position after the last page of any listing. */
#define POSITION_END LISTING_POSITION_MAX

/* The names of sections, after "man" in names of directories. */
static const char *const sections[] = {
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "n", "l", "0p", "1p", "3p",
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

_Static_assert(SECTIONS <= 1 << SECTION_BITS, "a page's node id has its section");
_Static_assert(LSLFS_NODE_MAX < UINT64_C(1) << (62 - HASH_BITS - SECTION_BITS),
	       "and its container");
_Static_assert(LSLFS_SECTIONS + SECTIONS <= LSLFS_CONTAINERS, "sections have node ids");

bool manpages_is_page(uint64_t node)
{
	return node & PAGE;
}

static uint64_t hash_of(const char *name)
{
	return hash_bytes(HASH_BEGIN, name, strlen(name)) & HASH_MASK;
}

static uint64_t page_of(uint64_t container, size_t section, const char *name)
{
	return PAGE | container << (HASH_BITS + SECTION_BITS) | (uint64_t)section << HASH_BITS |
	       hash_of(name);
}

/* NODE is a page, or the directory of a section. */
static size_t section_of(uint64_t node)
{
	if (!manpages_is_page(node))
		return node - LSLFS_SECTIONS;
	return node >> HASH_BITS & ((1U << SECTION_BITS) - 1);
}

static uint64_t container_of(uint64_t page)
{
	return page >> (HASH_BITS + SECTION_BITS) & LSLFS_NODE_MAX;
}

/* Looking into the container's directories. Only workers do this. */

/*
 * Sets PATH to the directory of SECTION in the Nth place for pages: two for
 * each of bins, and two that every system has. False: there is no Nth place.
 */
static bool place_of(const struct cmdset *cmdset, size_t n, size_t section, char path[PATH_MAX])
{
	static const char *const usual[] = {"/usr/local/share", "/usr/share"};
	const char *bin = cmdset->bins.first, *slash;
	size_t i;

	for (i = 0; i < n / 2 && bin != cmdset->bins.end; i++)
		bin = record_next(bin);
	if (bin != cmdset->bins.end) {
		slash = strrchr(bin, '/');
		return snprintf(path, PATH_MAX, "%.*s%s/man/man%s", (int)(slash - bin), bin,
				n % 2 ? "" : "/share", sections[section]) < PATH_MAX;
	}
	n -= 2 * i;
	if (n < 2)
		snprintf(path, PATH_MAX, "%s/man/man%s", usual[n], sections[section]);
	return n < 2;
}

static bool is_last_place(const struct cmdset *cmdset, size_t n)
{
	return n >= 2 * cmdset->bin_count + 2;
}

/*
 * Opens the page NAME in DIRECTORY of the container. It opens no device,
 * because that may have effects.
 */
static int open_page(const struct cmdset *cmdset, const char *directory, const char *name,
		     struct stat *st)
{
	char path[PATH_MAX];
	int fd, status;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= PATH_MAX)
		return -ENAMETOOLONG;
	status = inroot_stat(cmdset->root, path, st);
	if (status < 0)
		return status;
	if (!S_ISREG(st->st_mode) || st->st_size > PAGE_MAX)
		return -EINVAL;
	fd = inroot_open(cmdset->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size <= PAGE_MAX)
		return fd;
	close(fd);
	return -EINVAL;
}

/*
 * Opens the page NAME in the first directory that has it. Returns an fd or
 * -ENOENT.
 */
static int find_page(const struct cmdset *cmdset, size_t section, const char *name, struct stat *st)
{
	char directory[PATH_MAX];
	int fd = -ENOENT;
	size_t n;

	for (n = 0; fd < 0 && !is_last_place(cmdset, n); n++) {
		worker_progress();
		if (place_of(cmdset, n, section, directory))
			fd = open_page(cmdset, directory, name, st);
	}
	return fd < 0 ? -ENOENT : fd;
}

/*
 * Calls VISIT with each name that a page can have, until it returns another
 * value than 0. Returns that value.
 */
static int visit_directory(const struct cmdset *cmdset, const char *directory,
			   int (*visit)(const char *name, void *arg), void *arg)
{
	int fd = inroot_open(cmdset->root, directory, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int status = 0;

	while (dir && status == 0 && (entry = readdir(dir))) {
		worker_progress();
		if ((entry->d_type == DT_REG || entry->d_type == DT_LNK ||
		     entry->d_type == DT_UNKNOWN) &&
		    sopage_name_valid(entry->d_name))
			status = visit(entry->d_name, arg);
	}
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return status;
}

static int visit_section(const struct cmdset *cmdset, size_t section,
			 int (*visit)(const char *name, void *arg), void *arg)
{
	char directory[PATH_MAX];
	int status = 0;
	size_t n;

	for (n = 0; status == 0 && !is_last_place(cmdset, n); n++)
		if (place_of(cmdset, n, section, directory))
			status = visit_directory(cmdset, directory, visit, arg);
	return status;
}

struct wanted {
	uint64_t hash;
	char name[NAME_MAX + 1];
};

static int compare_hash(const char *name, void *arg)
{
	struct wanted *wanted = arg;

	if (hash_of(name) != wanted->hash)
		return 0;
	strcpy(wanted->name, name);
	return 1;
}

/* Reads the whole page at FD, and closes FD. */
static int load(int fd, const struct stat *st, char **bytes, size_t *size)
{
	ssize_t n = 1;

	*size = 0;
	*bytes = malloc((size_t)st->st_size + 1);
	while (*bytes && *size < (size_t)st->st_size && n > 0) {
		n = read(fd, *bytes + *size, (size_t)st->st_size - *size);
		if (n > 0)
			*size += (size_t)n;
	}
	close(fd);
	if (*bytes && n >= 0) {
		(*bytes)[*size] = '\0';
		return 0;
	}
	free(*bytes);
	return n < 0 ? -EIO : -ENOMEM;
}

static int load_rewritten(const struct cmdset *cmdset, int fd, const struct stat *st,
			  size_t section, const char *name, struct found *found)
{
	int status = load(fd, st, &found->bytes, &found->size);

	if (status < 0) {
		found->bytes = NULL;
		return status;
	}
	return sopage_rewrite(&found->bytes, &found->size, cmdset->name, sections[section], name);
}

/*
 * The attributes of the page NAME. Only a small page has to be read for its
 * size.
 */
static int look_at_page(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found)
{
	size_t section = section_of(node);
	struct stat st;
	int fd = find_page(cmdset, section, name, &st), status = 0;

	if (fd < 0)
		return fd;
	found->modified = st.st_mtime;
	found->size = (size_t)st.st_size;
	if (st.st_size > SOPAGE_MAX)
		close(fd);
	else
		status = load_rewritten(cmdset, fd, &st, section, name, found);
	return status;
}

static int find_name(const struct cmdset *cmdset, uint64_t node, struct wanted *wanted)
{
	wanted->hash = node & HASH_MASK;
	return visit_section(cmdset, section_of(node), compare_hash, wanted) == 1 ? 0 : -ESTALE;
}

static int look_for_node(struct cmdset *cmdset, uint64_t node, const char *name,
			 struct found *found)
{
	struct wanted wanted;
	int status = find_name(cmdset, node, &wanted);

	(void)name;
	return status < 0 ? status : look_at_page(cmdset, node, wanted.name, found);
}

static int look_into_page(struct cmdset *cmdset, uint64_t node, const char *name,
			  struct found *found)
{
	struct wanted wanted;
	struct stat st;
	int fd, status = find_name(cmdset, node, &wanted);

	(void)name;
	if (status < 0)
		return status;
	fd = find_page(cmdset, section_of(node), wanted.name, &st);
	return fd < 0 ? fd : load_rewritten(cmdset, fd, &st, section_of(node), wanted.name, found);
}

/*
 * Pages.
 */

static struct stat page_stat(const struct found *found, uint64_t node)
{
	return (struct stat){
		.st_ino = (ino_t)(node & INT32_MAX) | 0x80000000,
		.st_mode = S_IFREG | 0444,
		.st_nlink = 1,
		.st_size = (off_t)found->size,
		.st_blksize = 4096,
		.st_blocks = (blkcnt_t)((found->size + 511) / 512),
		.st_atim.tv_sec = found->modified,
		.st_mtim.tv_sec = found->modified,
		.st_ctim.tv_sec = found->modified,
	};
}

/*
 * The kernel keeps neither name nor size, because the page may have changed at
 * the next lookup.
 */
static void answer_lookup(struct request *request, int status)
{
	struct fuse_entry_param entry = {.ino = 0};

	if (status < 0) {
		fuse_reply_err(request->req, -status);
	} else {
		entry.ino =
			page_of(request->cmdset->node, section_of(request->node), request->name);
		entry.attr = page_stat(&request->found, entry.ino);
		fuse_reply_entry(request->req, &entry);
	}
	request_free(request);
}

static void answer_getattr(struct request *request, int status)
{
	struct stat st = page_stat(&request->found, request->node);

	if (status < 0)
		fuse_reply_err(request->req, -status);
	else
		fuse_reply_attr(request->req, &st, 0);
	request_free(request);
}

static void answer_read(struct request *request, int status)
{
	const struct found *found = &request->found;
	size_t start = request->off < found->size ? (size_t)request->off : found->size;
	size_t left = found->size - start;

	if (status < 0)
		fuse_reply_err(request->req, -status);
	else
		fuse_reply_buf(request->req, found->bytes + start,
			       left < request->size ? left : request->size);
	request_free(request);
}

/* Takes over the reference CMDSET; NULL means that the container is stopped. */
static void ask(struct request *request, struct cmdset *cmdset, worker_look *look,
		void (*answer)(struct request *request, int status))
{
	int status = -ESTALE;

	request->cmdset = cmdset;
	request->look = look;
	request->answer = answer;
	if (cmdset)
		status = worker_ask(request);
	if (status < 0)
		answer(request, status);
}

static void ask_about_page(fuse_req_t req, fuse_ino_t node, size_t size, off_t off,
			   worker_look *look, void (*answer)(struct request *request, int status))
{
	struct request *request = request_new(req, "");
	struct cmdset *cmdset;

	if (!request) {
		fuse_reply_err(req, ENOMEM);
		return;
	}
	request->node = node;
	request->size = size;
	request->off = (uint64_t)off;
	cmdset = catalog_by_node(container_of(node));
	ask(request, cmdset, look, answer);
}

void manpages_getattr(fuse_req_t req, fuse_ino_t node)
{
	ask_about_page(req, node, 0, 0, look_for_node, answer_getattr);
}

void manpages_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off)
{
	ask_about_page(req, node, size, off, look_into_page, answer_read);
}

/*
 * Directories.
 */

/* The node of NAME in the directory "man", or 0. */
static uint64_t find_section(const char *name)
{
	size_t i;

	for (i = 0; i < SECTIONS; i++)
		if (strncmp(name, "man", 3) == 0 && strcmp(name + 3, sections[i]) == 0)
			return LSLFS_SECTIONS + i;
	return 0;
}

void manpages_lookup_page(fuse_req_t req, fuse_ino_t node, const char *name)
{
	size_t len = strcspn(name, ":");
	struct cmdset *cmdset = name[len] ? catalog_by_name(name, len) : NULL;
	struct request *request = NULL;

	if (cmdset && sopage_name_valid(name + len + 1))
		request = request_new(req, name + len + 1);
	if (!request) {
		if (cmdset)
			cmdset_unref(cmdset);
		fuse_reply_err(req, ENOENT);
		return;
	}
	request->node = node;
	ask(request, cmdset, look_at_page, answer_lookup);
}

void manpages_lookup(fuse_req_t req, fuse_ino_t node, const char *name)
{
	struct fuse_entry_param entry;
	uint64_t child;

	if (node == LSLFS_SHARE)
		child = strcmp(name, "man") == 0 ? LSLFS_MAN : 0;
	else
		child = find_section(name);
	/* These names are fixed, so a missing one stays missing. */
	entry = lslfs_entry(fuse_req_userdata(req), child, FOR_LONG);
	fuse_reply_entry(req, &entry);
}

/*
 * Listings of sections that are being read. A few are enough: if one is
 * missing, the container is read again.
 */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stored {
	uint64_t cmdset; /* node */
	size_t section;
	struct listing *listing;
} stored[4];

/* Returns a reference, or NULL if no listing is as new as SINCE. */
static struct listing *get_stored(uint64_t cmdset, size_t section, uint64_t since)
{
	struct listing *listing = NULL;
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < sizeof(stored) / sizeof(stored[0]) && !listing; i++)
		if (stored[i].listing && stored[i].cmdset == cmdset &&
		    stored[i].section == section && stored[i].listing->begun >= since)
			listing = stored[i].listing;
	if (listing) {
		atomic_fetch_add(&listing->references, 1);
		listing->used = monotonic_ns();
	}
	pthread_mutex_unlock(&lock);
	return listing;
}

/* Replaces an earlier listing of the same section, or any other. */
static void store(uint64_t cmdset, size_t section, struct listing *listing)
{
	static size_t next;
	size_t i, count = sizeof(stored) / sizeof(stored[0]);

	pthread_mutex_lock(&lock);
	for (i = 0; i < count; i++)
		if (stored[i].cmdset == cmdset && stored[i].section == section)
			break;
	if (i == count)
		i = next++ % count;
	listing_unref(stored[i].listing);
	atomic_fetch_add(&listing->references, 1);
	listing->used = monotonic_ns();
	stored[i] = (struct stored){cmdset, section, listing};
	pthread_mutex_unlock(&lock);
}

int manpages_tend(void)
{
	uint64_t now, left = UINT64_MAX, end;
	size_t i;

	pthread_mutex_lock(&lock);
	now = monotonic_ns();
	for (i = 0; i < sizeof(stored) / sizeof(stored[0]); i++) {
		if (!stored[i].listing)
			continue;
		end = stored[i].listing->used + LISTING_IDLE;
		if (end <= now) {
			listing_unref(stored[i].listing);
			stored[i] = (struct stored){.listing = NULL};
		} else if (end - now < left) {
			left = end - now;
		}
	}
	pthread_mutex_unlock(&lock);
	return left == UINT64_MAX ? -1 : 1 + (int)(left / NS_PER_MS);
}

static int add_name(const char *name, void *arg)
{
	return listing_add(arg, name);
}

/* A listing that is too large is cut. */
static int look_at_section(struct cmdset *cmdset, uint64_t node, const char *name,
			   struct found *found)
{
	struct listing *listing = listing_new();
	int status;

	(void)name;
	if (!listing)
		return -ENOMEM;
	status = visit_section(cmdset, section_of(node), add_name, listing);
	if (status == -ENOMEM) {
		listing_unref(listing);
		return status;
	}
	listing_finish(listing);
	store(cmdset->node, section_of(node), listing);
	found->listing = listing;
	return 0;
}

/* Reading a directory. */

struct reading {
	struct request *request;
	char *buffer;
	size_t used;
	bool is_full;
};

static void add_entry(struct reading *reading, const char *name, uint64_t ino, mode_t type,
		      uint64_t off)
{
	/* The kernel keeps no entry without a node id. */
	const struct fuse_entry_param entry = {
		.attr = {.st_ino = (ino_t)(ino & UINT32_MAX), .st_mode = type}};
	size_t room = reading->request->size - reading->used;
	size_t len = reading->is_full ? room + 1
				      : fuse_add_direntry_plus(reading->request->req,
							       reading->buffer + reading->used,
							       room, name, &entry, (off_t)off);

	reading->is_full |= len > room;
	if (reading->is_full)
		return;
	reading->used += len;
	reading->request->off = off;
}

static void end_reading(struct reading *reading, int status)
{
	if (status < 0)
		fuse_reply_err(reading->request->req, -status);
	else
		fuse_reply_buf(reading->request->req, reading->buffer, reading->used);
	free(reading->buffer);
	request_free(reading->request);
}

static void add_dots(struct reading *reading)
{
	if (reading->request->off < 1)
		add_entry(reading, ".", reading->request->node, S_IFDIR, 1);
	if (reading->request->off < 2)
		add_entry(reading, "..", 1, S_IFDIR, 2);
}

static void list_fixed(struct reading *reading)
{
	char name[16];
	size_t i;

	if (reading->request->node == LSLFS_SHARE) {
		if (reading->request->off < 3)
			add_entry(reading, "man", LSLFS_MAN, S_IFDIR, 3);
		return;
	}
	for (i = 0; i < SECTIONS; i++) {
		snprintf(name, sizeof(name), "man%s", sections[i]);
		if (reading->request->off < 3 + i)
			add_entry(reading, name, LSLFS_SECTIONS + i, S_IFDIR, 3 + i);
	}
}

/* Adds the pages of CMDSET in LISTING after POSITION. */
static void add_pages(struct reading *reading, const struct cmdset *cmdset,
		      const struct listing *listing, uint64_t position)
{
	size_t i, section = section_of(reading->request->node);
	char name[LSLFS_NAME_MAX + 1];

	for (i = listing_seek(listing, position); i < listing->count && !reading->is_full; i++) {
		snprintf(name, sizeof(name), "%s:%s", cmdset->name, listing_name(listing, i));
		add_entry(reading, name, page_of(cmdset->node, section, listing_name(listing, i)),
			  S_IFREG,
			  cmdset->node << LISTING_POSITION_BITS | listing_position(listing, i));
	}
}

/*
 * Makes the worker of CMDSET look and call manpages_list_section again. Returns
 * 0 or a negative errno.
 */
static int ask_for_section(struct request *request, struct cmdset *cmdset)
{
	cmdset_unref(request->cmdset);
	request->cmdset = cmdset_ref(cmdset);
	request->look = look_at_section;
	request->answer = manpages_list_section;
	return worker_ask(request);
}

/*
 * Adds the pages of CMDSET after POSITION. 1: its worker has the request now.
 * If a container fails, the others are still listed, unless the daemon lacks a
 * resource.
 */
static int list_container(struct reading *reading, struct cmdset *cmdset, uint64_t position,
			  int status)
{
	struct request *request = reading->request;
	bool was_asked = request->cmdset == cmdset;
	struct listing *listing = was_asked ? request->found.listing : NULL;

	if (!was_asked)
		listing_unref(request->found.listing);
	request->found.listing = NULL;
	if (!listing && position > 0)
		listing = get_stored(cmdset->node, section_of(request->node), request->opened);
	if (listing) {
		add_pages(reading, cmdset, listing, position);
		listing_unref(listing);
		return 0;
	}
	if (!was_asked && reading->used) {
		reading->is_full = true;
		return 0;
	}
	if (!was_asked) {
		status = ask_for_section(request, cmdset);
		if (status == 0)
			return 1;
	}
	return status == -ENOMEM || status == -EAGAIN ? status : 0;
}

static void list_pages(struct reading *reading, int status)
{
	struct request *request = reading->request;
	uint64_t node = request->off >> LISTING_POSITION_BITS, from = node;
	uint64_t position = request->off & LISTING_POSITION_MAX;
	struct cmdset *cmdset;
	int done = 0;

	if (position == POSITION_END)
		from++;
	while (done == 0 && !reading->is_full && (cmdset = catalog_from(from))) {
		if (!cmdset_is_host(cmdset))
			done = list_container(reading, cmdset, cmdset->node == node ? position : 0,
					      status);
		from = cmdset->node + 1;
		/*
		 * If a worker calls this again, it continues after the finished
		 * containers.
		 */
		if (done == 0 && !reading->is_full)
			request->off = cmdset->node << LISTING_POSITION_BITS | POSITION_END;
		cmdset_unref(cmdset);
	}
	if (done > 0)
		free(reading->buffer);
	else
		end_reading(reading, done);
}

static bool begin_reading(struct reading *reading, struct request *request)
{
	*reading = (struct reading){.request = request, .buffer = malloc(request->size)};
	if (!reading->buffer) {
		end_reading(reading, -ENOMEM);
		return false;
	}
	add_dots(reading);
	return true;
}

void manpages_list(struct request *request, int status)
{
	struct reading reading;

	if (!begin_reading(&reading, request))
		return;
	list_fixed(&reading);
	end_reading(&reading, status);
}

void manpages_list_section(struct request *request, int status)
{
	struct reading reading;

	if (begin_reading(&reading, request))
		list_pages(&reading, status);
}
