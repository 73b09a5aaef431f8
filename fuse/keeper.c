/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How the mount survives its server. The kernel ends a FUSE connection when the
 * last descriptor of it is closed, and the keeper has one too. So when the server
 * dies, requests simply wait, open directories stay open, shells may stand where they
 * stand, and the next server goes on with the same connection. It needs two things:
 *
 *   The kernel's first request, FUSE_INIT, comes only once. It is kept in
 *   shared memory, and each later server begins by answering it again, to nobody.
 *
 *   Requests that the dead server had read are sent again when asked
 *   (notify_resend), since Linux 6.9.
 *
 * On an older kernel those requests would wait forever, so there the connection is given
 * up and the directory mounted anew; likewise where a server dies twice in a row,
 * because then it may be a request that kills it.
 *
 * Both processes end when the directory is unmounted, which shows as an error
 * condition on the connection. A connection that was aborted (fusectl) while the directory is
 * still mounted is one that nobody serves: it is replaced too.
 */
#include "config.h"

#include "keeper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "eyes.h"
#include "log.h"
#include "mountpoint.h"
#include "notify.h"
#include "privs.h"
#include "seccomp.h"
#include "server.h"

/* As mount(8): nothing was mounted. */
#define EXIT_NOT_MOUNTED 32

/* A server that lives for less than this, in milliseconds, has died quickly. */
#define QUICK_MS 300

/* So often in a row, and no more. */
#define QUICK_DEATHS_MAX 5

static void close_all_but(const struct daemon *daemon)
{
	const int kept[] = {daemon->fuse, daemon->other, daemon->own};
	unsigned int fd = 3, next;
	size_t i;

	for (;;) {
		next = ~0U;
		for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
			if (kept[i] >= 0 && (unsigned int)kept[i] >= fd &&
			    (unsigned int)kept[i] < next)
				next = (unsigned int)kept[i];
		if (next > fd)
			syscall(SYS_close_range, fd, next == ~0U ? next : next - 1, 0);
		if (next == ~0U)
			return;
		fd = next + 1;
	}
}

/*
 * Forks, with a pipe in each direction. In the child 0, and daemon's descriptors
 * are the child's; in the parent 1, and they are the parent's.
 */
