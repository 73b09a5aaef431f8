/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "syscalls_more.h"

/*
 * The daemon's other watches, besides one for each directory of bins:
 * fuse/catalog.c.
 */
#define OWN_WATCHES 4
#define OWN_INSTANCES 2

/*
 * The checks try system calls. The version of the kernel says little, because
 * distributions add calls to old kernels, and sandboxes forbid some. Each call
 * has arguments that must fail, with another error than ENOSYS.
 */
static const struct {
	const char *name;
	long number;
	enum severity severity;
	const char *what;
} calls[] = {
	{"openat2", LSL_NR_openat2, SEVERITY_WARNING, "lookups are slower (in a sandbox?)"},
	{"open_tree", LSL_NR_open_tree, SEVERITY_ERROR, "containers cannot be built"},
	{"move_mount", LSL_NR_move_mount, SEVERITY_ERROR, "containers cannot be built"},
	{"statx", LSL_NR_statx, SEVERITY_WARNING,
	 "what the host mounts later does not appear in containers"},
	{"pidfd_open", LSL_NR_pidfd_open, SEVERITY_WARNING, "lsl stop --kill cannot end programs"},
};

static void check_calls(struct check *check, const struct diag_place *place)
{
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (syscall(calls[i].number, -1L, 0L, -1L, 0L, 0L) < 0 && errno == ENOSYS)
			diag_add(&check->diags, calls[i].severity, place,
				 "the system call %s(2) is missing or forbidden: %s", calls[i].name,
				 calls[i].what);
}

void check_kernel(struct check *check)
{
	struct diag_place place = {.check = "kernel"};
	size_t before = check->diags.count;
	struct utsname name;

	if (uname(&name) < 0)
		return;
	check_calls(check, &place);
	if (check->diags.count == before)
		diag_add(&check->diags, SEVERITY_OK, &place, "Linux %s has what is needed",
			 name.release);
}

/* The number in the file PATH of /proc/sys; negative if it cannot be read. */
static long read_number(const char *path)
{
	FILE *file = fopen(path, "re");
	long number;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

static bool check_limit(struct check *check, const char *name, long needed)
{
	struct diag_place place = {.check = "limits"};
	char path[96], setting[96];
	long limit;

	snprintf(path, sizeof(path), "/proc/sys/fs/inotify/%s", name);
	limit = read_number(path);
	if (limit < 0 || limit >= needed)
		return true;
	diag_add(&check->diags, SEVERITY_WARNING, &place,
		 "fs.inotify.%s is %ld, %ld are needed: the command directory is slower without",
		 name, limit, needed);
	snprintf(setting, sizeof(setting), "fs.inotify.%s=%ld", name, 2 * needed);
	diag_command(&check->diags, "sudo sysctl -w %s", setting);
	return false;
}

void check_limits(struct check *check)
{
	struct diag_place place = {.check = "limits"};
	long watches = OWN_WATCHES;
	bool is_well;
	size_t i;

	for (i = 0; i < check->conf.container_count; i++)
		watches += (long)check->conf.containers[i]->bin_count;
	is_well = check_limit(check, "max_user_watches", watches);
	is_well = check_limit(check, "max_user_instances", OWN_INSTANCES) && is_well;
	if (is_well)
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "inotify can watch all of bins (%ld watches)", watches);
}
