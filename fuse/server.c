/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "server.h"

#include <err.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "eyes.h"
#include "handshake.h"
#include "lifeline.h"
#include "log.h"
#include "lslfs.h"
#include "mountpoint.h"

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

static struct fuse_session *new_session(struct lslfs *fs)
{
	char name[] = "mount.lslfs";
	char *argv[] = {name, NULL};
	struct fuse_args args = FUSE_ARGS_INIT(1, argv);

	return fuse_session_new(&args, &lslfs_operations, sizeof(lslfs_operations), fs);
}

static int begin(struct daemon *daemon, struct lslfs **fs)
{
	struct fuse_session *session;
	int status = lslfs_new(fs);

	if (status < 0) {
		warnx("cannot watch for containers: %s%s", strerror(-status),
		      status == -EMFILE ? " (raise fs.inotify.max_user_instances)" : "");
		return status;
	}
	session = new_session(*fs);
	status = session ? handshake_do(&daemon->life->handshake, session, daemon->mount.fuse)
			 : -ENOMEM;
	if (status < 0) {
		warnx("cannot come to terms with the kernel's FUSE: %s", strerror(-status));
		return status;
	}
	status = lslfs_start(*fs, session, daemon->options->epoch);
	if (status < 0)
		warnx("cannot start: %s", strerror(-status));
	return status;
}

/* Should that fail, the keeper learns of our death from the last thread that dies. */
static void hold_lifeline(struct daemon *daemon)
{
	int status = lifeline_hold(daemon->keeper.fd);

	if (status == 0)
		daemon->keeper = TIE_NONE;
	else
		log_line(LOG_WARNING, "cannot hold a descriptor of its own: %s", strerror(-status));
}

/* Serving is others' business. Here we wait for what concerns us all. */
static int watch_over(struct daemon *daemon, struct lslfs *fs, int signals)
{
	struct pool *pool = lslfs_pool(fs);
	struct pollfd fds[] = {
		{.fd = pool_fd(pool), .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};
	int timeout = -1;

	for (;;) {
		poll(fds, sizeof(fds) / sizeof(fds[0]), timeout);
		if (pool_has_ended(pool))
			return 0;
		if (fds[1].revents) {
			daemon->life->is_ending = true;
			eyes_of_root();
			mountpoint_detach(&daemon->mount);
			return 0;
		}
		timeout = lslfs_tend(fs);
	}
}

int server_run(struct daemon *daemon)
{
	struct lslfs *fs;
	sigset_t ending;
	int signals, status;

	be_frugal();
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0) {
		warn("cannot receive signals");
		return 1;
	}
	eyes_of_nobody();
	if (begin(daemon, &fs) < 0)
		return 1;
	status = keeper_tell_ready(daemon);
	if (status < 0) {
		warnx("cannot say that %s is ready: %s", daemon->options->dir, strerror(-status));
		return 1;
	}
	keeper_detach(daemon);
	hold_lifeline(daemon);
	daemon->is_ready = true;
	return watch_over(daemon, fs, signals);
}
