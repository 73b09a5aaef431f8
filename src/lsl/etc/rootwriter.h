/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that writes into root filesystems (hostfiles.h). Only this
 * process keeps the capabilities for that, and it cannot mount. lsl forks it
 * before it gives up its own privileges, and sends it requests afterwards.
 */
#ifndef LSL_ROOTWRITER_H
#define LSL_ROOTWRITER_H

#include <stdbool.h>

#include "conf/container.h"
#include "base/forked.h"
#include "etc/userdb.h"

struct rootwriter {
	struct forked process;
	/* asked about people=; the caller starts it if that is needed */
	struct userdb userdb;
};

/*
 * Forks the process, which confines itself; SECCOMP: also by a system call
 * filter. Returns 0 or a negative errno.
 */
int rootwriter_start(struct rootwriter *writer, bool seccomp);

/*
 * hostfiles_apply for the copies of CONTAINER, below its path: at a start, or
 * else at a refresh. STATUSES has room for each. Returns 0 or a negative errno;
 * after a message -EPIPE: the process has ended; or -ETIMEDOUT: a directory
 * there is blocked.
 */
int rootwriter_apply(const struct rootwriter *writer, const struct container *container,
		     bool is_start, int *statuses);

/*
 * tmpfiles_make for the container NAME at PATH, in the directory RUN, an fd. 0
 * or a negative errno.
 */
int rootwriter_fill_run(const struct rootwriter *writer, const char *name, const char *path,
			int run);

/*
 * hostfiles_apply, to undo everything, for the container NAME at PATH. Returns
 * 0, or a negative errno after a message.
 */
int rootwriter_take_out(const struct rootwriter *writer, const char *name, const char *path);

/* Ends the process. */
void rootwriter_end(struct rootwriter *writer);

#endif
