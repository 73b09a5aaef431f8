/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each container has a queue of requests that need a look into it and, while
 * there are requests, one thread that looks, its worker. So a container that
 * hangs (a dead network server, a stopped FUSE daemon) takes one thread and
 * delays no request for another container.
 *
 * If a worker makes no progress within PATIENCE_MS, its request and those after
 * it are answered with ETIMEDOUT. Later requests get ETIMEDOUT at once, until
 * the worker comes back.
 *
 * Users take turns in a queue, however many requests each has. The number of
 * waiting requests of a user is limited; root's is not.
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

/* The result of a look into a container; the requester owns it. */
struct found {
	struct listing *listing; /* a reference, or NULL */
	char *bytes; /* or NULL */
	size_t size; /* of bytes, or of a file */
	time_t modified; /* the file was */
};

/*
 * Looks into CMDSET for NAME, or with an empty name for a listing, in the
 * directory NODE. Returns 0 or a negative errno.
 */
typedef int worker_look(struct cmdset *cmdset, uint64_t node, const char *name,
			struct found *found);

struct request;

/* Answers REQUEST and frees it, or asks again. */
typedef void worker_answer(struct request *request, int status);

struct request {
	/* worker.c's */
	struct request *next;
	uint64_t turn;

	struct fuse_req *req;
	uid_t uid;
	uint64_t node;
	uint64_t off; /* in a directory: the last position that was returned */
	uint64_t opened; /* when the directory was opened, monotonic_ns() */
	size_t size;

	/* For a worker. */
	struct cmdset *cmdset; /* where to look, a reference or NULL */
	worker_look *look;
	struct found found;
	worker_answer *answer;
	char name[]; /* what to look for; empty: a listing */
};

/* A member of a command set; only worker.c uses it. All zero at first. */
struct worker {
	struct request *first; /* those that wait, by their turns */
	uint64_t turn; /* of the last request that was begun */
	/* the request that it works on; NULL: another thread answers that */
	struct request *current;
	atomic_uint_least64_t since; /* when it last made progress */
	bool is_there; /* it has a thread, or will soon */
	bool is_hung;
	struct cmdset *next; /* of those with a thread */
};

/*
 * SERVER_PIPE is a descriptor that no worker may have, HOST is the first
 * thread's mount namespace, and LAST is the greatest descriptor that they need.
 */
void workers_init(int server_pipe, int host, int last);

/* NAME may be "". NULL without memory; REQ is then answered. */
struct request *request_new(struct fuse_req *req, uint64_t node, const char *name);
void request_free(struct request *request);

/*
 * Makes the worker of CMDSET, whose reference it takes over, call LOOK, and
 * then ANSWER with the result. 0: the caller no longer owns the request. On
 * failure the caller keeps it: -ETIMEDOUT, the container hangs; -EAGAIN, there
 * are too many requests of this user, or no threads.
 */
int worker_ask(struct request *request, struct cmdset *cmdset, worker_look *look,
	       worker_answer *answer);

/*
 * The same for a new request; a failure is its answer. REQUEST may be NULL, as
 * from request_new, and CMDSET, because the container is stopped: -ESTALE.
 */
void worker_answer_by(struct request *request, struct cmdset *cmdset, worker_look *look,
		      worker_answer *answer);

/* A worker calls this to show progress. */
void worker_progress(void);

/*
 * Whether THREAD is a worker of ours. A request from it would wait for itself.
 */
bool worker_is(pid_t thread);

/*
 * Answers the requests of workers that hang. Returns the milliseconds after
 * which it must be called again; -1: only after another request.
 */
int workers_tend(void);

#endif
