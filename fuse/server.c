/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thread receives requests, reads what the kernel tells of changes, and
 * sees to workers and stored listings. It waits in poll(2) alone, and has no
 * timer while nothing is asked.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "server.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "catalog.h"
#include "credentials.h"
#include "inheritance.h"
#include "listing.h"
#include "log.h"
#include "lslfs.h"
#include "seccomp.h"
#include "watch.h"
#include "worker.h"

#define EXIT_NOT_SERVING 1

#define LIFELINE_STACK (64L * 1024)

/*
 * Listings come and go, and have to go back to the system: large blocks of
 * their own, and one heap for all threads, which hold it for moments only.
 */
static void be_frugal(void)
{
#if HAVE_MALLOPT
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 32 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024);
#endif
}

/*
 * How the supervisor learns of a death. A thread that waits for a dead disk
 * outlives a SIGKILL of the process, and all descriptors of the process with
 * it. So the pipe is held by a thread that has no other descriptor and dies at
 * once.
 */
struct lifeline {
	int fd;
	int status;
	sem_t is_held;
};

static void *hold(void *arg)
{
	struct lifeline *lifeline = arg;
	int fd = lifeline->fd;

	lifeline->status = unshare(CLONE_FILES) < 0 ? -errno : 0;
	if (lifeline->status == 0)
		inheritance_close_but(fd);
	sem_post(&lifeline->is_held);
	while (lifeline->status == 0)
		pause();
	return NULL;
}

/* FD is closed for all other threads. Where that fails, it is as it was. */
static void hold_lifeline(int fd)
{
	static struct lifeline lifeline;
	int status;

	lifeline.fd = fd;
	sem_init(&lifeline.is_held, 0, 0);
	status = thread_start(hold, &lifeline, LIFELINE_STACK);
	if (status == 0) {
		while (sem_wait(&lifeline.is_held) < 0)
			;
		status = lifeline.status;
	}
	if (status == 0)
		close(fd);
	else
		log_line(LOG_WARNING, "cannot hold a descriptor of its own: %s", strerror(-status));
}

static struct fuse_session *new_session(struct lslfs *fs)
{
	char name[] = "mount.lslfs";
	char *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);

	return fuse_session_new(&args, &lslfs_operations, sizeof(lslfs_operations), fs);
}

enum {
	FROM_KERNEL,
	FROM_BINS,
	FROM_MNTDIR,
	SOURCES
};

/* A negative errno, and why has been said. */
static int prepare(const struct connection *connection, struct lslfs *fs,
		   struct fuse_session **session, struct pollfd fds[SOURCES])
{
	int status = credentials_of_server();

	if (status < 0) {
		log_line(LOG_ERR, "cannot give up privileges: %s", strerror(-status));
		return status;
	}
	fds[FROM_BINS].fd = status = watch_open();
	if (status >= 0)
		fds[FROM_MNTDIR].fd = status = catalog_open();
	if (status < 0) {
		log_line(LOG_ERR, "cannot watch for containers: %s%s", strerror(-status),
			 status == -EMFILE ? " (raise fs.inotify.max_user_instances)" : "");
		return status;
	}
	*session = new_session(fs);
	status = *session ? connection_serve(connection, *session) : -ENOMEM;
	if (status < 0) {
		log_line(LOG_ERR, "cannot serve the kernel's FUSE: %s", strerror(-status));
		return status;
	}
	fds[FROM_KERNEL].fd = fuse_session_fd(*session);
	lslfs_init(fs, connection);
	return 0;
}

static int tend(void)
{
	int workers = workers_tend(), listings = listings_tend();

	return workers < 0 || (listings >= 0 && listings < workers) ? listings : workers;
}

/* One request, if there is one. False at the end of the connection. */
static bool receive(struct fuse_session *session, struct fuse_buf *buf)
{
	int status = fuse_session_receive_buf(session, buf);

	if (status > 0)
		fuse_session_process_buf(session, buf);
	return !fuse_session_exited(session) &&
	       (status > 0 || status == -EAGAIN || status == -EINTR);
}

static void serve(struct fuse_session *session, struct lslfs *fs, struct pollfd fds[SOURCES])
{
	struct fuse_buf buf = {.mem = NULL};
	size_t i;

	for (i = 0; i < SOURCES; i++)
		fds[i].events = POLLIN;
	lslfs_refresh(fs);
	do {
		if (poll(fds, SOURCES, tend()) < 0)
			continue;
		if (fds[FROM_BINS].revents || fds[FROM_MNTDIR].revents)
			lslfs_refresh(fs);
	} while (!fds[FROM_KERNEL].revents || receive(session, &buf));
}

/* A filter within the supervisor's. */
static int confine(const struct options *options)
{
	int status = options->seccomp ? seccomp_confine_server() : 0;

	if (status < 0)
		log_line(LOG_ERR, "cannot load the server's system call filter: %s",
			 strerror(-status));
	return status;
}

int server_run(const struct connection *connection, int ready, const struct options *options)
{
	static struct lslfs fs;
	struct pollfd fds[SOURCES];
	struct fuse_session *session;

	/* ps(1) tells the two processes apart by it. */
	prctl(PR_SET_NAME, "lslfs-server");
	be_frugal();
	if (prepare(connection, &fs, &session, fds) < 0 || confine(options) < 0)
		return EXIT_NOT_SERVING;
	if (write(ready, "", 1) < 0) {
		log_line(LOG_ERR, "cannot say that the directory can be used: %s", strerror(errno));
		return EXIT_NOT_SERVING;
	}
	if (!options->is_foreground) {
		inheritance_detach();
		log_detach();
	}
	hold_lifeline(ready);
	serve(session, &fs, fds);
	return 0;
}
