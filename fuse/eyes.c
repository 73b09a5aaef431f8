/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "eyes.h"

#include <errno.h>
#include <grp.h>
#include <sys/fsuid.h>
#include <unistd.h>

/* The kernel's overflow id; no file is given to it on purpose. */
#define NOBODY 65534

int eyes_prepare(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, NOBODY) < 0 || setresuid(0, 0, NOBODY) < 0)
		return -errno;
	eyes_of_nobody();
	/* setfsuid(2) tells no errors, but what was before. */
	if (setfsuid(NOBODY) != NOBODY || setfsgid(NOBODY) != NOBODY)
		return -EPERM;
	return 0;
}

void eyes_of_root(void)
{
	setfsuid(0);
	setfsgid(0);
}

void eyes_of_nobody(void)
{
	setfsgid(NOBODY);
	setfsuid(NOBODY);
}
