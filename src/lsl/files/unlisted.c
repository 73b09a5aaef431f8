/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "files/unlisted.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "timelimit.h"

#define LISTABLE (S_IRGRP | S_IROTH)

#define PATIENCE_MS 20000

struct unlisting {
	int fd;
	mode_t mode;
};

static void unlist(void *answer, const void *arg)
{
	const struct unlisting *unlisting = arg;
	int *status = answer;

	*status = fchmod(unlisting->fd, unlisting->mode) < 0 ? -errno : 0;
}

int unlisted_make(int dir)
{
	/* With O_PATH it could not be changed. */
	struct unlisting unlisting = {openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0};
	int status = 0, changed = 0;
	struct stat st;

	if (unlisting.fd < 0)
		return -errno;
	if (fstat(unlisting.fd, &st) < 0) {
		status = -errno;
	} else if (st.st_mode & LISTABLE) {
		/* This takes the lock, too, for the last time. */
		unlisting.mode = st.st_mode & 07777 & ~(mode_t)LISTABLE;
		status = timelimit_ask(unlist, &unlisting, unlisting.fd, &changed, sizeof(changed),
				       PATIENCE_MS);
	}
	close(unlisting.fd);
	return status < 0 ? status : changed;
}
