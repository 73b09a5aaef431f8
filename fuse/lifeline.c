/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lifeline.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <unistd.h>

#include "syscalls.h"

/* Enough for a thread that makes a few system calls. */
#define HOLDER_STACK (64L * 1024)

struct lifeline {
	int fd;
	int status;
	sem_t is_held;
};

static void close_all_but(int fd)
{
	unsigned int kept = (unsigned int)fd;

	if (kept > 0)
		sys_close_range(0, kept - 1);
	sys_close_range(kept + 1, ~0U);
}

static void *hold(void *arg)
{
	struct lifeline *lifeline = arg;
	/* Its other end being closed is an error condition, which is always told. */
	struct pollfd fd = {.fd = lifeline->fd, .events = 0};
	int status = unshare(CLONE_FILES) < 0 ? -errno : 0;

	if (status == 0)
		close_all_but(fd.fd);
	lifeline->status = status;
	/* From here on it is the caller's no more. */
	sem_post(&lifeline->is_held);
	while (status == 0 && poll(&fd, 1, -1) < 0 && errno == EINTR)
		;
	return NULL;
}

int lifeline_hold(int fd)
{
	struct lifeline lifeline = {.fd = fd};
	pthread_attr_t attr;
	pthread_t thread;
	int err = pthread_attr_init(&attr);

	if (err)
		return -err;
	sem_init(&lifeline.is_held, 0, 0);
	err = pthread_attr_setstacksize(&attr, HOLDER_STACK);
	if (err == 0)
		err = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (err == 0)
		err = pthread_create(&thread, &attr, hold, &lifeline);
	pthread_attr_destroy(&attr);
	if (err)
		return -err;
	while (sem_wait(&lifeline.is_held) < 0)
		;
	sem_destroy(&lifeline.is_held);
	if (lifeline.status == 0)
		close(fd);
	return lifeline.status;
}
