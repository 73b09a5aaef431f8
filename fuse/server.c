/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thread receives requests, reads the kernel's reports of changes, and
 * looks after workers and stored listings. It waits only in poll(2), and
 * without requests it has no timer.
 */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "catalog.h"
#include "credentials.h"
#include "inheritance.h"
#include "listing.h"
#include "log.h"
#include "lslfs.h"
#include "policy.h"
#include "seccomp.h"
#include "watch.h"
#include "worker.h"

/*
 * Returns the memory of freed listings to the system: large blocks are mapped
 * separately, and all threads use one heap, whose lock they hold only for
 * moments.
 */
static void be_frugal(void)
{
#if HAVE_MALLOPT
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 8 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024);
#endif
}

enum {
	FROM_KERNEL,
	FROM_BINS,
	FROM_MNTDIR,
	SOURCES
};

/* On failure logs the reason and returns a negative errno. */
static int prepare_server(const struct connection *connection, int ready, struct lslfs *fs,
			  struct fuse_session **session, struct pollfd fds[SOURCES])
{
	char name[] = "mount.lslfs", *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);
	int host, status = credentials_of_server();

	if (status < 0)
		return log_failure(status, "give up privileges");
	host = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (host < 0)
		return log_failure(-errno, "open /proc/self/ns/mnt");
	fds[FROM_BINS].fd = status = watch_open();
	if (status >= 0)
		fds[FROM_MNTDIR].fd = status = catalog_open();
	if (status < 0) {
		log_line(LOG_ERR, "cannot watch for containers: %s%s", strerror(-status),
			 status == -EMFILE ? " (raise fs.inotify.max_user_instances)" : "");
		return status;
	}
	*session = fuse_session_new(&args, &lslfs_operations, sizeof(lslfs_operations), fs);
	status = *session ? connection_serve(connection, *session) : -ENOMEM;
	if (status < 0)
		return log_failure(status, "serve the kernel's FUSE");
	fds[FROM_KERNEL].fd = fuse_session_fd(*session);
	workers_init(ready, host, fds[FROM_KERNEL].fd);
	lslfs_init(fs, connection);
	return 0;
}

/* Handles one request, if there is one. False: the connection has ended. */
static bool receive_from_kernel(struct fuse_session *session, struct fuse_buf *buf)
{
	int status = fuse_session_receive_buf(session, buf);

	if (status > 0)
		fuse_session_process_buf(session, buf);
	return !fuse_session_exited(session) &&
	       (status > 0 || status == -EAGAIN || status == -EINTR);
}

static void serve_requests(struct fuse_session *session, struct lslfs *fs,
			   struct pollfd fds[SOURCES])
{
	struct fuse_buf buf = {.mem = NULL};
	bool is_idle, has_listings = false;
	int i, n, timeout;

	for (i = 0; i < SOURCES; i++)
		fds[i].events = POLLIN;
	lslfs_refresh(fs);
	do {
		timeout = workers_tend();
		is_idle = timeout < 0;
		if (is_idle)
			timeout = catalog_timeout();
		n = poll(fds, SOURCES, timeout < 0 && has_listings ? LISTING_IDLE_MS : timeout);
		if (n < 0)
			continue;
		if (n == 0 && is_idle) {
			listings_drop();
			has_listings = false;
		}
		if (fds[FROM_BINS].revents || fds[FROM_MNTDIR].revents || n == 0)
			lslfs_refresh(fs);
		has_listings |= fds[FROM_KERNEL].revents != 0;
	} while (!fds[FROM_KERNEL].revents || receive_from_kernel(session, &buf));
}

int server_run(const struct connection *connection, int ready, const struct options *options)
{
	static struct lslfs fs;
	struct pollfd fds[SOURCES] = {{.fd = -1}};
	struct fuse_session *session = NULL;
	int status;

	/* ps(1) shows this name for the server. */
	prctl(PR_SET_NAME, "lslfs-server");
	be_frugal();
	status = prepare_server(connection, ready, &fs, &session, fds);
	/* A filter in addition to the supervisor's. */
	if (status == 0 && options->seccomp && (status = seccomp_confine_server()) < 0)
		log_failure(status, "load the server's system call filter");
	if (status == 0 && write(ready, "", 1) < 0)
		status = log_failure(-errno, "say that the directory can be used");
	if (status < 0)
		return 1;
#if HAVE_MALLOPT
	/* The filter took some memory. */
	malloc_trim(0);
#endif
	if (!options->is_foreground)
		inheritance_detach();
	serve_requests(session, &fs, fds);
	return 0;
}
