/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How the mount survives its server. The kernel ends a FUSE connection when the
 * last descriptor of it is closed, and the supervisor has one. So when the
 * server dies, requests wait, open directories and working directories stay
 * valid, and the next server continues. On request (CONNECTION_RESEND) the
 * kernel sends again the requests that the dead server had read. A killed
 * thread may still read a request, so the supervisor calls it once more after
 * all threads of the dead server have ended.
 *
 * Kernels before 6.9 cannot do that, and such requests would wait forever.
 * There the supervisor gives up the connection and mounts the directory anew,
 * and open directories give errors. It does the same if servers die twice in a
 * row, because a request may be what kills them.
 *
 * Only a service manager, if there is one, restarts the supervisor. Its server
 * dies with it, so that no server runs without a supervisor. The next lsl start
 * mounts the directory anew.
 *
 * Both processes end when the directory is unmounted, which poll(2) reports as
 * an error condition on the connection.
 */
#include "config.h"

#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "connection.h"
#include "credentials.h"
#include "inheritance.h"
#include "log.h"
#include "monotonic.h"
#include "seccomp.h"
#include "server.h"

/*
 * A server that dies within QUICK_MS has died quickly. After so many quick
 * deaths in a row no further server is started. SIGKILL does not count, because
 * others send it, and on a slow machine it comes before the server serves.
 */
#define QUICK_MS 1000
#define QUICK_DEATHS_MAX 5

/* The pause, in milliseconds, after a server that died before it served. */
#define PAUSE_MS 100

/* The time, in milliseconds, for the threads of a dead server to end. */
#define REAP_MS 200

struct supervisor {
	const struct options *options;
	struct mount *mount;
	struct connection connection;
	int signals; /* signalfd(2) */
	int ready; /* as for supervisor_run */
	bool was_ready; /* a byte was written to it */

	pid_t server;
	int server_pipe; /* a byte: it serves; end of file: it is dead */
	long since; /* when the server was started, monotonic_ms() */
	bool serves;
	int deaths; /* quick ones before it, in a row */
};

/* Starting a server. */

static _Noreturn void be_server(struct supervisor *supervisor, pid_t parent, int ready)
{
	sigset_t none;

	/* The signal comes when our parent dies, unless it is dead already. */
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
	supervisor->server_pipe = ends[0];
	return supervisor->server < 0 ? log_failure(-err, "start a server") : 0;
}

/* Replacing it. */

/*
 * Reaps servers whose last thread has ended. The kernel then sends their
 * requests again.
 */
static void reap_old(struct supervisor *supervisor)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		if (pid != supervisor->server)
			(void)connection_notify(&supervisor->connection, CONNECTION_RESEND);
}

/*
 * Returns the signal that ended the server, or 0. If some of its threads have
 * not ended in time, returns SIGKILL, and the server is reaped later.
 */
static int reap_server(struct supervisor *supervisor)
{
	long deadline = monotonic_ms() + REAP_MS;
	int wstatus = 0;
	pid_t pid;

	while ((pid = waitpid(supervisor->server, &wstatus, WNOHANG)) == 0 &&
	       monotonic_ms() < deadline)
		usleep(1000);
	supervisor->server = -1;
	close(supervisor->server_pipe);
	supervisor->server_pipe = -1;
	if (pid <= 0)
		return SIGKILL;
	return WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : 0;
}

/* Gives up the old connection: pending requests fail. */
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
 * Makes the kernel send the dead server's requests again, or makes another
 * connection.
 */
static int recover(struct supervisor *supervisor)
{
	struct connection *connection = &supervisor->connection;

	if (connection_is_alive(connection) && supervisor->deaths < 2 &&
	    connection_notify(connection, CONNECTION_RESEND) == 0)
		return 0;
	return mount_anew(supervisor);
}

/* Returns 1 if the directory is no longer mounted. */
static int replace_server(struct supervisor *supervisor)
{
	const char *dir = supervisor->mount->dir;
	int status, by_signal = reap_server(supervisor);

	/* It has logged the reason. */
	if (!supervisor->was_ready)
		return -EIO;
	if (!connection_is_alive(&supervisor->connection) && !mountpoint_is_ours(supervisor->mount))
		return 1;
	if (monotonic_ms() - supervisor->since >= QUICK_MS)
		supervisor->deaths = 0;
	else if (by_signal != SIGKILL)
		supervisor->deaths++;
	if (supervisor->deaths == QUICK_DEATHS_MAX) {
		log_line(LOG_ERR, "%s is given up: its server died %d times in a row", dir,
			 QUICK_DEATHS_MAX);
		return -EIO;
	}
	log_line(LOG_NOTICE, "the server of %s died%s%s; starting another", dir,
		 by_signal ? ": " : "", by_signal ? strsignal(by_signal) : "");
	usleep(supervisor->serves ? 0 : PAUSE_MS * 1000);
	status = recover(supervisor);
	return status < 0 ? status : start_server(supervisor);
}

/* Waiting. */

/* The directory can be used for the first time. */
static void be_ready(struct supervisor *supervisor)
{
	supervisor->was_ready = true;
	if (supervisor->options->is_foreground)
		return;
	inheritance_detach();
	if (write(supervisor->ready, "", 1) < 0)
		log_line(LOG_NOTICE, "mounted, but nobody waits for it any more");
	close(supervisor->ready);
	supervisor->ready = -1;
}

/* Reads the server's byte, which means that it serves. False: it is dead. */
static bool hear_server(struct supervisor *supervisor)
{
	char byte;

	if (read(supervisor->server_pipe, &byte, 1) != 1)
		return false;
	supervisor->serves = true;
	if (!supervisor->was_ready)
		be_ready(supervisor);
	return true;
}

/* Whether a signal told us to end. */
static bool take_signal(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;
	bool must_end = false;

	while (read(supervisor->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		must_end |= info.ssi_signo != SIGCHLD;
	return must_end;
}

/*
 * Waits. Returns 1 when the directory is unmounted, a negative errno when the
 * server fails, or 0 when a signal tells us to end.
 */
static int watch_over(struct supervisor *supervisor)
{
	int status = 0;

	while (status == 0) {
		struct pollfd fds[] = {
			{.fd = supervisor->server_pipe, .events = POLLIN},
			{.fd = supervisor->signals, .events = POLLIN},
			{.fd = supervisor->connection.fd},
		};

		if (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[1].revents && take_signal(supervisor))
			return 0;
		/* If the connection has ended, the server has ended, too. */
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
	log_words(
		LOG_ERR, "system call ", name,
		" is not allowed: a bug in lsl, or an attack (please report it; -o noseccomp runs without the filter)");
}

static void say_refused_call(const char *name)
{
	log_words(LOG_WARNING, "system call ", name, " is refused by the filter");
}

static int begin_supervision(struct supervisor *supervisor)
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
				   "load the system call filter (-o noseccomp runs without it)");
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
		.server_pipe = -1,
	};
	int status = begin_supervision(&supervisor);

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
