/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "worker.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monotonic.h"
#include "credentials.h"
#include "instance.h"
#include "listing.h"
#include "log.h"
#include "policy.h"

/* How many requests may wait for a worker: of one user, and of all but root. */
#define SHARE_MAX 512
#define WAITING_MAX 4096

/* src/common/search.c keeps a few paths on the stack. */
#define STACK_SIZE (192L * 1024)

/* How often workers are looked after while there are any. */
#define TEND_MS 250

/* Over all workers and their queues; held for moments. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance *there; /* those with a thread */

static _Thread_local struct worker *self;

/* Requests. */

struct request *request_new(struct fuse_req *req, const char *name)
{
	struct request *request = calloc(1, sizeof(*request) + strlen(name) + 1);

	if (!request)
		return NULL;
	request->req = req;
	request->uid = fuse_req_ctx(req)->uid;
	strcpy(request->name, name);
	return request;
}

void request_free(struct request *request)
{
	listing_unref(request->listing);
	if (request->instance)
		instance_unref(request->instance);
	free(request);
}

/*
 * A copy for somebody else to answer. The worker has REQUEST, and may be
 * writing what it finds.
 */
static struct request *copy_request(const struct request *request)
{
	size_t start = offsetof(struct request, req);
	size_t size = sizeof(*request) + strlen(request->name) + 1;
	struct request *copy = calloc(1, size);

	if (!copy)
		return NULL;
	memcpy((char *)copy + start, (const char *)request + start, size - start);
	instance_ref(copy->instance);
	return copy;
}

static void answer_all(struct request *request, int status)
{
	struct request *next;

	for (; request; request = next) {
		next = request->next;
		request->answer(request, status);
	}
}

/* Queues. The lock is held. */

/* The last request of anybody but root, or NULL. */
static struct request **find_last(struct worker *worker)
{
	struct request **link, **last = NULL;

	for (link = &worker->first; *link; link = &(*link)->next)
		if ((*link)->uid != 0)
			last = link;
	return last;
}

/*
 * Users take turns: the turn of a request is the next one, or the one after the
 * last that its user has. Where the queue is full, it takes the place of one
 * with a later turn, which is DISPLACED. -EAGAIN: there is no room for it.
 */
static int queue_request(struct worker *worker, struct request *request, struct request **displaced)
{
	struct request **link, **last = find_last(worker);
	int count = 0, share = 0;

	request->turn = worker->turn + 1;
	for (link = &worker->first; *link; link = &(*link)->next) {
		count += (*link)->uid != 0;
		if ((*link)->uid == request->uid) {
			request->turn = (*link)->turn + 1;
			share++;
		}
	}
	if (request->uid != 0 && share >= SHARE_MAX)
		return -EAGAIN;
	if (request->uid != 0 && count >= WAITING_MAX) {
		if ((*last)->turn <= request->turn)
			return -EAGAIN;
		*displaced = *last;
		*last = (*last)->next;
		(*displaced)->next = NULL;
	}
	for (link = &worker->first; *link && (*link)->turn <= request->turn; link = &(*link)->next)
		;
	request->next = *link;
	*link = request;
	return 0;
}

/* Or NULL. */
static struct request *take_first(struct worker *worker)
{
	struct request *request = worker->first;

	if (request) {
		worker->first = request->next;
		worker->turn = request->turn;
	}
	return request;
}

static struct request *take_all(struct worker *worker)
{
	struct request *first = worker->first;

	worker->first = NULL;
	return first;
}

/* The thread. */

/* The lock is held. Nothing is left to be done. */
static void leave(struct instance *instance)
{
	struct instance **link;

	for (link = &there; *link != instance; link = &(*link)->worker.next)
		;
	*link = instance->worker.next;
	instance->worker.is_there = false;
	instance->worker.thread = 0;
	if (instance->worker.is_stopped)
		instance_close(instance);
}

/* NULL: there is none, and the thread has left. */
static struct request *next_request(struct instance *instance)
{
	struct worker *worker = &instance->worker;
	struct request *request;

	pthread_mutex_lock(&lock);
	worker->thread = gettid();
	atomic_store(&worker->since, monotonic_ns());
	request = worker->current = take_first(worker);
	if (!request)
		leave(instance);
	pthread_mutex_unlock(&lock);
	return request;
}

/* Whether the request is still ours to answer. */
static bool finish(struct instance *instance)
{
	bool was_hung;

	pthread_mutex_lock(&lock);
	was_hung = self->is_hung;
	self->is_hung = false;
	self->current = NULL;
	pthread_mutex_unlock(&lock);
	if (was_hung)
		log_line(LOG_WARNING, "%s answers again", instance->name);
	return !was_hung;
}

