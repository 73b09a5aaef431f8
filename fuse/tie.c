/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tie.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "syscalls.h"

static unsigned int first_kept(unsigned int from, int own, const int *kept, size_t count)
{
	unsigned int first = own >= 0 && (unsigned int)own >= from ? (unsigned int)own : ~0U;
	size_t i;

	for (i = 0; i < count; i++)
		if (kept[i] >= 0 && (unsigned int)kept[i] >= from && (unsigned int)kept[i] < first)
			first = (unsigned int)kept[i];
	return first;
}

static void close_all_but(int own, const int *kept, size_t count)
{
	unsigned int from = 3, next;

	do {
		next = first_kept(from, own, kept, count);
		if (next > from)
			sys_close_range(from, next == ~0U ? next : next - 1);
		from = next + 1;
	} while (next != ~0U);
}

int tie_fork(struct tie *tie, const int *kept, size_t count)
{
	int ends[2], err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid = fork();
	err = errno;
	if (pid < 0) {
		close(ends[0]);
		close(ends[1]);
		return -err;
	}
	*tie = (struct tie){.fd = ends[pid == 0], .process = -1};
	if (pid == 0) {
		close_all_but(tie->fd, kept, count);
		return 0;
	}
	close(ends[1]);
	tie->process = sys_pidfd_open(pid);
	return 1;
}

/* What a tie consists of for somebody else. */
struct copy {
	int fd;
	int process; /* absent where there is none */
};

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(struct copy))];
};

int tie_send(const struct tie *tie, const struct tie *with)
{
	union control control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	char byte = 0;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (with) {
		const struct copy copy = {.fd = with->fd, .process = with->process};
		size_t size = copy.process < 0 ? sizeof(copy.fd) : sizeof(copy);

		memcpy(CMSG_DATA(&control.header), &copy, size);
		control.header.cmsg_len = CMSG_LEN(size);
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(size);
	}
	do
		n = sendmsg(tie->fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int tie_receive(const struct tie *tie, struct tie *with)
{
	union control control;
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	const struct cmsghdr *header;
	struct copy copy = {.fd = -1, .process = -1};
	ssize_t n;

	do
		n = recvmsg(tie->fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	/* It has died with something of ours unread. */
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len <= CMSG_LEN(sizeof(copy)))
		memcpy(&copy, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
	*with = (struct tie){.fd = copy.fd, .process = copy.process};
	return n > 0;
}

void tie_cut(struct tie *tie)
{
	if (tie->fd >= 0)
		close(tie->fd);
	if (tie->process >= 0)
		close(tie->process);
	*tie = TIE_NONE;
}
