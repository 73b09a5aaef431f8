/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "worker.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmdset.h"
#include "credentials.h"
#include "inheritance.h"
#include "listing.h"
#include "log.h"
#include "monotonic.h"
#include "nsfile.h"
#include "policy.h"

/* How many requests may wait for a worker: of one user, and of all but root. */
#define SHARE_MAX 512
#define WAITING_MAX 4096

/* src/common/search.c keeps a few paths on the stack. */
#define STACK_SIZE (192L * 1024)

/* How often workers are checked while there are any. */
#define TEND_MS 250

/* Protects all workers and their queues; held only for moments. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cmdset *there; /* those with a thread */

static _Thread_local struct worker *self;

static struct {
	int server_pipe, host, last;
} descriptors;

void workers_init(int server_pipe, int host, int last)
{
	descriptors.server_pipe = server_pipe;
	descriptors.host = host;
	descriptors.last = last;
}

/* Requests. */

static void found_free(const struct found *found)
{
	listing_unref(found->listing);
	free(found->bytes);
}

struct request *request_new(struct fuse_req *req, uint64_t node, const char *name)
{
	struct request *request = calloc(1, sizeof(*request) + strlen(name) + 1);

	if (!request) {
		fuse_reply_err(req, ENOMEM);
		return NULL;
	}
	request->req = req;
	request->node = node;
	request->uid = fuse_req_ctx(req)->uid;
	strcpy(request->name, name);
	return request;
}

void request_free(struct request *request)
{
	found_free(&request->found);
	cmdset_unref(request->cmdset);
	free(request);
}

static void answer_requests(struct request *request, int status)
{
	struct request *next;

	for (; request; request = next) {
		next = request->next;
		request->answer(request, status);
	}
}

/* Queues. The lock is held. */

/*
 * Users take turns: the turn of a request is the next one, or the one after the
 * last turn of its user. If the queue is full, the request replaces one with a
 * later turn, which is DISPLACED. -EAGAIN: there is no room for it.
 */
