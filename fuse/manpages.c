/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A node id of a page: PAGE, then its container's node, the number of its
 * section, and a hash of its name.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "manpages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "dirstream.h"
#include "hash.h"
#include "inroot.h"
#include "listing.h"
#include "lslfs.h"
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

/* The directories of sections, "man" and the section's name. */
static const char *const sections[] = {
	"man0", "man1", "man2", "man3", "man4",  "man5",  "man6",  "man7",
	"man8", "man9", "mann", "manl", "man0p", "man1p", "man3p",
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

static uint64_t hash_of_page(const char *name)
{
	return hash_bytes(HASH_BEGIN, name, strlen(name)) & HASH_MASK;
}

static uint64_t page_of(uint64_t container, size_t section, const char *name)
{
	return PAGE | container << (HASH_BITS + SECTION_BITS) | (uint64_t)section << HASH_BITS |
	       hash_of_page(name);
}

/* NODE is a page, or the directory of a section. */
static size_t section_of_node(uint64_t node)
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

/* The places for pages: two for each of bins, and two that every system has. */
static size_t count_places(const struct cmdset *cmdset)
{
	return 2 * cmdset->bin_count + 2;
}

/* Sets PATH to the directory of SECTION in place N. False: it is too long. */
static bool place_for_pages(const struct cmdset *cmdset, size_t n, size_t section,
			    char path[PATH_MAX])
{
	static const char *const usual[] = {"/usr/local/share", "/usr/share"};
	const char *place = usual[n % 2], *below = "";
	size_t len = strlen(place);

	if (n / 2 < cmdset->bin_count) {
		place = cmdset->bin[n / 2].path;
		len = (size_t)(strrchr(place, '/') - place);
		below = n % 2 ? "" : "/share";
	}
	return snprintf(path, PATH_MAX, "%.*s%s/man/%s", (int)len, place, below,
			sections[section]) < PATH_MAX;
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

	for (n = 0; fd < 0 && n < count_places(cmdset); n++) {
		worker_progress();
		if (place_for_pages(cmdset, n, section, directory))
			fd = open_page(cmdset, directory, name, st);
	}
	return fd < 0 ? -ENOENT : fd;
}

/*
 * Calls VISIT with each name that a page can have, until it returns another
 * value than 0. Returns that value.
 */
static int visit_page_directory(const struct cmdset *cmdset, const char *directory,
				int (*visit)(const char *name, void *arg), void *arg)
{
	DIR *dir = dirstream_of(
		inroot_open(cmdset->root, directory, O_RDONLY | O_DIRECTORY | O_NONBLOCK));
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
	return status;
}

static int visit_section(const struct cmdset *cmdset, size_t section,
			 int (*visit)(const char *name, void *arg), void *arg)
{
	char directory[PATH_MAX];
	int status = 0;
	size_t n;

	for (n = 0; status == 0 && n < count_places(cmdset); n++)
		if (place_for_pages(cmdset, n, section, directory))
			status = visit_page_directory(cmdset, directory, visit, arg);
	return status;
}

struct wanted {
	uint64_t hash;
	char name[NAME_MAX + 1];
};

static int compare_hash(const char *name, void *arg)
{
	struct wanted *wanted = arg;

	if (hash_of_page(name) != wanted->hash)
		return 0;
	strcpy(wanted->name, name);
	return 1;
}

/* Reads the whole page at FD, and closes FD. */
static int load_page(int fd, const struct stat *st, char **bytes, size_t *size)
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
	int status = load_page(fd, st, &found->bytes, &found->size);

	if (status < 0) {
		found->bytes = NULL;
		return status;
	}
	return sopage_rewrite(&found->bytes, &found->size, cmdset->name, sections[section] + 3,
			      name);
}

/*
 * Finds the page NAME, or with an empty name the page NODE. Only a small page
 * has to be read for its size.
 */
