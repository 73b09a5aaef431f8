/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "pool.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "policy.h"
#include "started.h"

/* Threads that wait for requests: at least one, so many at rest. */
#define IDLE_MAX 4

/* Threads at work at the same time, those that hang not counted. */
#define WORKERS_MAX 32

/* src/search.c keeps a few paths on the stack. */
#define STACK_SIZE (192L * 1024)

/* How often is looked after those that are inside. */
#define CHECK_MS 250

struct worker {
	struct pool *pool;
	pid_t thread;
	struct call call;
	struct fuse_buf buf;
	struct started *inside; /* the container it looks into, with a reference and a use */
	struct timespec since;
	bool was_replaced;
	struct worker *next;
};

struct pool {
	struct fuse_session *session;
	void (*hangs)(struct started *started, bool it_does, void *arg);
	void *arg;
	int wake;
	atomic_bool has_ended;
	atomic_int idle;

	pthread_mutex_t lock;
	struct worker *workers; /* all of them */
	int count; /* without those that were replaced */
	bool was_entered; /* since the last check */
	bool is_checked; /* regularly; otherwise the next to enter has to wake the checker */
};

static _Thread_local struct worker *self;

struct pool *pool_new(struct fuse_session *session,
		      void (*hangs)(struct started *started, bool it_does, void *arg), void *arg)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pool->wake < 0) {
		free(pool);
		return NULL;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pool->session = session;
	pool->hangs = hangs;
	pool->arg = arg;
	return pool;
}

static void wake_checker(struct pool *pool)
{
	static const uint64_t one = 1;

	/* EAGAIN: it was woken often enough. */
	if (write(pool->wake, &one, sizeof(one)) < 0)
		return;
}

static void enlist(struct worker *worker)
{
	struct pool *pool = worker->pool;

	pthread_mutex_lock(&pool->lock);
	worker->thread = gettid();
	worker->next = pool->workers;
	pool->workers = worker;
	pthread_mutex_unlock(&pool->lock);
}

static void discharge(struct worker *worker)
{
	struct pool *pool = worker->pool;
	struct worker **link;

	pthread_mutex_lock(&pool->lock);
	for (link = &pool->workers; *link != worker; link = &(*link)->next)
		;
	*link = worker->next;
	if (!worker->was_replaced)
		pool->count--;
	pthread_mutex_unlock(&pool->lock);
	free(worker->buf.mem);
	free(worker);
}

/* False when there will be no more requests, for all or for this worker. */
static bool receive(struct worker *worker)
{
	struct pool *pool = worker->pool;
	int status;

	if (atomic_fetch_add(&pool->idle, 1) >= IDLE_MAX) {
		atomic_fetch_sub(&pool->idle, 1);
		return false;
	}
	do
		status = fuse_session_receive_buf(pool->session, &worker->buf);
	while (status == -EINTR);
	atomic_fetch_sub(&pool->idle, 1);
	if (status > 0)
		return true;
	atomic_store(&pool->has_ended, true);
	wake_checker(pool);
	return false;
}

static void *work(void *arg)
{
	struct worker *worker = arg;

	self = worker;
	enlist(worker);
	if (worker->call.answer)
		worker->call.answer(&worker->call);
	while (!worker->was_replaced && receive(worker))
		fuse_session_process_buf(worker->pool->session, &worker->buf);
	discharge(worker);
	return NULL;
}

static int spawn(struct worker *worker)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (err == 0)
		err = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (err == 0)
		err = pthread_create(&thread, &attr, work, worker);
	pthread_attr_destroy(&attr);
	return -err;
}

/* CALL may be NULL: the worker only receives. */
static int hire(struct pool *pool, const struct call *call)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int status;

	if (!worker)
		return -ENOMEM;
	worker->pool = pool;
	if (call)
		worker->call = *call;
	pthread_mutex_lock(&pool->lock);
	pool->count++;
	pthread_mutex_unlock(&pool->lock);
	status = spawn(worker);
	if (status == 0)
		return 0; /* NOLINT(clang-analyzer-unix.Malloc): its thread has it, and frees it. */
	pthread_mutex_lock(&pool->lock);
	pool->count--;
	pthread_mutex_unlock(&pool->lock);
	free(worker);
	return status;
}

int pool_start(struct pool *pool)
{
	int i, status = 0;

	for (i = 0; i < IDLE_MAX && status == 0; i++)
		status = hire(pool, NULL);
	return status;
}

struct call *pool_call(void)
{
	self->call = (struct call){.answer = NULL};
	return &self->call;
}

int pool_run(struct pool *pool, const struct call *call)
{
	return hire(pool, call);
}

