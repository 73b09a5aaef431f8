/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lslExecutor, mount.lslfs, and /dev/fuse, which the latter needs. */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "pathnames.h"
#include "files/safepath_find.h"

/* The command that gives it its privilege, as this lsl was configured. */
static void add_arming(struct check *check)
{
	if (strcmp(LSL_PRIVILEGE, "filecaps") == 0)
		diag_command(&check->diags, "sudo setcap cap_sys_admin,cap_sys_chroot+ep %s",
			     PATH_EXECUTOR);
	else
		diag_command(&check->diags, "sudo chown root:root %s; sudo chmod 4755 %s",
			     PATH_EXECUTOR, PATH_EXECUTOR);
}

static bool has_file_caps(const char *path)
{
	static const cap_value_t needed[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT};
	cap_t caps = cap_get_file(path);
	cap_flag_value_t permitted = CAP_SET, effective = CAP_SET;
	size_t i;

	if (!caps)
		return false;
	for (i = 0; i < 2 && permitted == CAP_SET && effective == CAP_SET; i++)
		if (cap_get_flag(caps, needed[i], CAP_PERMITTED, &permitted) < 0 ||
		    cap_get_flag(caps, needed[i], CAP_EFFECTIVE, &effective) < 0)
			permitted = CAP_CLEAR;
	cap_free(caps);
	return permitted == CAP_SET && effective == CAP_SET;
}

/* Whether PATH is a safe path; if not, adds a finding. */
static bool is_roots(struct check *check, const struct diag_place *place, const char *path)
{
	struct account_roots none = {.count = 0};
	struct unsafe_place unsafe;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status = root < 0 ? -errno : safepath_find_unsafe(root, path, &none, &unsafe);

	if (root >= 0)
		close(root);
	if (status == SAFEPATH_UNSAFE)
		diag_add(
			&check->diags, SEVERITY_ERROR, place,
			"%s is writable by users other than root (sudo chown root:root, chmod go-w)",
			unsafe.place);
	return status != SAFEPATH_UNSAFE;
}

static void check_armed(struct check *check, const struct diag_place *place, const struct stat *st)
{
	bool is_setuid = st->st_uid == 0 && (st->st_mode & S_ISUID);
	bool has_caps = has_file_caps(PATH_EXECUTOR);
	struct statvfs fs;
	bool is_well = is_setuid || has_caps;

	if (!is_well) {
		diag_add(&check->diags, SEVERITY_ERROR, place,
			 "it has no privilege, so no command can enter its container");
		add_arming(check);
	}
	if ((st->st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != (S_IXUSR | S_IXGRP | S_IXOTH)) {
		is_well = false;
		diag_add(&check->diags, SEVERITY_ERROR, place, "not everybody may execute it");
		diag_command(&check->diags, "sudo chmod a+x %s", PATH_EXECUTOR);
	}
	if (statvfs(PATH_EXECUTOR, &fs) == 0 && (fs.f_flag & (ST_NOSUID | ST_NOEXEC))) {
		is_well = false;
		diag_add(
			&check->diags, SEVERITY_ERROR, place,
			"it is on a file system that is mounted %s: install it elsewhere, or remount that with suid,exec",
			fs.f_flag & ST_NOSUID ? "nosuid" : "noexec");
	}
	if (is_well)
		diag_add(&check->diags, SEVERITY_OK, place, "%s, writable only by root",
			 is_setuid ? "setuid root" : "armed with file capabilities");
}

void check_executor(struct check *check)
{
	struct diag_place place = {.check = "executor", .file = PATH_EXECUTOR};
	struct stat st;

	if (stat(PATH_EXECUTOR, &st) < 0) {
		diag_add(&check->diags, check_severity(check, errno, SEVERITY_ERROR), &place,
			 "%s: is lsl installed completely?", strerror(errno));
		return;
	}
	if (is_roots(check, &place, PATH_EXECUTOR))
		check_armed(check, &place, &st);
}

void check_helper(struct check *check)
{
	struct diag_place place = {.check = "mount-helper", .file = PATH_MOUNTHELPER};

	if (access(PATH_MOUNTHELPER, X_OK) < 0)
		diag_add(&check->diags, check_severity(check, errno, SEVERITY_ERROR), &place,
			 "%s: is lsl installed completely?", strerror(errno));
	else if (is_roots(check, &place, PATH_MOUNTHELPER))
		diag_add(&check->diags, SEVERITY_OK, &place, "it can mount the command directory");
}

void check_fuse(struct check *check)
{
	static const char device[] = "/dev/fuse";
	struct diag_place place = {.check = "fuse", .file = device};
	/* Opening it loads the module. */
	int fd = open(device, O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		diag_add(&check->diags, SEVERITY_OK, &place, "FUSE can be used");
	} else if (errno == ENOENT || errno == ENODEV || errno == ENXIO) {
		diag_add(&check->diags, SEVERITY_ERROR, &place,
			 "the kernel has no FUSE, so the command directory cannot be mounted");
		diag_command(&check->diags, "sudo modprobe fuse");
	} else {
		diag_add(&check->diags, check_severity(check, errno, SEVERITY_ERROR), &place, "%s",
			 strerror(errno));
	}
}
