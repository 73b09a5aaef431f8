/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "instance.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inroot.h"
#include "rundir.h"
#include "monotonic.h"
#include "listing.h"
#include "log.h"
#include "search.h"
#include "search_visit.h"
#include "watch.h"

static int copy_bins(struct instance *instance, struct record_list bins)
{
	size_t i, len = (size_t)(bins.end - bins.first);
	char *text = malloc(len);
	const char *path;

	if (!text)
		return -ENOMEM;
	memcpy(text, bins.first, len);
	instance->bins = (struct record_list){.first = text, .end = text + len};
	for (path = text; path != text + len; path = record_next(path))
		instance->bin_count++;
	instance->bin = calloc(instance->bin_count, sizeof(*instance->bin));
	if (!instance->bin)
		return -ENOMEM;
	for (i = 0, path = text; i < instance->bin_count; i++, path = record_next(path))
		instance->bin[i] = (struct bin){.path = path, .instance = instance, .wd = -1};
	return 0;
}

struct instance *instance_new(const struct record *record, const struct nsfile_id *ns)
{
	struct instance *instance = calloc(1, sizeof(*instance));

	if (!instance)
		return NULL;
	instance->references = 1;
	instance->must_look = true;
	instance->root = -1;
	instance->ns = *ns;
	strcpy(instance->name, record->name);
	if (copy_bins(instance, record->bins) < 0) {
		instance_unref(instance);
		return NULL;
	}
	return instance;
}

bool instance_is(const struct instance *instance, const struct record *record,
		 const struct nsfile_id *ns)
{
	size_t len = (size_t)(record->bins.end - record->bins.first);

	return instance->ns.dev == ns->dev && instance->ns.ino == ns->ino &&
	       len == (size_t)(instance->bins.end - instance->bins.first) &&
	       memcmp(instance->bins.first, record->bins.first, len) == 0;
}

bool instance_renew(struct instance *instance, const struct stat *st)
{
	if (instance->record == st->st_ino && instance->recorded.tv_sec == st->st_ctim.tv_sec &&
	    instance->recorded.tv_nsec == st->st_ctim.tv_nsec)
		return false;
	instance->record = st->st_ino;
	instance->recorded = st->st_ctim;
	atomic_store(&instance->must_open, true);
	atomic_store(&instance->must_look, true);
	instance_changed(instance);
	return true;
}

struct instance *instance_ref(struct instance *instance)
{
	if (instance)
		atomic_fetch_add(&instance->references, 1);
	return instance;
}

void instance_unref(struct instance *instance)
{
	if (!instance || atomic_fetch_sub(&instance->references, 1) > 1)
		return;
	watch_forget(instance);
	listing_drop(instance);
	free((char *)(uintptr_t)instance->bins.first);
	free(instance->bin);
	free(instance);
}

void instance_changed(struct instance *instance)
{
	atomic_store(&instance->changed, monotonic_ns());
}

/*
 * An fd of the namespace, which is not kept: it is one of the pin's mount, and
 * that could not be unmounted. -ESTALE: it is being stopped; ENOTTY means that
 * its pin is unmounted and not removed yet.
 */
static int open_namespace(const struct instance *instance)
{
	int nsfd, rundir = rundir_open();

	if (rundir < 0)
		return rundir == -ENOENT ? -ESTALE : rundir;
	nsfd = nsfile_open(rundir, instance->name, &instance->ns);
	close(rundir);
	return nsfd == -ENOENT || nsfd == -ENOTTY ? -ESTALE : nsfd;
}

static int open_root(struct instance *instance)
{
	int status, nsfd = open_namespace(instance);

	if (nsfd < 0)
		return nsfd;
	status = nsfile_enter(nsfd);
	close(nsfd);
	if (status < 0)
		return status;
	if (instance->root >= 0)
		close(instance->root);
	instance->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return instance->root < 0 ? -errno : 0;
}

int instance_open(struct instance *instance)
{
	int status = 0;

	if (atomic_exchange(&instance->must_open, false) || instance->root < 0)
		status = open_root(instance);
	if (status < 0)
		atomic_store(&instance->must_open, true);
	return status;
}

int instance_find(struct instance *instance, const char *program)
{
	char path[PATH_MAX];

	/*
	 * Watch, then look: what happens in between would otherwise go
	 * unnoticed.
	 */
	if (atomic_load(&instance->must_look))
		watch_look(instance);
	return search_find(inroot_stat, instance->root, instance->bins, program, path,
			   sizeof(path)) == 0
		       ? 0
		       : -ENOENT;
}

/* NAME is NULL for what is no program. */
static int add_name(const char *name, void *arg)
{
	worker_progress();
	return name ? listing_add(arg, name) : 0;
}

/*
 * Whether the directory or file of BIN is one of an earlier bin, by another
 * name.
 */
static bool is_repeated(const struct instance *instance, const struct bin *bin)
{
	const struct bin *earlier;

	for (earlier = instance->bin; earlier != bin; earlier++)
		if (bin->ino && earlier->dev == bin->dev && earlier->ino == bin->ino)
			return true;
	return false;
}

/*
 * A bin that cannot be read adds nothing, as it would to an executor run by
 * anybody. 0, -ENOMEM, or -EFBIG: these are not all.
 */
static int add_bins(struct instance *instance, struct listing *listing)
{
	int status = 0;
	size_t i;

	for (i = 0; i < instance->bin_count && status != -ENOMEM && status != -EFBIG; i++) {
		worker_progress();
		if (!is_repeated(instance, &instance->bin[i]))
			status = search_visit(instance->root, instance->bin[i].path, add_name,
					      listing);
	}
	return status == -ENOMEM || status == -EFBIG ? status : 0;
}

static int build(struct instance *instance, struct listing **listing)
{
	struct listing *fresh = listing_new();
	int status = fresh ? add_bins(instance, fresh) : -ENOMEM;

	if (status == -ENOMEM) {
		listing_unref(fresh);
		return status;
	}
	if (status == -EFBIG && !instance->is_cut)
		log_line(LOG_WARNING,
			 "%s has more programs than are listed: %zu are, the others only run",
			 instance->name, fresh->count);
	instance->is_cut = status == -EFBIG;
	listing_finish(fresh);
	listing_store(instance, fresh);
	*listing = fresh;
	return 0;
}

int instance_list(struct instance *instance, uint64_t max_age, struct listing **listing)
{
	uint64_t now = monotonic_ns();
	struct listing *stored;

	watch_look(instance);
	stored = listing_get(instance);
	if (stored && atomic_load(&instance->is_watched) && now - stored->begun <= max_age &&
	    stored->begun > atomic_load(&instance->changed)) {
		atomic_store(&stored->true_at, now);
		*listing = stored;
		return 0;
	}
	listing_unref(stored);
	return build(instance, listing);
}
