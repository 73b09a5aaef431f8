/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/hostfiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "etc/copies.h"
#include "inroot.h"
#include "files/inroot_make.h"
#include "lsl.h"
#include "files/rootfile.h"
#include "files/safepath_find.h"

bool hostfiles_takes(const struct bind *bind)
{
	struct stat st;

	if (strncmp(bind->target, "/etc/", strlen("/etc/")) != 0)
		return false;
	if (stat(bind->source, &st) < 0)
		return errno == ENOENT;
	return S_ISREG(st.st_mode);
}

/* Opens /etc and reads the journal. */
static int begin_work(struct etcwork *work)
{
	int status;

	work->etc = inroot_make_dir_here(work->root, "/etc");
	status = work->etc < 0 ? work->etc : journal_read(work->etc, &work->journal);
	if (status < 0 && work->etc >= 0)
		close(work->etc);
	return status;
}

static void end_work(struct etcwork *work)
{
	journal_clear(&work->journal);
	close(work->etc);
}

/*
 * Whether other users than root can change the directories of the container's
 * account files.
 */
static bool is_rootfs_shared(const struct hostfiles *files, int root)
{
	struct account_roots roots = {.list = {-1, root}, .count = 2};
	struct unsafe_place unsafe;
	bool is_safe;

	roots.list[0] = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (roots.list[0] < 0)
		return true;
	is_safe = safepath_find_unsafe(roots.list[0], files->path, &roots, &unsafe) == 0 &&
		  safepath_find_unsafe(root, "/etc", &roots, &unsafe) == 0;
	close(roots.list[0]);
	return !is_safe;
}

static struct accountfiles accountfiles_of(const struct hostfiles *files, int root)
{
	struct accountfiles accounts = {.people = files->people};
	size_t i;
	int file;

	for (i = 0; i < files->count; i++) {
		file = account_file_of(files->binds[i].target);
		if (file >= 0)
			accounts.sources[file] = files->binds[i].source;
	}
	accounts.is_shared = accounts.sources[ACCOUNT_SHADOW] && is_rootfs_shared(files, root);
	if (accounts.is_shared && files->is_start)
		lsl_say("%s: users other than root can change its root filesystem: the host's password hashes are not in it",
			files->container);
	return accounts;
}

/*
 * Programs that a Debian or a relative of it gets while it is started, if it
 * does not have them. They keep its services from being started, because its
 * packages' scripts see the host's /run, and would start, stop and signal
 * services of the host. invoke-rc.d and deb-systemd-invoke ask policy-rc.d; 101
 * means no. In the host's /run the scripts also see that systemd runs, and then
 * call systemctl, which a small root filesystem does not have. systemd's own
 * does nothing in a container, either.
 */
static const struct {
	const char *target;
	const char *text;
	bool is_for_systemd; /* only with the host's /run */
} programs[] = {
	{"/usr/sbin/policy-rc.d",
	 "#!/bin/sh\n"
	 "# lsl has put this here while the container is started: no service of a container\n"
	 "# is started, because it would take the host's for its own.\n"
	 "exit 101\n",
	 false},
	{"/usr/bin/systemctl",
	 "#!/bin/sh\n"
	 "# lsl has put this here while the container is started: packages' scripts call it,\n"
	 "# since they see the host's /run.\n"
	 "echo \"Running in chroot, ignoring command\" >&2\n",
	 true},
};

#define PROGRAM_COUNT (sizeof(programs) / sizeof(programs[0]))

static const char policy_asker[] = "/usr/sbin/invoke-rc.d";
/* If it is not the same as /usr/bin, as before Debian 12. */
static const char other_systemctl[] = "/bin/systemctl";
static const char systemd_runs[] = "/run/systemd/system";

static bool has_policy_asker(int root)
{
	struct stat st;

	return inroot_stat(root, policy_asker, &st) == 0;
}

static bool sees_systemd(const struct hostfiles *files)
{
	struct stat st;

	return !(files->own & OWN_RUN) && stat(systemd_runs, &st) == 0;
}

/* Whether TARGET is one of these programs, and wanted. */
static bool is_wanted_program(const struct hostfiles *files, const char *target)
{
	size_t i;

	for (i = 0; i < PROGRAM_COUNT; i++)
		if (strcmp(programs[i].target, target) == 0)
			return !programs[i].is_for_systemd || sees_systemd(files);
	return false;
}

static bool is_missing(const struct hostfiles *files, int root, size_t number)
{
	struct stat st;

	return !programs[number].is_for_systemd ||
	       (sees_systemd(files) && inroot_stat(root, other_systemctl, &st) < 0);
}

static void add_lsl_program(struct etcwork *work, const char *target, const char *text)
{
	struct rootfile program = {
		.kind = ROOTFILE_REGULAR,
		.st = {.st_mode = 0755},
		.bytes = (char *)(uintptr_t)text,
		.len = strlen(text),
	};
	int status = copies_add(work, target, &program);

	/* A read-only root filesystem has no package installed either. */
	if (status < 0 && status != -EROFS)
		lsl_say("%s: cannot keep its services from starting, by %s: %s", work->container,
			target, strerror(-status));
}

