/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Events are read by whoever comes first: the listener here, a thread that sleeps until
 * there is one, or a thread that answers opendir and must know what has
 * happened before. Reading an event marks the container as changed (generation.h) and
 * puts names on a list of what the kernel has to forget.
 *
 * Who read them has the kernel forget all names at once (notify_everything), and that
 * is why a program that went is not found for long: it takes no lock and waits for nobody.
 * But names that come with a listing just being answered survive it, if the kernel
 * takes them in afterwards. When their reader comes back for more, or to close, they are
 * forgotten too (notify_stragglers). It may never, so the teller, a second thread, works the
 * list off: to forget one name is to wait for the directory's lock (notify.h), and thereby for
 * all who were being answered.
 *
 * Even so it should not wait for long. While it does, nobody can look up a new name in that
 * directory; and the lock is held by every lookup and reading under way, which may be one in a
 * container that hangs. So the teller waits for a moment in which nobody is being answered; if none
 * comes, all names are forgotten once more instead, for those that were underway have arrived by then.
 * On an older kernel the list waits for as long as somebody is inside a container for more than a
 * moment.
 *
 * Which names of a container the kernel has cached nobody knows: we keep no
 * table. When all of them may be wrong (the container is stopped, a directory of bins is
 * moved away, events were lost) everything is forgotten, or on an older kernel those names
 * that the container still has; the others last ENTRY_TIMEOUT.
 *
 * A watch sits on an inode, and one inode can be in the bins of several
 * containers, or twice in one. A mark says for whom a watch is.
 *
 * What inotify does not tell, opendir finds out: it compares each directory of
 * bins with the one that is watched. So it sees one that has appeared, a link that leads
 * elsewhere, a mount above it.
 *
 * Locks, in this order: a container's bin_lock, the lock here. The lock is never held while
 * looking into a container or telling the kernel something.
 */
#include "config.h"

#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "catalog.h"
#include "dircache.h"
#include "generation.h"
#include "listing.h"
#include "log.h"
#include "notify.h"
#include "pool.h"
#include "privs.h"
#include "search.h"

#define ROOT_NODE 1

#define NAME_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
#define SELF_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF)
#define LOST_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

/* Names to forget; when there are more, all are forgotten. */
#define NAMES_MAX 4096

/* Longer than any lookup on a disk that is awake, in milliseconds. */
#define MOMENT_MS 8

/* How often, two milliseconds apart, it is looked for a moment in which nobody is being answered. */
#define TRIES_MAX 100

#define WATCH_STACK (64L * 1024)

struct mark {
	int wd;
	struct started *started; /* with a reference */
	const struct bin *bin;
	const char *file; /* the only name of interest, or NULL */
};

/* A name to forget: "container:program" in the root and "program" in NODE; or "container" alone. */
struct forgotten {
	struct forgotten *next;
	uint64_t node;
	char container[CONTAINER_NAME_MAX + 1];
	char program[]; /* may be empty */
};

struct watch {
	struct watch_ties ties;
	int queue;
	int wake;

	pthread_mutex_t lock;
	struct mark *marks;
	size_t mark_count, mark_size;
	struct forgotten *first, **last;
	size_t forgotten_count;
	bool forget_everything;
	bool must_hurry; /* something to be forgotten is new */
	time_t overflow_told;
};

int watch_new(struct watch **watch)
{
	struct watch *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	new->queue = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	new->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (new->queue < 0 || new->wake < 0) {
		err = errno;
		free(new);
		return -err;
	}
	pthread_mutex_init(&new->lock, NULL);
	new->last = &new->first;
	*watch = new;
	return 0;
}

void watch_wake(struct watch *watch)
{
	static const uint64_t one = 1;

	/* EAGAIN: it was woken often enough. */
	if (write(watch->wake, &one, sizeof(one)) < 0)
		return;
}

/* The list of what to forget. The lock is held. */

static bool is_last(const struct watch *watch, const struct started *started, const char *program)
{
	const struct forgotten *last;

	if (!watch->first)
		return false;
	last = (const void *)((const char *)watch->last - offsetof(struct forgotten, next));
	return last->node == started->node && strcmp(last->program, program) == 0;
}

