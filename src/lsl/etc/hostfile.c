/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/hostfile.h"

#include <unistd.h>

#include "files/hostpath.h"
#include "files/inroot_file.h"

int hostfile_read(const char *path, size_t max, struct rootfile *file)
{
	int status, fd = hostpath_open(path, NULL);

	*file = (struct rootfile){.kind = ROOTFILE_NONE};
	if (fd >= 0)
		fd = inroot_reopen_regular(fd);
	if (fd < 0)
		return fd;
	status = rootfile_read_fd(fd, max, file);
	close(fd);
	return status;
}

int hostfile_read_text(const char *path, size_t max, char **text)
{
	struct rootfile file;
	int status = hostfile_read(path, max, &file);

	*text = status == 0 ? file.bytes : NULL;
	return status;
}