/*
 * Its root and working directory are its own, and so are its file system ids.
 */
static int prepare(struct instance *instance)
{
	int status = unshare(CLONE_FS) < 0 ? -errno : credentials_look();

	return status < 0 ? status : instance_open(instance);
}

static void *work(void *arg)
{
	struct instance *instance = arg;
	struct request *request;
	int status, prepared = 1;

	self = &instance->worker;
	while ((request = next_request(instance))) {
		if (prepared)
			prepared = prepare(instance);
		status = prepared < 0 ? prepared : request->look(request);
		if (finish(instance))
			request->answer(request, status);
		else
			request_free(request);
	}
	instance_unref(instance);
	return NULL;
}

int thread_start(void *(*function)(void *arg), void *arg, size_t size)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	err = pthread_attr_setstacksize(&attr, size);
	if (err == 0)
		err = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (err == 0)
		err = pthread_create(&thread, &attr, function, arg);
	pthread_attr_destroy(&attr);
	return -err;
}

/* For all. */

/* The lock is held. */
static int ask(struct instance *instance, struct request *request, struct request **displaced)
{
	struct worker *worker = &instance->worker;
	int status;

	if (worker->is_stopped || worker->is_hung)
		return worker->is_stopped ? -ESTALE : -ETIMEDOUT;
	status = queue_request(worker, request, displaced);
	if (status < 0 || worker->is_there)
		return status;
	status = thread_start(work, instance_ref(instance), STACK_SIZE);
	if (status < 0) {
		atomic_fetch_sub(&instance->references, 1);
		take_all(worker);
		return -EAGAIN;
	}
	worker->is_there = true;
	worker->next = there;
	there = instance;
	return 0;
}

int worker_ask(struct request *request)
{
	struct request *displaced = NULL;
	int status;

	pthread_mutex_lock(&lock);
	status = ask(request->instance, request, &displaced);
	pthread_mutex_unlock(&lock);
	answer_all(displaced, -EAGAIN);
	return status;
}

void worker_progress(void)
{
	atomic_store(&self->since, monotonic_ns());
}

/* What waited for another instance of the container. */
static void hand_over(struct request *request, struct instance *successor)
{
	struct request *next;
	int status;

	for (; request; request = next) {
		next = request->next;
		instance_unref(request->instance);
		request->instance = instance_ref(successor);
		status = worker_ask(request);
		if (status < 0)
			request->answer(request, status);
	}
}

void worker_stop(struct instance *instance, struct instance *successor)
{
	struct request *requests;

	pthread_mutex_lock(&lock);
	instance->worker.is_stopped = true;
	requests = take_all(&instance->worker);
	if (!instance->worker.is_there)
		instance_close(instance);
	pthread_mutex_unlock(&lock);
	if (successor)
		hand_over(requests, successor);
	else
		answer_all(requests, -ESTALE);
}

bool worker_is(pid_t thread)
{
	struct instance *instance;

	pthread_mutex_lock(&lock);
	for (instance = there; instance; instance = instance->worker.next)
		if (instance->worker.thread == thread)
			break;
	pthread_mutex_unlock(&lock);
	return instance != NULL;
}

/* The lock is held. What a worker that hangs leaves for others to answer. */
static struct request *take_over(struct worker *worker)
{
	struct request *copy = copy_request(worker->current), *others = take_all(worker);

	worker->is_hung = true;
	/* Without memory it stays unanswered; its caller can be killed. */
	if (!copy)
		return others;
	copy->next = others;
	return copy;
}

/* The lock is held. The first instance that does not come back, or NULL. */
static struct instance *find_hung(uint64_t now)
{
	struct instance *instance;
	struct worker *worker;

	for (instance = there; instance; instance = instance->worker.next) {
		worker = &instance->worker;
		if (worker->current && !worker->is_hung &&
		    now > atomic_load(&worker->since) + PATIENCE_MS * NS_PER_MS)
			break;
	}
	return instance;
}

int workers_tend(void)
{
	struct instance *hung, *instance;
	struct request *requests;
	bool is_busy = false;

	pthread_mutex_lock(&lock);
	while ((hung = find_hung(monotonic_ns()))) {
		instance_ref(hung);
		requests = take_over(&hung->worker);
		pthread_mutex_unlock(&lock);
		log_line(LOG_WARNING, "%s does not answer: its commands are left out until it does",
			 hung->name);
		answer_all(requests, -ETIMEDOUT);
		instance_unref(hung);
		pthread_mutex_lock(&lock);
	}
	for (instance = there; instance; instance = instance->worker.next)
		is_busy |= !instance->worker.is_hung;
	pthread_mutex_unlock(&lock);
	return is_busy ? TEND_MS : -1;
}
