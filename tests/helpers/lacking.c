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

#include "filter.h"

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (argc < 3)
		errx(125, "usage: lacking CALL PROGRAM [ARGUMENT...]");
	if (!filter)
		errx(125, "no memory");
	filter_execute(filter, seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), atoi(argv[1]), 0),
		       argv + 2);
}
