/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/progress.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/debug.h"

/* ECMA-48: to the beginning of the line, and erase it. */
static const char erase[] = "\r\033[K";

static struct {
	bool is_on;
	const char *action;
	size_t count, total;
	char line[256];
	size_t len;
	volatile sig_atomic_t is_shown; /* the second is over */
} progress;

/*
 * The signal handler calls this, too. If writing to the terminal fails, nobody
 * reads it.
 */
static void show(void)
{
	int err = errno;
	ssize_t n = write(STDERR_FILENO, progress.line, progress.len);

	(void)n;
	errno = err;
}

static void on_alarm(int sig)
{
	(void)sig;
	progress.is_shown = 1;
	show();
}

void progress_begin(const char *action, size_t total)
{
	const struct itimerval second = {.it_value.tv_sec = 1};
	struct sigaction act = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};

	memset(&progress, 0, sizeof(progress));
	if (!isatty(STDERR_FILENO) || debug_is_enabled())
		return;
	progress.action = action;
	progress.total = total;
	sigemptyset(&act.sa_mask);
	progress.is_on = sigaction(SIGALRM, &act, NULL) == 0 &&
			 setitimer(ITIMER_REAL, &second, NULL) == 0;
}

void progress_next(const char *name)
{
	sigset_t alarm, before;
	int len;

	if (!progress.is_on)
		return;
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarm, &before);
	progress.count++;
	len = snprintf(progress.line, sizeof(progress.line), "%slsl: %s %s (%zu of %zu %s)", erase,
		       progress.action, name, progress.count, progress.total,
		       progress.total == 1 ? "container" : "containers");
	progress.len = len < 0 ? 0 : (size_t)len;
	if (progress.len >= sizeof(progress.line))
		progress.len = sizeof(progress.line) - 1;
	if (progress.is_shown)
		show();
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void progress_clear(void)
{
	if (progress.is_on && progress.is_shown)
		fputs(erase, stderr);
}

void progress_end(void)
{
	const struct itimerval never = {.it_value.tv_sec = 0};

	if (!progress.is_on)
		return;
	setitimer(ITIMER_REAL, &never, NULL);
	progress_clear();
	progress.is_on = false;
}
