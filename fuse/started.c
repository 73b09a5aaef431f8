/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "started.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dircache.h"
#include "generation.h"
#include "hash.h"
#include "nsfile.h"

/* Enough for a thread that makes three system calls. */
#define OPENER_STACK (64L * 1024)

struct opening {
	int nsfd;
	int root; /* or a negative errno */
};

/* A thread of its own, which leaves the others' root directory and takes the namespace's. */
static void *open_root_there(void *arg)
{
	struct opening *opening = arg;
	int status = unshare(CLONE_FS) < 0 ? -errno : nsfile_enter(opening->nsfd);

	if (status == 0) {
		status = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (status < 0)
			status = -errno;
	}
	opening->root = status;
	return NULL;
}

static int open_root(int nsfd)
{
	struct opening opening = {.nsfd = nsfd};
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attr, OPENER_STACK);
	if (err == 0)
		err = pthread_create(&thread, &attr, open_root_there, &opening);
	pthread_attr_destroy(&attr);
	if (err == 0)
		err = pthread_join(thread, NULL);
	return err ? -err : opening.root;
}

static bool is_same_list(struct record_list a, struct record_list b)
{
	size_t len = (size_t)(a.end - a.first);

	return len == (size_t)(b.end - b.first) && memcmp(a.first, b.first, len) == 0;
}

static int copy_bins(struct started *started, struct record_list bins)
{
	size_t i, len = (size_t)(bins.end - bins.first);
	char *text = malloc(len);
	const char *path;

	if (!text)
		return -ENOMEM;
	memcpy(text, bins.first, len);
	started->bins.first = text;
	started->bins.end = text + len;
	for (path = text; path != text + len; path = record_next(path))
		started->bin_count++;
	started->bin = calloc(started->bin_count, sizeof(*started->bin));
	if (!started->bin)
		return -ENOMEM;
	for (i = 0, path = text; i < started->bin_count; i++, path = record_next(path))
		started->bin[i].path = path;
	return 0;
}

/* Above those of the root and of the links, and below 2^63: never negative for anybody. */
static uint64_t node_of(const char *name, ino_t ns_ino)
{
	uint64_t node = hash_bytes(hash_text(name), &ns_ino, sizeof(ns_ino)) >> 1;

	return node > 1000 ? node : node + 1000;
}

static void started_free(struct started *started)
{
	if (started->root >= 0)
		close(started->root);
	if (started->dircache)
		dircache_unref(started->dircache);
	pthread_mutex_destroy(&started->bin_lock);
	free((char *)(uintptr_t)started->bins.first);
	free(started->bin);
	free(started);
}

static struct started *started_new(const struct record *record, const struct stat *ns,
				   const struct started *old)
{
	struct started *started = calloc(1, sizeof(*started));

	if (!started)
		return NULL;
	pthread_mutex_init(&started->bin_lock, NULL);
	started->root = -1;
	started->references = 1;
	started->uses = 1;
	started->must_look = true;
	started->generation = generation_next();
	strcpy(started->name, record->name);
	started->ns_dev = ns->st_dev;
	started->ns_ino = ns->st_ino;
	started->node = node_of(started->name, ns->st_ino);
	started->tag = old ? old->tag : 0;
	started->dircache = old ? dircache_ref(old->dircache) : dircache_new(started->node);
	if (!started->dircache || copy_bins(started, record->bins) < 0) {
		started_free(started);
		return NULL;
	}
	return started;
}

static int open_recorded(int nsfd, const struct record *record, struct started *old,
			 struct started **started)
{
	struct started *new;
	struct stat ns;

	if (fstat(nsfd, &ns) < 0)
		return -errno;
	if (old && (old->ns_dev != ns.st_dev || old->ns_ino != ns.st_ino))
		old = NULL;
	if (old && is_same_list(old->bins, record->bins)) {
		*started = old;
		return 0;
	}
	new = started_new(record, &ns, old);
	if (!new)
		return -ENOMEM;
	new->root = open_root(nsfd);
	if (new->root < 0) {
		int status = new->root;

		started_free(new);
		return status;
	}
	*started = new;
	return 0;
}

int started_open(int mntdir, const char *name, struct started *old, struct started **started)
{
	char *text = malloc(RECORD_SIZE_MAX + 1);
	struct record record;
	int nsfd, status;

	if (!text)
		return -ENOMEM;
	status = record_read(mntdir, name, text, RECORD_SIZE_MAX + 1, &record);
	if (status == 0) {
		nsfd = nsfile_open(mntdir, name, NULL);
		status = nsfd < 0 ? nsfd : open_recorded(nsfd, &record, old, started);
		if (nsfd >= 0)
			close(nsfd);
	}
	free(text);
	return status;
}

struct started *started_ref(struct started *started)
{
	atomic_fetch_add(&started->references, 1);
	return started;
}

void started_unref(struct started *started)
{
	if (atomic_fetch_sub(&started->references, 1) == 1)
		started_free(started);
}

bool started_use(struct started *started)
{
	int uses = atomic_load(&started->uses);

	while (uses > 0)
		if (atomic_compare_exchange_weak(&started->uses, &uses, uses + 1))
			return true;
	return false;
}

void started_unuse(struct started *started)
{
	if (atomic_fetch_sub(&started->uses, 1) > 1)
		return;
	close(started->root);
	started->root = -1;
}

void started_changed(struct started *started)
{
	atomic_store(&started->generation, generation_next());
}
