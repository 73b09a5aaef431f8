/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *	lacking CALL PROGRAM [ARGUMENT...]
 *
 * Executes PROGRAM as on a kernel that lacks the system call of the number
 * CALL.
 */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int status;

	if (argc < 3)
		errx(125, "usage: lacking CALL PROGRAM [ARGUMENT...]");
	if (!filter)
		errx(125, "no memory");
	status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), atoi(argv[1]), 0);
	/* A setuid program keeps its effect. */
	if (status == 0)
		status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	if (status == 0)
		status = seccomp_load(filter);
	if (status < 0) {
		errno = -status;
		err(125, "no filter");
	}
	execvp(argv[2], argv + 2);
	err(125, "%s", argv[2]);
}