static int look_for_page(struct cmdset *cmdset, uint64_t node, const char *name, bool must_read,
			 struct found *found)
{
	size_t section = section_of_node(node);
	struct wanted wanted = {.hash = node & HASH_MASK};
	struct stat st;
	int fd;

	if (!*name && visit_section(cmdset, section, compare_hash, &wanted) == 0)
		return -ESTALE;
	name = *name ? name : wanted.name;
	fd = find_page(cmdset, section, name, &st);
	if (fd < 0)
		return fd;
	found->modified = st.st_mtime;
	found->size = (size_t)st.st_size;
	if (must_read || st.st_size <= SOPAGE_MAX)
		return load_rewritten(cmdset, fd, &st, section, name, found);
	close(fd);
	return 0;
}

static int look_at_page(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found)
{
	return look_for_page(cmdset, node, name, false, found);
}

static int look_into_page(struct cmdset *cmdset, uint64_t node, const char *name,
			  struct found *found)
{
	return look_for_page(cmdset, node, name, true, found);
}

/*
 * Pages.
 */

static struct stat page_stat(const struct found *found, uint64_t page)
{
	return (struct stat){
		.st_ino = (ino_t)(page & INT32_MAX) | 0x80000000,
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

struct stat manpages_attr(uint64_t container, uint64_t section, const char *name)
{
	const struct found nothing = {.size = 0};

	return page_stat(&nothing, page_of(container, section_of_node(section), name));
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
		entry.ino = page_of(request->cmdset->node, section_of_node(request->node),
				    request->name);
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

void manpages_getattr(fuse_req_t req, fuse_ino_t node)
{
	worker_answer_by(request_new(req, node, ""), catalog_by_node(container_of(node)),
			 look_at_page, answer_getattr);
}

void manpages_read(fuse_req_t req, fuse_ino_t node, size_t size, off_t off)
{
	struct request *request = request_new(req, node, "");

	if (request) {
		request->size = size;
		request->off = (uint64_t)off;
	}
	worker_answer_by(request, catalog_by_node(container_of(node)), look_into_page, answer_read);
}

/*
 * Directories.
 */

const char *manpages_child(uint64_t node, size_t i, uint64_t *child)
{
	if (node == LSLFS_SHARE) {
		*child = LSLFS_MAN;
		return i == 0 ? "man" : NULL;
	}
	*child = LSLFS_SECTIONS + i;
	return i < SECTIONS ? sections[i] : NULL;
}

void manpages_lookup_page(fuse_req_t req, fuse_ino_t node, const char *name)
{
	size_t len = strcspn(name, ":");
	struct cmdset *cmdset = name[len] ? catalog_by_name(name, len) : NULL;

	if (cmdset && sopage_name_valid(name + len + 1)) {
		worker_answer_by(request_new(req, node, name + len + 1), cmdset, look_at_page,
				 answer_lookup);
		return;
	}
	cmdset_unref(cmdset);
	fuse_reply_err(req, ENOENT);
}

void manpages_lookup(fuse_req_t req, fuse_ino_t node, const char *name)
{
	struct fuse_entry_param entry = {.entry_timeout = FOR_LONG};
	const char *known;
	uint64_t child;
	size_t i;

	for (i = 0; (known = manpages_child(node, i, &child)); i++)
		if (strcmp(known, name) == 0)
			entry = lslfs_entry(fuse_req_userdata(req), child, FOR_LONG);
	fuse_reply_entry(req, &entry);
}

static int add_page_name(const char *name, void *arg)
{
	return listing_add(arg, name);
}

int manpages_list(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found)
{
	struct listing *listing = listing_new(cmdset->id, node);
	int status = -ENOMEM;

	(void)name;
	if (listing)
		status = visit_section(cmdset, section_of_node(node), add_page_name, listing);
	/* A listing that is too large is cut. */
	if (status == -ENOMEM) {
		listing_unref(listing);
		return status;
	}
	listing_store(listing);
	found->listing = listing;
	return 0;
}
