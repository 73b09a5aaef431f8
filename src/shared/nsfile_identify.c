/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "nsfile_identify.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "syscalls_more.h"

int nsfile_identify(int nsfd, struct nsfile_id *id)
{
	struct stat st;

	if (fstat(nsfd, &st) < 0)
		return -errno;
	*id = (struct nsfile_id){.dev = st.st_dev, .ino = st.st_ino};
	if (ioctl(nsfd, LSL_NS_GET_ID, &id->id) < 0)
		id->id = 0;
	return 0;
}