/* The container's own name, if PROGRAM is empty. */
static void forget_name(struct watch *watch, const struct started *started, const char *program)
{
	bool has_epoch = watch->ties.notify->has_epoch;
	struct forgotten *name = NULL;

	watch->must_hurry = true;
	/* A program that is installed makes several events. */
	if ((watch->forget_everything && has_epoch) || is_last(watch, started, program))
		return;
	if (watch->forgotten_count < (has_epoch ? NAMES_MAX : 16 * NAMES_MAX))
		name = malloc(sizeof(*name) + strlen(program) + 1);
	if (!name) {
		watch->forget_everything = true;
		return;
	}
	name->next = NULL;
	name->node = started->node;
	strcpy(name->container, started->name);
	strcpy(name->program, program);
	*watch->last = name;
	watch->last = &name->next;
	watch->forgotten_count++;
}

/* Marks. The lock is held. */

static bool has_mark(const struct watch *watch, int wd)
{
	size_t i;

	for (i = 0; i < watch->mark_count; i++)
		if (watch->marks[i].wd == wd)
			return true;
	return false;
}

static void remove_mark(struct watch *watch, size_t i)
{
	struct mark mark = watch->marks[i];

	watch->marks[i] = watch->marks[--watch->mark_count];
	if (!has_mark(watch, mark.wd))
		inotify_rm_watch(watch->queue, mark.wd);
	started_unref(mark.started);
}

static bool is_marked(const struct watch *watch, const struct mark *mark)
{
	size_t i;

	for (i = 0; i < watch->mark_count; i++)
		if (watch->marks[i].wd == mark->wd && watch->marks[i].bin == mark->bin)
			return true;
	return false;
}

static int add_mark(struct watch *watch, const struct mark *mark)
{
	struct mark *more;

	if (mark->started->is_stopped)
		return -ESTALE;
	if (is_marked(watch, mark))
		return 0;
	if (watch->mark_count == watch->mark_size) {
		more = reallocarray(watch->marks, watch->mark_size + 32, sizeof(*more));
		if (!more)
			return -ENOMEM;
		watch->marks = more;
		watch->mark_size += 32;
	}
	watch->marks[watch->mark_count++] = *mark;
	started_ref(mark->started);
	return 0;
}

/* Those of BIN, or of all bins of STARTED where BIN is NULL, except on WD. */
static void remove_marks(struct watch *watch, const struct started *started, const struct bin *bin,
			 int wd)
{
	size_t i;

	for (i = watch->mark_count; i-- > 0;)
		if (watch->marks[i].started == started && (!bin || watch->marks[i].bin == bin) &&
		    watch->marks[i].wd != wd)
			remove_mark(watch, i);
}

/* Events. The lock is held. */

/* Containers without a mark have not been looked at yet, or are not cached at all. */
static void take_overflow(struct watch *watch)
{
	time_t now = time(NULL);
	size_t i;

	for (i = 0; i < watch->mark_count; i++) {
		atomic_store(&watch->marks[i].started->must_look, true);
		started_changed(watch->marks[i].started);
	}
	watch->forget_everything = watch->must_hurry = true;
	if (now - watch->overflow_told < 60)
		return;
	watch->overflow_told = now;
	log_line(
		LOG_WARNING,
		"more changes at once than the kernel can tell of; everything is looked up anew (fs.inotify.max_queued_events)");
}

/* The directory of MARK is not where it was, so nothing can be said about the names in it. */
static void take_loss(struct watch *watch, size_t i)
{
	struct started *started = watch->marks[i].started;

	atomic_store(&started->must_look, true);
	started_changed(started);
	watch->forget_everything = watch->must_hurry = true;
	remove_mark(watch, i);
}

static void take_name(struct watch *watch, const struct mark *mark,
		      const struct inotify_event *event)
{
	if (mark->file && strcmp(mark->file, event->name) != 0)
		return;
	started_changed(mark->started);
	/* That a command was not there is nothing that the kernel believes. */
	if (!(event->mask & IN_CREATE))
		forget_name(watch, mark->started, event->name);
}

