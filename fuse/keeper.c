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
 * A thread that has been killed may still take a request with it: what waits for one looks for requests before it looks
 * for signals. So they are sent again once more when all threads of the dead server have ended.
 *
 * On an older kernel those requests would wait forever, so there the connection is given
 * up and the directory mounted anew; likewise where a server dies twice in a row,
 * because then it may be a request that kills it.
 *
 * The keeper's death is seen by its standby, which knows all that the keeper knows. A new server
 * serves only after the standby has been given what it takes to watch over it, so that whenever the keeper
 * dies, there is one server or none, and one standby that knows it. None of this asks anything of the
 * server, which has threads, and so cannot fork.
 *
 * All of them end when the directory is unmounted, which shows as an error
 * condition on the connection. They go by different names (title.h), so that a kill by
 * name hits one of them. A connection that was aborted (fusectl) while the directory is
 * still mounted is one that nobody serves: it is replaced too.
 */
#include "config.h"

#include "keeper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "eyes.h"
#include "log.h"
#include "monotonic.h"
#include "mountpoint.h"
#include "notify.h"
#include "privs.h"
#include "seccomp.h"
#include "server.h"
#include "syscalls.h"
#include "title.h"

/* As mount(8): nothing was mounted. */
#define EXIT_NOT_MOUNTED 32

/* A server that lives for less than this, in milliseconds, has died quickly... */
#define QUICK_MS 1000

/*
 * ... and so often in a row, and no more: it cannot work. One that was killed after it
 * could serve does not count: that was somebody else's will.
 */
#define QUICK_DEATHS_MAX 5

/* For so long, in milliseconds, what is said to be dead may take to be so. */
#define REAP_MS 200

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

int keeper_tell_ready(const struct daemon *daemon)
{
	int status = tie_send(&daemon->keeper, NULL);

	/* If nobody reads it, there is no keeper, and none that we could bring back. */
	return status == -EPIPE ? 0 : status;
}

