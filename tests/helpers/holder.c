/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * holder DIRECTORY MOUNTPOINT UID: reads DIRECTORY, as user UID, into memory
 * that is a file of a file system which never answers a read. While the kernel
 * waits to write an entry there, it holds the directory's lock. Then it prints
 * "held", and stays until it is killed.
 *
 * A user needs no help for that: fusermount3 or a user namespace mounts the
 * file system.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_NODE 2
#define FILE_SIZE (1024L * 1024)

struct request {
	struct fuse_in_header header;
	char rest[FUSE_MIN_READ_BUFFER];
};

static int fuse;

static void reply(const struct request *request, int error, const void *data, size_t size)
{
	char bytes[512];
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + size),
		.error = error,
		.unique = request->header.unique,
	};

	memcpy(bytes, &header, sizeof(header));
	if (size)
		memcpy(bytes + sizeof(header), data, size);
	if (write(fuse, bytes, header.len) < 0 && errno != ENOENT)
		err(1, "reply");
}

static struct fuse_attr attributes_of(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = FILE_SIZE,
		.mode = node == FILE_NODE ? S_IFREG | 0666 : S_IFDIR | 0755,
		.nlink = 1,
	};
}

static void answer(const struct request *request)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = 31,
		.max_write = 4096,
	};
	const struct fuse_entry_out entry = {
		.nodeid = FILE_NODE,
		.attr = attributes_of(FILE_NODE),
	};
	const struct fuse_attr_out attr = {.attr = attributes_of(request->header.nodeid)};
	const struct fuse_open_out open = {.fh = 0};

	switch (request->header.opcode) {
	case FUSE_INIT:
		reply(request, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		reply(request, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		reply(request, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		reply(request, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		puts("held");
		fflush(stdout);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		reply(request, -ENOSYS, NULL, 0);
	}
}

static void read_into_file(const char *directory, const char *mountpoint, uid_t uid)
{
	char path[4096];
	void *memory;
	int dir, file;

	snprintf(path, sizeof(path), "%s/file", mountpoint);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || setresgid(uid, uid, uid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		err(1, "setresuid");
	/* So nothing is left when the serving process is killed. */
	close(fuse);
	file = open(path, O_RDWR);
	dir = open(directory, O_RDONLY | O_DIRECTORY);
	if (file < 0 || dir < 0)
		err(1, "%s, %s", path, directory);
	memory = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (memory == MAP_FAILED)
		err(1, "mmap");
	syscall(SYS_getdents64, dir, memory, 32768);
	errx(1, "it was not held up");
}

int main(int argc, char *argv[])
{
	struct request request;
	char options[100];

	if (argc != 4)
		errx(2, "usage: holder DIRECTORY MOUNTPOINT UID");
	fuse = open("/dev/fuse", O_RDWR);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fuse);
	if (fuse < 0 || mount("holder", argv[2], "fuse.holder", 0, options) < 0)
		err(1, "%s", argv[2]);
	if (fork() == 0)
		read_into_file(argv[1], argv[2], (uid_t)strtoul(argv[3], NULL, 10));
	while (read(fuse, &request, sizeof(request)) > 0 || errno == EINTR)
		answer(&request);
	return 0;
}
