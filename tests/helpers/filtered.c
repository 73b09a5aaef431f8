/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	filtered PROGRAM [ARGUMENT...]
 *
 * Executes PROGRAM under a filter for system calls like the one that Docker and
 * Podman have by default for a process without CAP_SYS_ADMIN.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>

#include "filter.h"

/* Answered with EPERM; separated by single blanks. */
static char refused[] =
	"acct add_key bpf clock_settime delete_module fanotify_init finit_module fsconfig "
	"fsmount fsopen fspick init_module io_uring_enter io_uring_register io_uring_setup "
	"kexec_load keyctl mount mount_setattr move_mount name_to_handle_at "
	"open_by_handle_at open_tree perf_event_open pivot_root quotactl reboot request_key "
	"sethostname setns settimeofday swapoff swapon syslog umount2 unshare userfaultfd";

static const unsigned int namespaces[] = {CLONE_NEWCGROUP, CLONE_NEWIPC,  CLONE_NEWNET, CLONE_NEWNS,
					  CLONE_NEWPID,    CLONE_NEWUSER, CLONE_NEWUTS};

static int add_rules(scmp_filter_ctx filter)
{
	int status = 0, number;
	unsigned int flag;
	char *name;
	size_t i;

	for (name = strtok(refused, " "); name && status == 0; name = strtok(NULL, " ")) {
		number = seccomp_syscall_resolve_name(name);
		/* An older libseccomp does not know every name. */
		if (number != __NR_SCMP_ERROR)
			status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
	}
	for (i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]) && status == 0; i++) {
		flag = namespaces[i];
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
					  SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
	}
	/* Its flags are in memory, which no filter reads. */
	number = seccomp_syscall_resolve_name("clone3");
	if (number != __NR_SCMP_ERROR && status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
	return status;
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (argc < 2)
		errx(125, "usage: filtered PROGRAM [ARGUMENT...]");
	if (!filter)
		errx(125, "no memory");
	filter_execute(filter, add_rules(filter), argv + 1);
}