static void add_programs(const struct hostfiles *files, struct etcwork *work)
{
	size_t i;

	if (!has_policy_asker(work->root))
		return;
	for (i = 0; i < PROGRAM_COUNT; i++)
		if (is_missing(files, work->root, i))
			add_lsl_program(work, programs[i].target, programs[i].text);
}

/* Whether TARGET is to stay in the root filesystem. */
static bool is_bound(const struct hostfiles *files, const char *target)
{
	size_t i;

	if (files->is_stop)
		return false;
	if (is_wanted_program(files, target))
		return true;
	for (i = 0; i < files->count; i++)
		if (strcmp(files->binds[i].target, target) == 0)
			return true;
	return false;
}

/* Takes out the copies that are not to stay. */
static int take_out_copies(const struct hostfiles *files, struct etcwork *work)
{
	struct journal_entry *entry;
	int status, result = 0;
	size_t i = 0;

	while (i < work->journal.count) {
		entry = &work->journal.entry[i];
		if (entry->is_accounts || is_bound(files, entry->target)) {
			i++;
			continue;
		}
		status = copies_take_out(work, entry);
		if (status < 0) {
			lsl_say("%s: cannot restore its own %s: %s", files->container,
				entry->target, strerror(-status));
			result = status;
			i++;
			continue;
		}
		journal_remove(&work->journal, entry);
	}
	status = journal_write(work->etc, &work->journal);
	if (status < 0)
		lsl_say("%s: cannot write " JOURNAL_PATH ": %s", files->container,
			strerror(-status));
	return status < 0 ? status : result;
}

static int apply_accounts(const struct hostfiles *files, struct etcwork *work)
{
	struct accountfiles accounts = accountfiles_of(files, work->root);
	int status = accountfiles_apply(work, &accounts);

	if (status == -EAGAIN)
		lsl_say("%s: the host's people in it are not %s: its account files are locked (if a program is adding users inside, run sudo lsl %s after it)",
			files->container, files->is_stop ? "removed" : "updated",
			files->is_stop ? "stop" : "refresh");
	else if (status < 0 && (status != -EROFS || files->is_stop))
		lsl_say("%s: the host's people are not %s: %s", files->container,
			files->is_stop ? "removed" : "added", strerror(-status));
	return status;
}

static int apply_copy(struct etcwork *work, const struct bind *bind)
{
	int status = copies_apply(work, bind);

	if (status == -EEXIST)
		lsl_say("%s: %s is a directory or a device inside; the host's file is not copied there",
			work->container, bind->target);
	else if (status < 0 && status != -EISDIR && status != -EROFS)
		lsl_say("%s: cannot copy %s to %s: %s", work->container, bind->source, bind->target,
			strerror(-status));
	return status;
}

/*
 * Whether there is or will be a journal. A root filesystem without one is not
 * changed.
 */
static bool is_anything_to_do(const struct hostfiles *files, int root)
{
	struct stat st;

	return files->count || inroot_stat(root, JOURNAL_PATH, &st) == 0 ||
	       (!files->is_stop && has_policy_asker(root));
}

static int apply_all(const struct hostfiles *files, struct etcwork *work, int *statuses)
{
	int accounts, status = begin_work(work);
	size_t i;

	if (status < 0 && files->is_stop)
		lsl_say("%s: cannot read " JOURNAL_PATH ": %s", files->container,
			strerror(-status));
	if (status < 0)
		return status;
	status = take_out_copies(files, work);
	accounts = apply_accounts(files, work);
	for (i = 0; i < files->count; i++)
		statuses[i] = account_file_of(files->binds[i].target) >= 0
				      ? accounts
				      : apply_copy(work, &files->binds[i]);
	if (!files->is_stop)
		add_programs(files, work);
	end_work(work);
	if (!files->is_stop)
		return 0;
	return status < 0 ? status : accounts;
}

/* Files that a killed process has not completed may have the host's hashes. */
static int sweep_etc(const struct hostfiles *files, int root)
{
	int status, etc = inroot_open(root, "/etc", O_RDONLY | O_DIRECTORY);

	if (etc < 0)
		return 0;
	status = rootfile_sweep(etc);
	close(etc);
	if (status < 0)
		lsl_say("%s: cannot remove incomplete files in its /etc: %s", files->container,
			strerror(-status));
	return status;
}

int hostfiles_apply(const struct hostfiles *files, int *statuses)
{
	struct etcwork work = {
		.container = files->container,
		.root = open(files->path, O_PATH | O_DIRECTORY | O_CLOEXEC),
		.is_start = files->is_start,
	};
	int swept = 0, status = 0;

	if (work.root < 0)
		return files->count ? -errno : 0;
	if (is_anything_to_do(files, work.root))
		status = apply_all(files, &work, statuses);
	if (files->is_stop)
		swept = sweep_etc(files, work.root);
	close(work.root);
	return status < 0 ? status : swept;
}
