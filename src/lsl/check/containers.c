/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What MNTDIR has of containers, against what the configuration says.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsfile.h"
#include "trace.h"

static const char check_name[] = "state";

void check_state(struct check *check, const char *name, const struct state *state)
{
	struct place place = {.check = check_name, .container = name};

	if (state->kind == STATE_BROKEN) {
		finding_add(
			&check->findings, SEVERITY_ERROR, &place, "its %s is stale%s",
			state->nsfd < 0 ? "record" : "pinned namespace",
			state->nsfd == -ENOTTY
				? " (or this is another mount namespace than that in which it was started)"
				: "");
		if (conf_find(&check->conf, name))
			finding_command(&check->findings, "sudo lsl start %s", name);
	}
	if (state->kind == STATE_STOPPED || conf_find(&check->conf, name))
		return;
	finding_add(&check->findings, SEVERITY_WARNING, &place, "started, but no longer in %s",
		    check->options->config);
	finding_command(&check->findings, "sudo lsl stop %s", name);
}

/* In a child, since nobody comes back from a namespace. */
static _Noreturn void stat_root(int nsfd, int results)
{
	struct stat st;
	bool could = nsfile_enter(nsfd) == 0 && stat("/", &st) == 0 &&
		     write(results, &st, sizeof(st)) == (ssize_t)sizeof(st);

	_exit(could ? 0 : 1);
}

/* The root directory of the namespace NSFD. A negative errno where it cannot be seen. */
static int look_at_root(int nsfd, struct stat *st)
{
	int results[2], status = 0;
	pid_t pid;

	if (pipe2(results, O_CLOEXEC) < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		stat_root(nsfd, results[1]);
	if (pid < 0)
		status = -errno;
	close(results[1]);
	if (status == 0 && read(results[0], st, sizeof(*st)) != (ssize_t)sizeof(*st))
		status = -EPERM;
	close(results[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}

void check_namespace(struct check *check, const char *name, const struct state *state)
{
	struct place place = {.check = check_name, .container = name};
	struct stat inside = {0}, here;

	if (state->kind != STATE_STARTED)
		return;
	trace("%s: setns and stat /", name);
	if (look_at_root(state->nsfd, &inside) < 0) {
		finding_add(&check->findings, SEVERITY_UNKNOWN, &place,
			    "started; what its root is only root sees (sudo lsl check)");
		return;
	}
	if (inside.st_nlink == 0)
		finding_add(&check->findings, SEVERITY_ERROR, &place,
			    "started, but its root file system was removed since");
	else if (stat(state->record.path, &here) < 0 || here.st_dev != inside.st_dev ||
		 here.st_ino != inside.st_ino)
		finding_add(&check->findings, SEVERITY_WARNING, &place,
			    "started, but %s is another directory now than the root it runs with",
			    state->record.path);
	else {
		finding_add(&check->findings, SEVERITY_OK, &place, "started");
		return;
	}
	finding_command(&check->findings, "sudo lsl restart %s", name);
}