bool pool_has_thread(struct pool *pool, pid_t thread)
{
	const struct worker *worker;

	pthread_mutex_lock(&pool->lock);
	for (worker = pool->workers; worker; worker = worker->next)
		if (worker->thread == thread)
			break;
	pthread_mutex_unlock(&pool->lock);
	return worker != NULL;
}

/* Who goes in may not come back for long: then somebody else has to receive. */
static void find_deputy(struct pool *pool)
{
	bool has_room;

	if (atomic_load(&pool->idle) > 0)
		return;
	pthread_mutex_lock(&pool->lock);
	has_room = pool->count < WORKERS_MAX;
	pthread_mutex_unlock(&pool->lock);
	if (has_room)
		hire(pool, NULL);
}

int pool_enter(struct pool *pool, struct started *started)
{
	bool must_wake;

	if (atomic_load(&started->hung))
		return -ETIMEDOUT;
	if (!started_use(started))
		return -ENOENT;
	find_deputy(pool);

	pthread_mutex_lock(&pool->lock);
	self->inside = started_ref(started);
	clock_gettime(CLOCK_MONOTONIC_COARSE, &self->since);
	pool->was_entered = true;
	must_wake = !pool->is_checked;
	pool->is_checked = true;
	pthread_mutex_unlock(&pool->lock);
	if (must_wake)
		wake_checker(pool);
	return 0;
}

void pool_progress(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (now.tv_sec == self->since.tv_sec)
		return;
	pthread_mutex_lock(&self->pool->lock);
	self->since = now;
	pthread_mutex_unlock(&self->pool->lock);
}

int pool_leave(void)
{
	struct pool *pool = self->pool;
	struct started *started;
	bool was_replaced, is_back = false;

	pthread_mutex_lock(&pool->lock);
	started = self->inside;
	self->inside = NULL;
	was_replaced = self->was_replaced;
	pthread_mutex_unlock(&pool->lock);
	if (was_replaced)
		is_back = atomic_fetch_sub(&started->hung, 1) == 1;
	started_unuse(started);
	if (is_back)
		pool->hangs(started, false, pool->arg);
	started_unref(started);
	return was_replaced ? -ECANCELED : 0;
}

static long milliseconds_inside(const struct worker *worker, const struct timespec *now)
{
	if (!worker->inside || worker->was_replaced)
		return 0;
	return (now->tv_sec - worker->since.tv_sec) * 1000 +
	       (now->tv_nsec - worker->since.tv_nsec) / 1000000;
}

bool pool_is_busy(struct pool *pool)
{
	bool is_busy;

	pthread_mutex_lock(&pool->lock);
	is_busy = pool->count > atomic_load(&pool->idle);
	pthread_mutex_unlock(&pool->lock);
	return is_busy;
}

bool pool_is_slow(struct pool *pool, long ms)
{
	const struct worker *worker;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	pthread_mutex_lock(&pool->lock);
	for (worker = pool->workers; worker; worker = worker->next)
		if (milliseconds_inside(worker, &now) > ms)
			break;
	pthread_mutex_unlock(&pool->lock);
	return worker != NULL;
}

/*
 * Takes one request from a thread that has been inside for too long. The
 * container it is in with a reference, or NULL. *IS_FIRST: nobody hung there before.
 */
static struct started *take_one(struct pool *pool, struct call *call, bool *is_first)
{
	struct started *started = NULL;
	struct worker *worker;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	pthread_mutex_lock(&pool->lock);
	for (worker = pool->workers; worker; worker = worker->next) {
		if (milliseconds_inside(worker, &now) < PATIENCE_MS)
			continue;
		worker->was_replaced = true;
		pool->count--;
		*call = worker->call;
		started = started_ref(worker->inside);
		*is_first = atomic_fetch_add(&started->hung, 1) == 0;
		break;
	}
	pthread_mutex_unlock(&pool->lock);
	return started;
}

int pool_fd(const struct pool *pool)
{
	return pool->wake;
}

int pool_check(struct pool *pool)
{
	struct started *started;
	struct worker *worker;
	struct call call;
	uint64_t count;
	bool is_first, is_checked;

	if (read(pool->wake, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return -1;
	while ((started = take_one(pool, &call, &is_first))) {
		if (is_first)
			pool->hangs(started, true, pool->arg);
		started_unref(started);
		/* Without a thread the request stays unanswered; its caller can be killed. */
		hire(pool, &call);
	}

	pthread_mutex_lock(&pool->lock);
	for (worker = pool->workers; worker; worker = worker->next)
		if (worker->inside && !worker->was_replaced)
			break;
	is_checked = worker || pool->was_entered;
	pool->is_checked = is_checked;
	pool->was_entered = false;
	pthread_mutex_unlock(&pool->lock);
	return is_checked ? CHECK_MS : -1;
}

bool pool_has_ended(const struct pool *pool)
{
	return atomic_load(&pool->has_ended);
}