static void complain(const struct daemon *daemon, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* To the log; and until the directory is ready for the first time somebody waits for it, and reads stderr. */
static void complain(const struct daemon *daemon, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	log_line(LOG_ERR, "%s", line);
	if (!daemon->is_ready && !daemon->options->is_foreground)
		warnx("%s", line);
}

/* A server's time in office. */
struct tenure {
	long since; /* monotonic_ms() */
	bool has_served; /* it has said that it can be used */
	int deaths; /* quick ones before it, in a row */
};

static _Noreturn void be_server(struct daemon *daemon)
{
	struct tie none;
	int status;

	daemon->keeper = daemon->server;
	title_set(TITLE_SERVER);
	log_open(daemon->options->is_foreground);
	/* 0: the keeper died before anybody else knew of us. */
	status = tie_receive(&daemon->keeper, &none);
	if (status > 0)
		_exit(server_run(daemon));
	if (status < 0)
		complain(daemon, "a server for %s cannot hear its keeper: %s", daemon->options->dir,
			 strerror(-status));
	_exit(0);
}

static int start_server(struct daemon *daemon, struct tenure *tenure)
{
	int status;

	tenure->since = monotonic_ms();
	tenure->has_served = false;
	status = tie_fork(&daemon->server, &daemon->mount.fuse, 1);
	if (status < 0) {
		complain(daemon, "cannot start a server for %s: %s", daemon->options->dir,
			 strerror(-status));
		return status;
	}
	if (status == 0)
		be_server(daemon);
	/* Should the standby be dead, the next one will know. */
	if (daemon->standby.fd >= 0)
		tie_send(&daemon->standby, &daemon->server);
	status = tie_send(&daemon->server, NULL);
	/* Dead already: that will be heard. */
	if (status == 0 || status == -EPIPE)
		return 0;
	complain(daemon, "cannot start a server for %s: %s", daemon->options->dir,
		 strerror(-status));
	/* It ends when it sees us gone instead. */
	tie_cut(&daemon->server);
	return status;
}

static void forget_dying(struct daemon *daemon)
{
	size_t i;

	for (i = 0; i < DYING_MAX; i++)
		daemon->dying[i] = -1;
}

/* Returns true in the standby. */
static bool start_standby(struct daemon *daemon)
{
	const int kept[] = {daemon->mount.fuse, daemon->server.fd, daemon->server.process,
			    daemon->signals};
	int status = tie_fork(&daemon->standby, kept, sizeof(kept) / sizeof(kept[0]));

	if (status < 0)
		log_line(LOG_ERR, "nobody watches over the keeper of %s: %s", daemon->options->dir,
			 strerror(-status));
	if (status)
		return false;
	daemon->keeper = daemon->standby;
	daemon->standby = TIE_NONE;
	forget_dying(daemon);
	title_set(TITLE_STANDBY);
	log_open(daemon->options->is_foreground);
	return true;
}

static bool has_ended(int process, int ms)
{
	struct pollfd fd = {.fd = process, .events = POLLIN};

	return poll(&fd, 1, ms) > 0;
}

/* The signal that ended it; 0: it ended by itself. SIGKILL where nobody can tell: it is not our child, or has not ended. */
static int ended_by(int process)
{
	siginfo_t info = {.si_pid = 0};

	if (waitid(LSL_P_PIDFD, (id_t)process, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
		return SIGKILL;
	return info.si_code == CLD_EXITED ? 0 : info.si_status;
}

/* Where there is no room, the one that has been dying for longest hangs in the kernel (lifeline.h), and reads no more. */
static void remember_dying(struct daemon *daemon, int process)
{
	int *dying = daemon->dying;

	if (dying[0] >= 0)
		close(dying[0]);
	memmove(dying, dying + 1, (DYING_MAX - 1) * sizeof(*dying));
	dying[DYING_MAX - 1] = process;
}

/*
 * Lets go of what is dead. Its threads have a moment for ending; else that is waited for beside
 * everything else. What ended it, as above.
 */
static int reap(struct daemon *daemon, struct tie *dead)
{
	bool is_over = dead->process < 0 || has_ended(dead->process, REAP_MS);
	int by_signal = ended_by(dead->process);

	if (!is_over) {
		remember_dying(daemon, dead->process);
		dead->process = -1;
	}
	tie_cut(dead);
	return by_signal;
}

static void bury(struct daemon *daemon, int *process)
{
	/* A child of ours would stay a zombie. */
	ended_by(*process);
	close(*process);
	*process = -1;
	/* Where requests cannot be sent again, there is another connection by now. */
	if (notify_resend(daemon->mount.fuse) < 0)
		return;
}

/* Nothing but a byte: there is nothing to take over any more. */
static void dismiss_standby(struct daemon *daemon)
{
	if (daemon->standby.fd < 0)
		return;
	/* It may be dead already. */
	tie_send(&daemon->standby, NULL);
	reap(daemon, &daemon->standby);
}

/* Waits until the keeper is dead: true. False: it has dismissed us, or we are told to end. */
static bool stand_by(struct daemon *daemon)
{
	struct pollfd fds[] = {
		{.fd = daemon->keeper.fd, .events = POLLIN},
		{.fd = daemon->signals, .events = POLLIN},
	};
	struct tie server;
	int status = 1;

	while (status > 0) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			return false;
		status = tie_receive(&daemon->keeper, &server);
		if (status > 0 && server.fd < 0)
			return false;
		if (status > 0) {
			tie_cut(&daemon->server);
			daemon->server = server;
		}
	}
	return true;
}

static void succeed(struct daemon *daemon, struct tenure *tenure)
{
	/* killall(1) looks at one process after the other, and would hit the new bearer of the name, too. */
	static const struct timespec pause = {.tv_nsec = 50000000};

	nanosleep(&pause, NULL);
	tie_cut(&daemon->keeper);
	title_set(TITLE_KEEPER);
	log_line(LOG_NOTICE, "the keeper of %s died; its standby takes its place",
		 daemon->options->dir);
	/* What the server has said went to the dead, and what it was to be told may not have come. */
	tenure->has_served = true;
	tie_send(&daemon->server, NULL);
}

enum event {
	SERVER_DIED,
	TOLD_TO_END,
	IS_STANDBY
};

/* What the server says: that it can be used. False: it is dead. */
static bool hear_server(struct daemon *daemon, int ready, struct tenure *tenure)
{
	struct tie none;
	int status = tie_receive(&daemon->server, &none);

	if (status < 0)
		complain(daemon, "cannot hear the server of %s: %s", daemon->options->dir,
			 strerror(-status));
	if (status <= 0)
		return false;
	tenure->has_served = true;
	if (daemon->is_ready)
		return true;
	daemon->is_ready = true;
	keeper_detach(daemon);
	if (ready >= 0 && write(ready, "", 1) < 0)
		log_line(LOG_NOTICE, "mounted, but whoever asked for it is gone");
	return true;
}

/* From the time that the directory can be used there is a standby, too. */
static enum event wait_for_event(struct daemon *daemon, int ready, struct tenure *tenure)
{
	static const struct timespec pause = {.tv_nsec = 10000000};
	struct pollfd fds[3 + DYING_MAX] = {
		{.fd = daemon->server.fd, .events = POLLIN},
		{.fd = daemon->signals, .events = POLLIN},
		{.events = POLLIN},
	};
	size_t i;

	for (;;) {
		if (daemon->is_ready && daemon->standby.fd < 0 && start_standby(daemon))
			return IS_STANDBY;
		fds[2].fd = daemon->standby.fd;
		for (i = 0; i < DYING_MAX; i++)
			fds[3 + i] = (struct pollfd){.fd = daemon->dying[i], .events = POLLIN};
		if (poll(fds, 3 + DYING_MAX, -1) < 0)
			continue;
		for (i = 0; i < DYING_MAX; i++)
			if (fds[3 + i].revents)
				bury(daemon, &daemon->dying[i]);
		if (fds[1].revents)
			return TOLD_TO_END;
		if (fds[0].revents && !hear_server(daemon, ready, tenure))
			return SERVER_DIED;
		if (!fds[2].revents)
			continue;
		/* One that always dies at once is no reason to be busy. */
		nanosleep(&pause, NULL);
		reap(daemon, &daemon->standby);
	}
}

static bool is_connected(const struct daemon *daemon)
{
	struct pollfd fd = {.fd = daemon->mount.fuse};

	return poll(&fd, 1, 0) >= 0 && !(fd.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* The old connection, if any, is given up, and whoever waits for it gets an error. */
static int mount_anew(struct daemon *daemon)
{
	const struct options *options = daemon->options;
	struct failure failure;
	int fd, status;

	/* It knows the old connection. */
	dismiss_standby(daemon);
	mountpoint_detach(&daemon->mount);
	close(daemon->mount.fuse);
	daemon->mount.fuse = -1;
	daemon->life->handshake.size = 0;
	status = fd = mountpoint_prepare(options->dir, &failure);
	if (fd >= 0) {
		status = mountpoint_mount(fd, options->spec, &daemon->mount, &failure);
		close(fd);
	}
	if (status == 0)
		return 0;
	complain(daemon, "%s cannot be mounted again: %s", options->dir, failure.text);
	return -EIO;
}

static void back_off(int deaths)
{
	struct timespec pause = {.tv_nsec = 25000000L << deaths};

	if (deaths > 1)
		nanosleep(&pause, NULL);
}

/* The exit status of the process that a server was not to be had for. */
static int give_up(struct daemon *daemon)
{
	dismiss_standby(daemon);
	if (daemon->mount.fuse < 0)
		return EXIT_NOT_MOUNTED;
	mountpoint_detach(&daemon->mount);
	close(daemon->mount.fuse);
	return EXIT_NOT_MOUNTED;
}

/* Prepares for the next server: 0. 1: there is nothing to be served any more. */
static int recover(struct daemon *daemon, int deaths, int by_signal)
{
	if (!is_connected(daemon) && !mountpoint_is_ours(&daemon->mount))
		return 1;
	log_line(LOG_NOTICE, "the server of %s died%s%s; starting another", daemon->options->dir,
		 by_signal ? ": " : "", by_signal ? strsignal(by_signal) : "");
	back_off(deaths);
	if (is_connected(daemon) && deaths < 2 && daemon->life->handshake.size &&
	    notify_resend(daemon->mount.fuse) == 0)
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
	dismiss_standby(daemon);
	mountpoint_detach(&daemon->mount);
	close(daemon->mount.fuse);
	reap(daemon, &daemon->server);
	return 0;
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

/* Mounts, namespaces and an urgent thread are all that is left; for the server, nobody's eyes. */
static int confine(struct daemon *daemon)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT, CAP_SYS_NICE};
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
		status = seccomp_apply(SECCOMP_LSLFS, say_deadly_call,
				       daemon->options->debug ? say_refused_call : NULL);
	if (status < 0)
		warnx("cannot load the system call filter: %s (-o noseccomp does without)",
		      strerror(-status));
	return status;
}

/* After the server's death: 0, there is another. 1: there is nothing to be served any more. */
static int replace_server(struct daemon *daemon, struct tenure *tenure)
{
	int status, by_signal = reap(daemon, &daemon->server);

	if (daemon->life->is_ending)
		return 1;
	if (monotonic_ms() - tenure->since >= QUICK_MS)
		tenure->deaths = 0;
	else if (by_signal != SIGKILL || !tenure->has_served)
		tenure->deaths++;
	/* Before it was ready for the first time, it has said why. */
	if (!daemon->is_ready)
		return -EIO;
	if (tenure->deaths == QUICK_DEATHS_MAX) {
		complain(daemon, "%s is given up: its server died %d times in a row",
			 daemon->options->dir, QUICK_DEATHS_MAX);
		return -EIO;
	}
	status = recover(daemon, tenure->deaths, by_signal);
	return status ? status : start_server(daemon, tenure);
}

int keeper_run(struct daemon *daemon, int ready)
{
	struct tenure tenure = {.deaths = 0};
	int status;

	title_set(TITLE_KEEPER);
	forget_dying(daemon);
	daemon->signals = open_signals();
	if (daemon->signals < 0)
		warn("cannot receive signals");
	if (daemon->signals < 0 || confine(daemon) < 0)
		return give_up(daemon);
	eyes_of_root();
	status = start_server(daemon, &tenure);
	while (status == 0) {
		switch (wait_for_event(daemon, ready, &tenure)) {
		case SERVER_DIED:
			status = replace_server(daemon, &tenure);
			break;
		case TOLD_TO_END:
			return end(daemon);
		case IS_STANDBY:
			ready = -1;
			if (!stand_by(daemon))
				return 0;
			succeed(daemon, &tenure);
			break;
		}
	}
	if (status < 0)
		return give_up(daemon);
	dismiss_standby(daemon);
	return 0;
}
