/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each container has a queue of requests that need a look into it, and, while
 * there are any, one thread that looks: its worker. So a container that hangs
 * (a dead network server, a stopped FUSE daemon) takes one thread and delays no
 * request for another container.
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
#include <time.h>

struct fuse_req;
struct cmdset;
struct listing;

/* What a look into a container has found; the asker's. */
struct found {
	struct listing *listing; /* a reference, or NULL */
	char *bytes; /* or NULL */
	size_t size; /* of bytes, or of a file */
	time_t modified; /* the file was */
};

/* Looks into CMDSET for NAME, in what NODE is. 0 or a negative errno. */
typedef int worker_look(struct cmdset *cmdset, uint64_t node, const char *name,
			struct found *found);

struct request {
	/* worker.c's */
	struct request *next;
	uint64_t turn;

	struct fuse_req *req;
	uid_t uid;
	uint64_t node;
	uint64_t off; /* in a directory: what was given last */
	uint64_t opened; /* when that was opened, monotonic_ns() */
	size_t size;

	/* For a worker. */
	struct cmdset *cmdset; /* where to look, a reference or NULL */
	uint64_t max_age; /* of a listing, as for cmdset_list */
	worker_look *look; /* NULL: for a command, or a listing of them */
	struct found found;
	/* frees the request, or asks again */
	void (*answer)(struct request *request, int status);
	char name[]; /* what to look for; empty: a listing */
};

/* Part of a command set; worker.c's. All zero at first. */
struct worker {
	struct request *first; /* those that wait, by their turns */
	uint64_t turn; /* of the last request that was begun */
	/* what it looks for; NULL: somebody else answers that */
	struct request *current;
	atomic_uint_least64_t since; /* when it last made progress */
	bool is_there; /* it has a thread, or will soon */
	bool is_hung;
	bool is_stopped;
	struct cmdset *next; /* of those with a thread */
};

/*
 * LIFELINE is a descriptor that no worker may have, and LAST is the greatest
 * that they need.
 */
void workers_init(int lifeline, int last);

/* NAME may be "". NULL without memory. */
struct request *request_new(struct fuse_req *req, const char *name);
void request_free(struct request *request);

/*
 * Has the worker of request->cmdset look, and then answer with what that
 * returned. 0: the request is not the caller's any more. Otherwise it stays so:
 * -ETIMEDOUT, the container hangs; -ESTALE, it is stopped; -EAGAIN, there are
 * too many requests of this user, or no threads.
 */
int worker_ask(struct request *request);

/* For what a worker does: it goes on. */
void worker_progress(void);

/* The container is stopped. What waits is answered with ESTALE. */
void worker_stop(struct cmdset *cmdset);

/*
 * Whether THREAD is one of ours: a request that comes from there would wait for
 * itself.
 */
bool worker_is(pid_t thread);

/*
 * Gives up workers that hang. Returns the milliseconds until it has to be
 * called again; -1: not before the next request.
 */
int workers_tend(void);

#endif
