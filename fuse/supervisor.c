/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How the mount survives its server. The kernel ends a FUSE connection when the
 * last descriptor of it is closed, and the supervisor has one. So when the
 * server dies, requests wait, open directories stay open, shells may stand
 * where they stand, and the next server goes on. Requests that the dead one had
 * read are sent again when asked (connection_resend). A thread that was killed
 * may still take a request with it, so that is asked once more when all of the
 * dead server has ended.
 *
 * Kernels before 6.9 cannot do that, and such requests would wait forever.
 * There the connection is given up and the directory mounted anew: open
 * directories give errors. Likewise where a server dies twice in a row, because
 * then it may be a request that kills it.
 *
 * Nobody watches over the supervisor but a service manager, if it has one. Its
 * server dies with it, so that nothing stays that would not be brought back;
 * the next lsl start mounts anew.
 *
 * All of it ends when the directory is unmounted, which shows as an error
 * condition on the connection.
 */
#include "config.h"

#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"
#include "credentials.h"
#include "inheritance.h"
#include "log.h"
#include "monotonic.h"
#include "seccomp.h"
#include "server.h"

/*
 * A server that lives for less than this, in milliseconds, has died quickly...
 */
#define QUICK_MS 1000

/*
 * ... and so often in a row, and no more: it cannot work. One that was killed
 * by SIGKILL after it could serve does not count: that was somebody's will.
 */
#define QUICK_DEATHS_MAX 5

/* So long, in milliseconds, the threads of a dead server may take to end. */
#define REAP_MS 200

struct supervisor {
	const struct options *options;
	struct mount *mount;
	struct connection connection;
	int signals; /* signalfd(2) */
	/*
	 * whom to tell when the directory can be used for the first time, or -1
	 */
	int ready;
	bool was_ready; /* it could be */

	pid_t server;
	/* the server's pipe: a byte when it serves, its end when it is dead */
	int lifeline;
	long since; /* when the server was started, monotonic_ms() */
	bool serves;
	int deaths; /* quick ones before it, in a row */
};

/* Starting a server. */

static _Noreturn void be_server(struct supervisor *supervisor, pid_t parent, int ready)
{
	sigset_t none;

	/* That signal comes when our parent dies, unless it is dead already. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	close(supervisor->signals);
	if (supervisor->ready >= 0)
		close(supervisor->ready);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	_exit(server_run(&supervisor->connection, ready, supervisor->options));
}

static int start_server(struct supervisor *supervisor)
{
	pid_t self = getpid();
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return log_failure(-errno, "start a server");
	supervisor->since = monotonic_ms();
	supervisor->serves = false;
	supervisor->server = fork();
	err = errno;
	if (supervisor->server == 0) {
		close(ends[0]);
		be_server(supervisor, self, ends[1]);
	}
	close(ends[1]);
	supervisor->lifeline = ends[0];
	return supervisor->server < 0 ? log_failure(-err, "start a server") : 0;
}

/* Replacing it. */

/*
 * Servers whose last thread has ended. What they took with them is asked for
 * again.
 */
static void reap_old(struct supervisor *supervisor)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		if (pid != supervisor->server)
			(void)connection_resend(&supervisor->connection);
}

/*
 * What ended the server: a signal, or 0. SIGKILL where its threads have not all
 * ended in time; then it is reaped later.
 */
static int reap_server(struct supervisor *supervisor)
{
	static const struct timespec pause = {.tv_nsec = 1000000};
	long deadline = monotonic_ms() + REAP_MS;
	int wstatus = 0;
	pid_t pid;

	while ((pid = waitpid(supervisor->server, &wstatus, WNOHANG)) == 0 &&
	       monotonic_ms() < deadline)
		nanosleep(&pause, NULL);
	supervisor->server = -1;
	close(supervisor->lifeline);
	supervisor->lifeline = -1;
	if (pid <= 0)
		return SIGKILL;
	return WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : 0;
}

/* The old connection is given up: what waits for it gets an error. */
static int mount_anew(struct supervisor *supervisor)
{
	struct mount *mount = supervisor->mount;
	struct failure failure;
	int status;

	mountpoint_detach(mount);
	close(mount->fuse);
	status = mountpoint_mount(mount, supervisor->options->spec, &failure);
	if (status == 0)
		return connection_negotiate(&supervisor->connection, mount->fuse);
	log_line(LOG_ERR, "%s cannot be mounted again: %s", mount->dir, failure.text);
	return status;
}

/*
 * Requests that the dead server had read come again, or there is another
 * connection.
 */
static int recover(struct supervisor *supervisor)
{
	struct connection *connection = &supervisor->connection;

	if (connection_is_alive(connection) && supervisor->deaths < 2 &&
	    connection_resend(connection) == 0)
		return 0;
	return mount_anew(supervisor);
}