static void take_event(struct watch *watch, const struct inotify_event *event)
{
	size_t i;

	if (event->mask & IN_Q_OVERFLOW) {
		take_overflow(watch);
		return;
	}
	for (i = watch->mark_count; i-- > 0;) {
		if (watch->marks[i].wd != event->wd)
			continue;
		if (event->mask & LOST_EVENTS) {
			take_loss(watch, i);
		} else if (event->len) {
			take_name(watch, &watch->marks[i], event);
		} else {
			/* The directory's own mode: perhaps nobody may look into it now. */
			started_changed(watch->marks[i].started);
			watch->forget_everything = watch->must_hurry = true;
		}
	}
}

void watch_drain(struct watch *watch)
{
	union {
		struct inotify_event event;
		char bytes[8192];
	} buffer;
	const struct inotify_event *event;
	bool must_hurry, has_news = false;
	ssize_t n, i;

	pthread_mutex_lock(&watch->lock);
	while ((n = read(watch->queue, &buffer, sizeof(buffer))) > 0) {
		has_news = true;
		for (i = 0; i < n; i += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(buffer.bytes + i);
			take_event(watch, event);
		}
	}
	must_hurry = watch->must_hurry;
	watch->must_hurry = false;
	pthread_mutex_unlock(&watch->lock);
	if (must_hurry)
		notify_everything(watch->ties.notify);
	if (has_news)
		watch_wake(watch);
}

/* Looking. The container's bin_lock is held. */

