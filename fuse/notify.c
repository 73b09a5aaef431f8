/* SPDX-License-Identifier: GPL-3.0-or-later */
#define FUSE_USE_VERSION 35

#include "config.h"

#include "notify.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <linux/fuse.h>
#include <string.h>
#include <unistd.h>

/* linux/fuse.h of Linux 6.16; the header in use may be older. */
#define NOTIFY_RESEND 7
#define NOTIFY_INC_EPOCH 8

/* A notification that libfuse 3.14 does not know: struct fuse_out_header alone. */
static int send_bare(int fd, int code)
{
	const struct {
		uint32_t len;
		int32_t code;
		uint64_t unique;
	} header = {sizeof(header), code, 0};
	ssize_t n;

	do
		n = write(fd, &header, sizeof(header));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

void notify_init(struct notify *notify, struct fuse_session *session, bool may_use_epoch)
{
	notify->session = session;
	notify->has_epoch = may_use_epoch &&
			    send_bare(fuse_session_fd(session), NOTIFY_INC_EPOCH) == 0;
}

void notify_entry(const struct notify *notify, uint64_t dir, const char *name)
{
	/* ENOENT is the usual answer: nobody has looked NAME up. */
	fuse_lowlevel_notify_inval_entry(notify->session, dir, name, strlen(name));
}

void notify_listing(const struct notify *notify, uint64_t dir)
{
	fuse_lowlevel_notify_inval_inode(notify->session, dir, 0, 0);
}

static int forget_everything(struct notify *notify)
{
	if (!notify->has_epoch)
		return -ENOSYS;
	atomic_fetch_add(&notify->epoch, 1);
	return send_bare(fuse_session_fd(notify->session), NOTIFY_INC_EPOCH);
}

int notify_everything(struct notify *notify)
{
	atomic_fetch_add(&notify->news, 1);
	return forget_everything(notify);
}

void notify_stragglers(struct notify *notify, unsigned int news)
{
	/* Which is nothing new: otherwise readers would have each other's names forgotten forever. */
	if (atomic_load(&notify->news) != news)
		forget_everything(notify);
}

bool notify_is_mounted(int fd)
{
	/* ENOENT when there is no root directory any more; else its attributes are invalid. */
	const struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out inode;
	} message = {
		.header = {.len = sizeof(message), .error = FUSE_NOTIFY_INVAL_INODE},
		.inode = {.ino = FUSE_ROOT_ID, .off = -1},
	};
	ssize_t n;

	do
		n = write(fd, &message, sizeof(message));
	while (n < 0 && errno == EINTR);
	return n >= 0;
}

int notify_resend(int fd)
{
	return send_bare(fd, NOTIFY_RESEND);
}