/* 1: there is nothing to be served any more. */
static int replace_server(struct supervisor *supervisor)
{
	const char *dir = supervisor->mount->dir;
	int status, by_signal = reap_server(supervisor);

	/* It has said why. */
	if (!supervisor->was_ready)
		return -EIO;
	if (!connection_is_alive(&supervisor->connection) && !mountpoint_is_ours(supervisor->mount))
		return 1;
	if (monotonic_ms() - supervisor->since >= QUICK_MS)
		supervisor->deaths = 0;
	else if (by_signal != SIGKILL || !supervisor->serves)
		supervisor->deaths++;
	if (supervisor->deaths == QUICK_DEATHS_MAX) {
		log_line(LOG_ERR, "%s is given up: its server died %d times in a row", dir,
			 QUICK_DEATHS_MAX);
		return -EIO;
	}
	log_line(LOG_NOTICE, "the server of %s died%s%s; starting another", dir,
		 by_signal ? ": " : "", by_signal ? strsignal(by_signal) : "");
	usleep(supervisor->deaths > 1 ? 25000U << supervisor->deaths : 0);
	status = recover(supervisor);
	return status < 0 ? status : start_server(supervisor);
}

/* Waiting. */

/* What the server says: that it serves. False: it is dead. */
static bool hear_server(struct supervisor *supervisor)
{
	char byte;
	ssize_t n;

	do
		n = read(supervisor->lifeline, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	supervisor->serves = true;
	if (supervisor->was_ready)
		return true;
	supervisor->was_ready = true;
	if (supervisor->options->is_foreground)
		return true;
	inheritance_detach();
	log_detach();
	if (write(supervisor->ready, "", 1) < 0)
		log_line(LOG_NOTICE, "mounted, but nobody waits for it any more");
	close(supervisor->ready);
	supervisor->ready = -1;
	return true;
}

/* Whether we are told to end. */
static bool take_signal(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;
	bool must_end = false;

	while (read(supervisor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		must_end |= info.ssi_signo != SIGCHLD;
	return must_end;
}

/*
 * Until the directory is unmounted: 1, the server fails: a negative errno, or
 * we are told to end: 0.
 */
static int watch_over(struct supervisor *supervisor)
{
	int status = 0;

	while (status == 0) {
		struct pollfd fds[] = {
			{.fd = supervisor->lifeline, .events = POLLIN},
			{.fd = supervisor->signals, .events = POLLIN},
			{.fd = supervisor->connection.fd},
		};

		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[1].revents && take_signal(supervisor))
			return 0;
		/* An end of the connection is also the server's. */
		if ((fds[0].revents && !hear_server(supervisor)) || fds[2].revents)
			status = replace_server(supervisor);
		reap_old(supervisor);
	}
	return status;
}

static int open_signals(void)
{
	sigset_t set;

	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void say_deadly_call(const char *name)
{
	const char *const words[] = {
		"system call ", name,
		" is not allowed: a mistake of lsl's, or an attack (-o noseccomp goes without; please report it)"};

	log_words(LOG_ERR, words, sizeof(words) / sizeof(words[0]));
}

static void say_refused_call(const char *name)
{
	const char *const words[] = {"system call ", name, " is refused by the filter"};

	log_words(LOG_WARNING, words, sizeof(words) / sizeof(words[0]));
}

static int begin(struct supervisor *supervisor)
{
	const struct options *options = supervisor->options;
	int status = credentials_of_supervisor();

	if (status < 0)
		return log_failure(status, "give up privileges");
	if (options->seccomp)
		status = seccomp_apply(SECCOMP_LSLFS, say_deadly_call,
				       options->debug ? say_refused_call : NULL);
	if (status < 0)
		return log_failure(status,
				   "load the system call filter (-o noseccomp does without)");
	supervisor->signals = open_signals();
	if (supervisor->signals < 0)
		return log_failure(-errno, "receive signals");
	status = connection_negotiate(&supervisor->connection, supervisor->mount->fuse);
	return status < 0 ? status : start_server(supervisor);
}

int supervisor_run(const struct options *options, struct mount *mount, int ready)
{
	struct supervisor supervisor = {
		.options = options,
		.mount = mount,
		.signals = -1,
		.ready = ready,
		.server = -1,
		.lifeline = -1,
	};
	int status = begin(&supervisor);

	if (status == 0)
		status = watch_over(&supervisor);
	if (mount->fuse >= 0) {
		mountpoint_detach(mount);
		close(mount->fuse);
	}
	if (supervisor.server > 0)
		kill(supervisor.server, SIGKILL);
	return status < 0 ? EXIT_NOT_MOUNTED : 0;
}