/* Watches the directory that FD is open as, for BIN. A negative errno. */
static int watch_directory(struct watch *watch, struct started *started, struct bin *bin, int fd,
			   const char *file)
{
	struct mark mark = {.started = started, .bin = bin, .file = file};
	char path[64];
	int status;

	/* By its fd: in this process, its path leads elsewhere. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	mark.wd = inotify_add_watch(watch->queue, path, NAME_EVENTS | SELF_EVENTS | IN_ONLYDIR);
	if (mark.wd < 0)
		return -errno;
	pthread_mutex_lock(&watch->lock);
	status = add_mark(watch, &mark);
	if (status == 0)
		remove_marks(watch, started, bin, mark.wd);
	pthread_mutex_unlock(&watch->lock);
	return status;
}

/* A single file: what becomes of its name is told by the directory that it is in. */
static int watch_file(struct watch *watch, struct started *started, struct bin *bin)
{
	const char *slash = strrchr(bin->path, '/');
	char *dir = strndup(bin->path, slash == bin->path ? 1 : (size_t)(slash - bin->path));
	int fd, status;

	if (!dir)
		return -ENOMEM;
	fd = search_open(started->root, dir, O_PATH | O_DIRECTORY);
	free(dir);
	if (fd < 0)
		return fd;
	status = watch_directory(watch, started, bin, fd, slash + 1);
	close(fd);
	return status;
}

static void complain(struct started *started, const struct bin *bin, int status)
{
	if (started->has_complained || status == -ESTALE)
		return;
	started->has_complained = true;
	log_line(LOG_WARNING,
		 "%s: changes in %s cannot be watched: %s%s; its commands are not cached",
		 started->name, bin->path, strerror(-status),
		 status == -ENOSPC ? " (raise fs.inotify.max_user_watches)" : "");
}

/* Whether something may have changed in BIN without a word. IS_NEW: as if nothing were known. */
static bool look_at_bin(struct watch *watch, struct started *started, struct bin *bin, bool is_new)
{
	struct stat st = {.st_ino = 0};
	int fd = search_open(started->root, bin->path, O_PATH);
	bool is_same, was_watched = bin->is_watched;
	int status = 0;

	if (fd >= 0 && fstat(fd, &st) < 0)
		st.st_ino = 0;
	is_same = bin->is_known && bin->dev == st.st_dev && bin->ino == st.st_ino;
	if (!is_same || is_new || !was_watched) {
		if (S_ISDIR(st.st_mode))
			status = watch_directory(watch, started, bin, fd, NULL);
		else if (S_ISREG(st.st_mode))
			status = watch_file(watch, started, bin);
		if (status < 0)
			complain(started, bin, status);
		bin->is_watched = status == 0;
		bin->dev = st.st_dev;
		bin->ino = st.st_ino;
		bin->is_known = true;
	}
	if (fd >= 0)
		close(fd);
	return !is_same || (!was_watched && bin->is_watched);
}

void watch_look(struct watch *watch, struct started *started)
{
	bool is_new, has_changed = false, is_watched = true, was_known = true;
	size_t i;

	pthread_mutex_lock(&started->bin_lock);
	is_new = atomic_exchange(&started->must_look, false);
	for (i = 0; i < started->bin_count; i++) {
		was_known &= started->bin[i].is_known;
		has_changed |= look_at_bin(watch, started, &started->bin[i], is_new);
		is_watched &= started->bin[i].is_watched;
	}
	atomic_store(&started->is_watched, is_watched);
	/* What was looked at between a watch and its mark is not of the new generation. */
	if (has_changed || is_new)
		started_changed(started);
	pthread_mutex_unlock(&started->bin_lock);

	if (has_changed && was_known) {
		pthread_mutex_lock(&watch->lock);
		watch->forget_everything = true;
		pthread_mutex_unlock(&watch->lock);
	}
	if (has_changed || is_new)
		watch_wake(watch);
}

/* The catalog's changes. */

/* All names of a container that is not as it was, for kernels that cannot forget everything. */
static void forget_listed(struct call *call)
{
	const struct notify *notify = call->context;
	struct started *started = call->started;
	char name[CALL_NAME_MAX + 1];
	struct listing *listing = NULL;
	int status = pool_enter(call->pool, started);
	size_t i;

	if (status == 0) {
		listing_build(started, &listing);
		status = pool_leave();
	}
	for (i = 0; status == 0 && listing && i < listing->count; i++) {
		snprintf(name, sizeof(name), "%s:%s", started->name, listing_name(listing, i));
		notify_entry(notify, ROOT_NODE, name);
		notify_entry(notify, started->node, listing_name(listing, i));
	}
	listing_free(listing);
	if (status == -ECANCELED)
		return;
	started_unuse(started);
	started_unref(started);
}

static void forget_container(struct watch *watch, struct started *old)
{
	struct call call = {
		.answer = forget_listed,
		.context = (void *)(uintptr_t)watch->ties.notify,
		.pool = watch->ties.pool,
		.started = old,
	};

	if (watch->ties.notify->has_epoch || !started_use(old))
		return;
	started_ref(old);
	if (pool_run(watch->ties.pool, &call) == 0)
		return;
	started_unuse(old);
	started_unref(old);
}

void watch_catalog_changed(struct watch *watch, struct started *old, struct started *new)
{
	generation_next();
	pthread_mutex_lock(&watch->lock);
	forget_name(watch, old ? old : new, "");
	/* From Linux 6.19 on, a name that was not there is only forgotten with all others. */
	watch->forget_everything = true;
	if (old) {
		old->is_stopped = true;
		remove_marks(watch, old, NULL, -1);
	}
	pthread_mutex_unlock(&watch->lock);
	if (old)
		forget_container(watch, old);
	watch_wake(watch);
}

/* The threads. */

static void forget_one(struct watch *watch, const struct forgotten *name)
{
	const struct notify *notify = watch->ties.notify;
	char command[CALL_NAME_MAX + 1];

	if (!*name->program) {
		notify_entry(notify, ROOT_NODE, name->container);
		return;
	}
	snprintf(command, sizeof(command), "%s:%s", name->container, name->program);
	notify_entry(notify, ROOT_NODE, command);
	notify_entry(notify, name->node, name->program);
}

/* True when all names are forgotten. Otherwise nobody holds a directory's lock for long now. */
static bool forget_without_lock(struct watch *watch)
{
	static const struct timespec pause = {.tv_nsec = 2000000};
	bool has_epoch = watch->ties.notify->has_epoch;
	int tries = 0;

	while (has_epoch ? pool_is_busy(watch->ties.pool)
			 : pool_is_slow(watch->ties.pool, MOMENT_MS)) {
		if (has_epoch && tries++ == TRIES_MAX)
			return notify_everything(watch->ties.notify) == 0;
		nanosleep(&pause, NULL);
	}
	return false;
}

static void forget_names(struct watch *watch)
{
	struct forgotten *name, *next;
	bool is_done = false, everything;

	pthread_mutex_lock(&watch->lock);
	name = watch->first;
	watch->first = NULL;
	watch->last = &watch->first;
	watch->forgotten_count = 0;
	everything = watch->forget_everything;
	watch->forget_everything = false;
	pthread_mutex_unlock(&watch->lock);
	if (everything)
		notify_everything(watch->ties.notify);
	for (; name; name = next) {
		next = name->next;
		is_done = is_done || forget_without_lock(watch);
		if (!is_done)
			forget_one(watch, name);
		free(name);
	}
}

/* False when it has to be tried again later. */
static bool settle(struct watch *watch, struct dircache *cache, uint64_t generation)
{
	uint64_t node = dircache_node(cache);

	switch (dircache_settle(cache, generation)) {
	case DIRCACHE_SETTLED:
		return true;
	case DIRCACHE_BUSY:
		return false;
	case DIRCACHE_BARRIER:
		/* A name that nobody has; what counts is the directory's lock. */
		if (!forget_without_lock(watch))
			notify_entry(watch->ties.notify, node, "\n");
		break;
	case DIRCACHE_DROP:
		break;
	}
	notify_listing(watch->ties.notify, node);
	dircache_settled(cache, generation);
	return true;
}

static bool settle_all(struct watch *watch)
{
	bool is_done = settle(watch, watch->ties.root, generation_now());
	struct started *started;
	unsigned int tag = 0;

	while ((started = catalog_from_tag(watch->ties.catalog, tag))) {
		tag = started->tag + 1;
		is_done &= settle(watch, started->dircache, atomic_load(&started->generation));
		started_unref(started);
	}
	return is_done;
}

/*
 * The listener has little to do, and until that is done a program that went is still found: on a busy
 * machine, for as long as others do not let it run. A nice value would only count within our
 * session, sched(7).
 */
static void be_urgent(void)
{
	static const struct sched_param urgent = {.sched_priority = 1};

	/* musl's function of that name refuses: it means one thread here, not the process that POSIX means. */
	if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &urgent) < 0)
		log_line(LOG_DEBUG, "changes are heard of when there is time: %m");
	if (privs_drop(CAP_SYS_NICE) < 0)
		log_line(LOG_WARNING, "cannot give up a capability: %m");
}

