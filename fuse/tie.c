/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tie.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

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
			syscall(SYS_close_range, from, next == ~0U ? next : next - 1, 0);
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
	*tie = (struct tie){.fd = ends[pid == 0], .pid = pid};
	if (pid == 0)
		close_all_but(tie->fd, kept, count);
	else
		close(ends[1]);
	return pid > 0;
}

/* Room for one descriptor. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int tie_send(const struct tie *tie, int fd)
{
	union control control = {.header = {.cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS,
					    .cmsg_len = CMSG_LEN(sizeof(fd))}};
	char byte = 0;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t n;

	if (fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	do
		n = sendmsg(tie->fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int tie_receive(const struct tie *tie, int *fd)
{
	union control control;
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	const struct cmsghdr *header;
	ssize_t n;

	do
		n = recvmsg(tie->fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	/* It has died with something of ours unread. */
	if (n < 0)
		return errno == ECONNRESET ? 0 : -errno;
	header = CMSG_FIRSTHDR(&message);
	*fd = -1;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	return n > 0;
}

void tie_cut(struct tie *tie)
{
	if (tie->fd >= 0)
		close(tie->fd);
	*tie = TIE_NONE;
}