static int fork_pair(struct daemon *daemon)
{
	int up[2], down[2], err;

	if (pipe2(up, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(down, O_CLOEXEC) < 0) {
		err = errno;
		close(up[0]);
		close(up[1]);
		return -err;
	}
	if (daemon->other >= 0)
		close(daemon->other);
	if (daemon->own >= 0)
		close(daemon->own);
	daemon->pid = fork();
	err = errno;
	daemon->other = daemon->pid ? up[0] : down[0];
	daemon->own = daemon->pid ? down[1] : up[1];
	close(daemon->pid ? up[1] : down[1]);
	close(daemon->pid ? down[0] : up[0]);
	return daemon->pid < 0 ? -err : daemon->pid > 0;
}

void keeper_detach(const struct daemon *daemon)
{
	int fd;

	if (daemon->options->is_foreground)
		return;
	fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	if (fd > 2)
		close(fd);
}

void keeper_tell_ready(struct daemon *daemon)
{
	/* If nobody reads it, there is no keeper, and that is noticed elsewhere. */
	if (write(daemon->own, "", 1) < 0)
		return;
}

int keeper_renew(struct daemon *daemon)
{
	int status = fork_pair(daemon);

	if (status)
		return status < 0 ? status : 0;
	close_all_but(daemon);
	log_open(daemon->options->is_foreground);
	_exit(keeper_run(daemon, -1));
}

static int start_server(struct daemon *daemon)
{
	int status = fork_pair(daemon);

	if (status)
		return status < 0 ? status : 0;
	close_all_but(daemon);
	log_open(daemon->options->is_foreground);
	_exit(server_run(daemon));
}

/* Takes in what the server says, until it is dead or we are told to end: then true. */
static bool wait_for_end(struct daemon *daemon, int signals, int ready)
{
	struct pollfd fds[] = {
		{.fd = daemon->other, .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};
	char byte;
	ssize_t n;

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			return true;
		n = read(daemon->other, &byte, 1);
		if (n == 0)
			return false;
		if (n < 0 || daemon->is_ready)
			continue;
		daemon->is_ready = true;
		keeper_detach(daemon);
		if (ready >= 0 && write(ready, "", 1) < 0)
			log_line(LOG_NOTICE, "mounted, but whoever asked for it is gone");
	}
}

static bool is_connected(const struct daemon *daemon)
{
	struct pollfd fd = {.fd = daemon->fuse};

	return poll(&fd, 1, 0) >= 0 && !(fd.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* The old connection, if any, is given up, and whoever waits for it gets an error. */
static int mount_anew(struct daemon *daemon)
{
	const struct options *options = daemon->options;
	struct failure failure;
	int fd;

	close(daemon->fuse);
	daemon->fuse = -1;
	daemon->life->handshake.size = 0;
	mountpoint_detach(options->dir);
	fd = mountpoint_prepare(options->dir, &failure);
	if (fd >= 0) {
		daemon->fuse = mountpoint_mount(fd, options->spec, &failure);
		close(fd);
	}
	if (daemon->fuse >= 0)
		return 0;
	log_line(LOG_ERR, "%s cannot be mounted again: %s", options->dir, failure.text);
	return -EIO;
}

static long milliseconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static void back_off(int deaths)
{
	struct timespec pause = {.tv_nsec = 25000000L << deaths};

	if (deaths > 1)
		nanosleep(&pause, NULL);
}

static void reap(struct daemon *daemon)
{
	while (daemon->pid > 0 && waitpid(daemon->pid, NULL, 0) < 0 && errno == EINTR)
		;
	daemon->pid = 0;
}

/* The exit status of the process that a server was not to be had for. */
static int give_up(struct daemon *daemon)
{
	if (daemon->is_ready)
		log_line(LOG_ERR, "%s is given up: its server died %d times in a row",
			 daemon->options->dir, QUICK_DEATHS_MAX);
	if (daemon->fuse >= 0)
		close(daemon->fuse);
	mountpoint_detach(daemon->options->dir);
	return EXIT_NOT_MOUNTED;
}

/* Prepares for the next server: 0. 1: there is nothing to be served any more. */
static int recover(struct daemon *daemon, int deaths)
{
	if (!is_connected(daemon) && !mountpoint_is_dead(daemon->options->dir))
		return 1;
	log_line(LOG_NOTICE, "the server of %s died; starting another", daemon->options->dir);
	back_off(deaths);
	if (is_connected(daemon) && deaths < 2 && daemon->life->handshake.size &&
	    notify_resend(daemon->fuse) == 0)
		return 0;
	return mount_anew(daemon);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigdelset(&set, SIGHUP);
	sigdelset(&set, SIGPIPE);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int end(struct daemon *daemon)
{
	daemon->life->is_ending = true;
	mountpoint_detach(daemon->options->dir);
	close(daemon->fuse);
	reap(daemon);
	return 0;
}

/* Mounts and namespaces are all that is left to both processes; for the server, nobody's eyes. */
static int confine(struct daemon *daemon)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT};
	int status = eyes_prepare();

	if (status == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		status = -errno;
	if (status == 0)
		status = privs_keep(caps, sizeof(caps) / sizeof(caps[0]));
	if (status < 0) {
		warnx("cannot give up privileges: %s", strerror(-status));
		return status;
	}
	if (daemon->options->seccomp)
		status = seccomp_apply(SECCOMP_LSLFS);
	if (status < 0)
		warnx("cannot load the system call filter: %s (-o noseccomp does without)",
		      strerror(-status));
	daemon->is_confined = status == 0;
	return status;
}

int keeper_run(struct daemon *daemon, int ready)
{
	bool has_server = ready < 0 && daemon->is_confined;
	int deaths = 0, status, signals = open_signals();
	struct timespec since;

	if (signals < 0 || (!daemon->is_confined && confine(daemon) < 0))
		return give_up(daemon);
	eyes_of_root();
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &since);
		if (!has_server && start_server(daemon) < 0)
			return give_up(daemon);
		has_server = false;
		if (wait_for_end(daemon, signals, ready))
			return end(daemon);
		reap(daemon);
		/* Before it was ready for the first time, it has said why. */
		if (!daemon->is_ready)
			return give_up(daemon);
		if (daemon->life->is_ending)
			return 0;
		deaths = milliseconds_since(&since) < QUICK_MS ? deaths + 1 : 0;
		if (deaths == QUICK_DEATHS_MAX)
			return give_up(daemon);
		status = recover(daemon, deaths);
		if (status)
			return status < 0 ? give_up(daemon) : 0;
	}
}