static void *listen_to_events(void *arg)
{
	struct watch *watch = arg;
	struct pollfd fd = {.fd = watch->queue, .events = POLLIN};

	be_urgent();
	while (poll(&fd, 1, -1) >= 0 || errno == EINTR)
		watch_drain(watch);
	return NULL;
}

static void *tell(void *arg)
{
	struct watch *watch = arg;
	struct pollfd fds[] = {
		{.fd = catalog_fd(watch->ties.catalog), .events = POLLIN},
		{.fd = watch->wake, .events = POLLIN},
	};
	int timeout = 0;
	uint64_t count;

	for (;;) {
		poll(fds, sizeof(fds) / sizeof(fds[0]), timeout);
		if (read(watch->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
			return NULL;
		catalog_refresh(watch->ties.catalog);
		watch_drain(watch);
		forget_names(watch);
		timeout = settle_all(watch) ? -1 : DIRCACHE_PAUSE_MS / 4;
	}
}

static int start_thread(void *(*thread)(void *arg), struct watch *watch)
{
	pthread_attr_t attr;
	pthread_t id;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attr, WATCH_STACK);
	if (err == 0)
		err = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (err == 0)
		err = pthread_create(&id, &attr, thread, watch);
	pthread_attr_destroy(&attr);
	return -err;
}

int watch_start(struct watch *watch, const struct watch_ties *ties)
{
	int status;

	watch->ties = *ties;
	status = start_thread(listen_to_events, watch);
	/* It has a capability that nobody else needs. */
	if (status == 0)
		status = privs_drop(CAP_SYS_NICE);
	return status < 0 ? status : start_thread(tell, watch);
}
