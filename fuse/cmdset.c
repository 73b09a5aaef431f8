/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "cmdset.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "inroot.h"
#include "listing.h"
#include "log.h"
#include "lslfs.h"
#include "monotonic.h"
#include "pathnames.h"
#include "policy.h"
#include "rundir.h"
#include "search.h"
#include "search_visit.h"
#include "watch.h"

struct cmdset *cmdset_new(const struct record *record, const struct stat *st,
			  const struct nsfile_id *ns)
{
	size_t i, count = 0, len = (size_t)(record->bins.end - record->bins.first);
	static uint64_t ids;
	struct cmdset *cmdset;
	const char *path;
	char *text;

	for (path = record->bins.first; path != record->bins.end; path = record_next(path))
		count++;
	cmdset = calloc(1, sizeof(*cmdset) + count * sizeof(cmdset->bin[0]) + len);
	if (!cmdset)
		return NULL;
	text = memcpy(cmdset->bin + count, record->bins.first, len);
	cmdset->bins = (struct record_list){.first = text, .end = text + len};
	cmdset->bin_count = count;
	for (i = 0, path = text; i < count; i++, path = record_next(path))
		cmdset->bin[i] = (struct bin){.path = path, .cmdset = cmdset, .wd = -1};
	strcpy(cmdset->name, record->name);
	cmdset->ns = *ns;
	cmdset->record = st->st_ino;
	cmdset->recorded = st->st_ctim;
	cmdset->id = ++ids;
	cmdset->changed = monotonic_ns();
	cmdset->references = 1;
	cmdset->must_look = true;
	cmdset->root = -1;
	return cmdset;
}

bool cmdset_is(const struct cmdset *cmdset, const struct stat *st)
{
	return cmdset->record == st->st_ino && cmdset->recorded.tv_sec == st->st_ctim.tv_sec &&
	       cmdset->recorded.tv_nsec == st->st_ctim.tv_nsec;
}

bool cmdset_is_host(const struct cmdset *cmdset)
{
	return strcmp(cmdset->name, HOST_NAME) == 0;
}

struct cmdset *cmdset_ref(struct cmdset *cmdset)
{
	if (cmdset)
		atomic_fetch_add(&cmdset->references, 1);
	return cmdset;
}

void cmdset_unref(struct cmdset *cmdset)
{
	if (!cmdset || atomic_fetch_sub(&cmdset->references, 1) > 1)
		return;
	watch_forget(cmdset);
	free(cmdset);
}

void cmdset_changed(struct cmdset *cmdset)
{
	atomic_store(&cmdset->changed, monotonic_ns());
}

int cmdset_namespace(int rundir, const char *name, const struct nsfile_id *proved)
{
	int nsfd;

	if (strcmp(name, HOST_NAME) != 0)
		return nsfile_open(rundir, name, proved);
	/* The first thread's namespace, whichever thread calls. */
	nsfd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	return nsfd < 0 ? -errno : nsfd;
}

/*
 * Returns an fd of the namespace. It is not kept, because it is on the pin's
 * mount, which could then not be unmounted. -ESTALE: the container is being
 * stopped; ENOTTY means that its pin is unmounted and not removed yet.
 */
static int open_cmdset_namespace(const struct cmdset *cmdset)
{
	int nsfd, rundir = rundir_open();

	if (rundir < 0)
		return rundir == -ENOENT ? -ESTALE : rundir;
	nsfd = cmdset_namespace(rundir, cmdset->name, &cmdset->ns);
	close(rundir);
	return nsfd == -ENOENT || nsfd == -ENOTTY ? -ESTALE : nsfd;
}

int cmdset_open(struct cmdset *cmdset)
{
	int status, nsfd;

	if (cmdset->root >= 0)
		return 0;
	nsfd = open_cmdset_namespace(cmdset);
	if (nsfd < 0)
		return nsfd;
	status = nsfile_enter(nsfd);
	close(nsfd);
	if (status < 0)
		return status;
	cmdset->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return cmdset->root < 0 ? -errno : 0;
}

int cmdset_find(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found)
{
	char path[PATH_MAX];
	int status;

	(void)node;
	(void)found;
	/* Watch, then look, so that no change in between is missed. */
	if (atomic_load(&cmdset->must_look))
		watch_look(cmdset);
	status = search_find(inroot_stat, cmdset->root, cmdset->bins, name, path, sizeof(path));
	return status == 0 ? 0 : -ENOENT;
}

/* A listing that is being built. */
struct building {
	struct listing *listing;
	uint64_t end; /* processor time of the thread, in nanoseconds */
};

static uint64_t processor_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* NAME is NULL for a file that is no program. */
static int add_program_name(const char *name, void *arg)
{
	struct building *building = arg;

	worker_progress();
	if (processor_ns() > building->end)
		return -EFBIG;
	return name ? listing_add(building->listing, name) : 0;
}

/*
 * Whether BIN is the same directory as an earlier bin, by another name. A file
 * by another name is another program.
 */
static bool is_repeated(const struct cmdset *cmdset, const struct bin *bin)
{
	const struct bin *earlier;

	for (earlier = cmdset->bin; earlier != bin; earlier++)
		if (bin->ino && !bin->file && earlier->dev == bin->dev && earlier->ino == bin->ino)
			return true;
	return false;
}

/*
 * A bin that cannot be read adds nothing; lslExecutor does not find its
 * programs either. Returns 0, -ENOMEM, or -EFBIG if the listing is not
 * complete.
 */
static int add_programs_of_bins(struct cmdset *cmdset, struct listing *listing)
{
	struct building building = {listing, processor_ns() + LISTING_NS};
	int status = 0;
	size_t i;

	for (i = 0; i < cmdset->bin_count && status != -ENOMEM && status != -EFBIG; i++) {
		worker_progress();
		if (!is_repeated(cmdset, &cmdset->bin[i]))
			status = search_visit(cmdset->root, cmdset->bin[i].path, add_program_name,
					      &building);
	}
	return status == -ENOMEM || status == -EFBIG ? status : 0;
}

static int build_listing(struct cmdset *cmdset, struct listing **fresh)
{
	struct listing *listing = listing_new(cmdset->id, LSLFS_LINK);
	int status = listing ? add_programs_of_bins(cmdset, listing) : -ENOMEM;

	if (status == -ENOMEM) {
		listing_unref(listing);
		return status;
	}
	if (status == -EFBIG && !cmdset->is_cut)
		log_line(
			LOG_WARNING,
			"%s has more programs than can be listed, or links that lead too far: %zu are listed, the others only run",
			cmdset->name, listing->count);
	cmdset->is_cut = status == -EFBIG;
	listing_store(listing);
	*fresh = listing;
	return 0;
}

int cmdset_list(struct cmdset *cmdset, uint64_t node, const char *name, struct found *found)
{
	uint64_t now = monotonic_ns();
	struct listing *stored;

	(void)name;
	watch_look(cmdset);
	stored = listing_get(cmdset->id, LSLFS_LINK);
	if (stored && atomic_load(&cmdset->is_watched) &&
	    now - stored->begun <= LIFETIME(node) / 2 &&
	    stored->begun > atomic_load(&cmdset->changed)) {
		atomic_store(&stored->true_at, now);
		found->listing = stored;
		return 0;
	}
	listing_unref(stored);
	return build_listing(cmdset, &found->listing);
}
