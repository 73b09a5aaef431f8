/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The threads that answer requests, and what becomes of those that do not come
 * back: a container may lie on a file system that hangs (a dead network server, a stopped
 * FUSE daemon), and then everybody who looks into it hangs.
 *
 * A thread looks into a container only between pool_enter and pool_leave.
 * When it stays for longer than PATIENCE_MS, the container is said to hang, and the
 * request is taken from the thread and given to a new one, which
 * answers it from the beginning; now pool_enter refuses the container, and the
 * answer is made without it. The old thread, should it ever return, learns from
 * pool_leave that it has nothing to say any more, and ends.
 */
#ifndef LSL_POOL_H
#define LSL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "command.h"

struct fuse_req;
struct fuse_session;
struct pool;
struct started;

/* The longest name that can mean anything: "container:program". */
#define CALL_NAME_MAX (CONTAINER_NAME_MAX + 1 + NAME_MAX)

/* A request, complete, so that another thread can answer it too. Plain data. */
struct call {
	void (*answer)(struct call *call);
	void *context;
	struct fuse_req *req;
	uint64_t node;
	uint64_t handle;
	uint64_t off;
	size_t size;
	bool is_plus;
	char name[CALL_NAME_MAX + 1];
	struct pool *pool; /* for work of our own: this and */
	struct started *started; /* what it is about */
};

/*
 * NULL without memory. HANGS is called when a container begins (IT_DOES) and ceases to hang, with
 * no lock held.
 */
struct pool *pool_new(struct fuse_session *session,
		      void (*hangs)(struct started *started, bool it_does, void *arg), void *arg);

/* Starts answering, with the system calls' rights of the calling thread. A negative errno. */
int pool_start(struct pool *pool);

/* The call of the calling thread, one of the pool's; zeroed. */
struct call *pool_call(void);

/* Has CALL, which is copied, run by a new thread of the pool. A negative errno. */
int pool_run(struct pool *pool, const struct call *call);

/* Whether THREAD is one of the pool's: a request that comes from there would wait for itself. */
bool pool_has_thread(struct pool *pool, pid_t thread);

/*
 * Enters STARTED, which the caller has a reference of. -ETIMEDOUT: it hangs.
 * -ENOENT: it was stopped. Otherwise 0, and pool_leave has to be called.
 */
int pool_enter(struct pool *pool, struct started *started);

/* We are inside, but it goes on. */
void pool_progress(void);

/* -ECANCELED: somebody else answers now; return without a word or a trace. */
int pool_leave(void);

/* Whether a request is being answered. */
bool pool_is_busy(struct pool *pool);

/* Whether somebody has been inside a container for longer than MS milliseconds. */
bool pool_is_slow(struct pool *pool, long ms);

/*
 * For the one thread that watches over the others. It has to call pool_check
 * when pool_fd becomes readable, and again after the milliseconds that pool_check returned
 * (-1: not before).
 */
int pool_fd(const struct pool *pool);
int pool_check(struct pool *pool);

/* Whether the kernel has ended the session. pool_fd becomes readable when it does. */
bool pool_has_ended(const struct pool *pool);

#endif
