/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "credentials.h"

#include <errno.h>
#include <grp.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "caps.h"

/*
 * An id above systemd(1)'s range for users of foreign images, which neither
 * adduser(8) nor subuid(5) assigns.
 */
#define LOOKER 2147450879

int credentials_of_supervisor(void)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT, CAP_SETUID, CAP_SETGID};
	int status;

	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return -errno;
	status = caps_keep(caps, sizeof(caps) / sizeof(caps[0]));
	if (status == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		status = -errno;
	return status;
}

int credentials_of_server(void)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT};

	/* With a saved id, a thread can take it without CAP_SETUID. */
	if (setresgid(0, 0, LOOKER) < 0 || setresuid(0, 0, LOOKER) < 0)
		return -errno;
	return caps_keep(caps, sizeof(caps) / sizeof(caps[0]));
}

int credentials_look(void)
{
	setfsgid(LOOKER);
	setfsuid(LOOKER);
	/* setfsuid(2) returns the former id and no errors. */
	return setfsgid(LOOKER) == LOOKER && setfsuid(LOOKER) == LOOKER ? 0 : -EPERM;
}
