/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each container has a queue of requests that need a look into it, and, while
 * there are any, one thread that looks: its worker. So a container that hangs
 * (a dead network server, a stopped FUSE daemon) takes one thread and delays
 * nobody who asks for another container.
 *
 * A worker that makes no progress within PATIENCE_MS is left alone. Its request
 * and those behind it are answered with ETIMEDOUT, and so are later ones, at
 * once, until it comes back.
 *
 * Users take turns in a queue, however many requests each has. A user may have
 * so many waiting and no more; root, any number.
 */
#ifndef LSL_WORKER_H
#define LSL_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct fuse_req;
struct instance;
struct listing;

struct request {
	/* worker.c's */
	struct request *next;
	uint64_t turn;

	struct listing *listing; /* what was found, a reference or NULL */

	/* What is asked. Nobody changes it while it waits for a worker. */
	struct fuse_req *req;
	uid_t uid;
	uint64_t node;
	uint64_t off; /* in a directory: what was given last */
	uint64_t opened; /* when that was opened, monotonic_ns() */
	size_t size;
	struct instance *instance; /* whom it is about, a reference or NULL */
	int (*look)(struct request *request); /* may not come back */
	void (*answer)(struct request *request, int status); /* does, and frees the request */
	char name[]; /* what is looked up */
};

/* Part of an instance; worker.c's. All zero at first. */
struct worker {
	struct request *first; /* those that wait, by their turns */
	struct request *current; /* what it looks for */
	atomic_uint_least64_t since; /* when it last made progress */
	pid_t thread; /* 0 while it has none */
	bool is_there; /* it has one, or will soon */
	bool is_hung;
	bool is_stopped;
	uint64_t turn; /* of the last request that was begun */
	struct instance *next; /* of those with a thread */
};

/* NAME may be "". NULL without memory. */
struct request *request_new(struct fuse_req *req, const char *name);
void request_free(struct request *request);

/*
 * Has the worker of request->instance look, and then answer with what that
 * returned. 0: the request is not the caller's any more. Otherwise it stays so:
 * -ETIMEDOUT, the container hangs; -ESTALE, it is stopped; -EAGAIN, there are
 * too many requests of this user, or no threads.
 */
int worker_ask(struct request *request);

/* For what a worker does: it goes on. */
void worker_progress(void);

/*
 * The container is stopped, or SUCCESSOR is in its place. What waits is handed
 * over to that, or answered with ESTALE, and its root is let go of.
 */
void worker_stop(struct instance *instance, struct instance *successor);

/*
 * Whether THREAD is a worker: a request that comes from there would wait for
 * itself.
 */
bool worker_is(pid_t thread);

/*
 * Sees to those that hang. The milliseconds until it has to be called again;
 * -1: not before somebody asks.
 */
int workers_tend(void);

/* Starts a thread, detached, with a stack of SIZE bytes. A negative errno. */
int thread_start(void *(*function)(void *arg), void *arg, size_t size);

#endif
