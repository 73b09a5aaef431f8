/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file system that never answers, like one with a dead server:
 *
 *	hangfs DIR [taken]
 *
 * mounts it on DIR, goes to the background, and stays until it is killed. With
 * a second argument it takes the requests: then not even SIGKILL ends a process
 * that waits for an answer.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	_Alignas(8) char request[FUSE_MIN_READ_BUFFER];
	const struct fuse_in_header *header = (const void *)request;
	struct {
		struct fuse_out_header header;
		struct fuse_init_out init;
	} answer = {
		.header.len = sizeof(answer),
		.init.major = FUSE_KERNEL_VERSION,
		.init.minor = FUSE_KERNEL_MINOR_VERSION,
		.init.max_write = 4096,
	};
	char options[100];
	int fuse = open("/dev/fuse", O_RDWR);

	if (argc != 2 && argc != 3)
		errx(2, "usage: hangfs DIR [taken]");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fuse);
	if (fuse < 0 || mount("hangfs", argv[1], "fuse.hangfs", 0, options) < 0)
		err(1, "%s", argv[1]);
	if (read(fuse, request, sizeof(request)) < 0 || header->opcode != FUSE_INIT)
		err(1, "the first request");
	answer.header.unique = header->unique;
	if (write(fuse, &answer, sizeof(answer)) < 0)
		err(1, "its answer");
	if (daemon(0, 0) < 0)
		err(1, "daemon");
	for (;;)
		if (argc == 2 || read(fuse, request, sizeof(request)) < 0)
			pause();
}