static int queue_request(struct worker *worker, struct request *request, struct request **displaced)
{
	struct request **link, **last = NULL;
	int count = 0, share = 0;

	request->turn = worker->turn + 1;
	for (link = &worker->first; *link; link = &(*link)->next) {
		if ((*link)->uid == request->uid) {
			request->turn = (*link)->turn + 1;
			share++;
		}
		if ((*link)->uid != 0) {
			last = link;
			count++;
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

static struct request *take_all(struct worker *worker)
{
	struct request *first = worker->first;

	worker->first = NULL;
	return first;
}

/* The thread. */

/*
 * A worker's copy of a request, because another thread may answer the request
 * meanwhile.
 */
struct task {
	struct request *request;
	worker_look *look;
	uint64_t node;
	char name[NAME_MAX + 1];
};

/* The lock is held. The worker has no more requests. */
static void leave(struct cmdset *cmdset)
{
	struct cmdset **link;

	for (link = &there; *link != cmdset; link = &(*link)->worker.next)
		;
	*link = cmdset->worker.next;
	cmdset->worker.is_there = false;
}

/* False: there is no request, and the thread has left. */
static bool begin_next(struct cmdset *cmdset, struct task *task)
{
	struct worker *worker = &cmdset->worker;

	pthread_mutex_lock(&lock);
	atomic_store(&worker->since, monotonic_ns());
	task->request = worker->current = worker->first;
	if (task->request) {
		worker->first = task->request->next;
		worker->turn = task->request->turn;
		task->look = task->request->look;
		task->node = task->request->node;
		strcpy(task->name, task->request->name);
	} else {
		leave(cmdset);
	}
	pthread_mutex_unlock(&lock);
	return task->request;
}

/* Whether this thread still has to answer the request. */
static bool finish_request(const struct cmdset *cmdset)
{
	bool was_hung;

	pthread_mutex_lock(&lock);
	was_hung = self->is_hung;
	self->is_hung = false;
	self->current = NULL;
	pthread_mutex_unlock(&lock);
	if (was_hung)
		log_line(LOG_WARNING, "%s answers again", cmdset->name);
	return !was_hung;
}

/*
 * A worker has its own root, working directory, file system ids and
 * descriptors. A worker that waits for a dead disk may survive a SIGKILL of the
 * process. It has no descriptor of the server's pipe, so the supervisor still
 * notices the death.
 */
static int prepare_worker(struct cmdset *cmdset)
{
	int status;

	if (unshare(CLONE_FS) < 0 || unshare(CLONE_FILES) < 0)
		return -errno;
	/* Another worker may have started this one, in its own container. */
	status = nsfile_enter(descriptors.host);
	if (status < 0)
		return status;
	close(descriptors.server_pipe);
	inheritance_close_from(descriptors.last + 1);
	cmdset->root = -1;
	return credentials_look();
}

static void *work(void *arg)
{
	struct cmdset *cmdset = arg;
	struct found found;
	struct task task;
	int status, prepared = 1;

	self = &cmdset->worker;
	while (begin_next(cmdset, &task)) {
		found = (struct found){.listing = NULL};
		if (prepared > 0)
			prepared = prepare_worker(cmdset);
		status = prepared < 0 ? prepared : cmdset_open(cmdset);
		if (status == 0)
			status = task.look(cmdset, task.node, task.name, &found);
		if (!finish_request(cmdset)) {
			found_free(&found);
			continue;
		}
		task.request->found = found;
		task.request->answer(task.request, status);
	}
	cmdset_unref(cmdset);
	return NULL;
}

/* Starts a detached thread. Returns 0 or a negative errno. */
static int start_thread(struct cmdset *cmdset)
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
		err = pthread_create(&thread, &attr, work, cmdset);
	pthread_attr_destroy(&attr);
	return -err;
}

/* The lock is held. */
static int ask_worker(struct cmdset *cmdset, struct request *request, struct request **displaced)
{
	struct worker *worker = &cmdset->worker;
	int status;

	if (worker->is_hung)
		return -ETIMEDOUT;
	status = queue_request(worker, request, displaced);
	if (status < 0 || worker->is_there)
		return status;
	status = start_thread(cmdset_ref(cmdset));
	if (status < 0) {
		atomic_fetch_sub(&cmdset->references, 1);
		take_all(worker);
		return -EAGAIN;
	}
	worker->is_there = true;
	worker->next = there;
	there = cmdset;
	return 0;
}

int worker_ask(struct request *request, struct cmdset *cmdset, worker_look *look,
	       worker_answer *answer)
{
	struct request *displaced = NULL;
	int status;

	listing_unref(request->found.listing);
	request->found.listing = NULL;
	cmdset_unref(request->cmdset);
	request->cmdset = cmdset;
	request->look = look;
	request->answer = answer;
	pthread_mutex_lock(&lock);
	status = ask_worker(cmdset, request, &displaced);
	pthread_mutex_unlock(&lock);
	answer_requests(displaced, -EAGAIN);
	return status;
}

void worker_answer_by(struct request *request, struct cmdset *cmdset, worker_look *look,
		      worker_answer *answer)
{
	int status;

	if (!request) {
		cmdset_unref(cmdset);
		return;
	}
	status = cmdset ? worker_ask(request, cmdset, look, answer) : -ESTALE;
	if (status < 0)
		answer(request, status);
}

void worker_progress(void)
{
	atomic_store(&self->since, monotonic_ns());
}

bool worker_is(pid_t thread)
{
	/* The signal 0 only checks whether the thread exists. */
	return syscall(SYS_tgkill, getpid(), thread, 0) == 0;
}

/*
 * The lock is held. Returns the requests of a worker that hangs, which others
 * must answer.
 */
static struct request *take_over(struct worker *worker)
{
	struct request *request = worker->current;

	request->next = take_all(worker);
	worker->current = NULL;
	worker->is_hung = true;
	return request;
}

int workers_tend(void)
{
	uint64_t now = monotonic_ns();
	struct request *requests = NULL, **end = &requests;
	struct cmdset *cmdset;
	bool is_busy = false;

	pthread_mutex_lock(&lock);
	for (cmdset = there; cmdset; cmdset = cmdset->worker.next) {
		/* Answering its requests may make other workers busy. */
		is_busy |= !cmdset->worker.is_hung;
		if (!cmdset->worker.current ||
		    now <= atomic_load(&cmdset->worker.since) + PATIENCE_MS * NS_PER_MS)
			continue;
		log_line(LOG_WARNING, "%s does not answer: its commands are left out until it does",
			 cmdset->name);
		*end = take_over(&cmdset->worker);
		while (*end)
			end = &(*end)->next;
	}
	pthread_mutex_unlock(&lock);
	answer_requests(requests, -ETIMEDOUT);
	return is_busy ? TEND_MS : -1;
}
