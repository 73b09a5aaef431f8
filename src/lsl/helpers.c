/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "helpers.h"

int helpers_start(struct helpers *helpers, bool seccomp)
{
	int status;

	*helpers = (struct helpers){.has_mounter = false};
	status = rootwriter_start(&helpers->writer, seccomp);
	if (status < 0)
		return status;
	status = rootwriter_start_userdb(&helpers->writer);
	if (status == 0)
		status = mounter_start(&helpers->mounter, seccomp);
	helpers->has_mounter = status == 0;
	if (status == 0)
		status = follower_prepare(&helpers->follower, seccomp);
	helpers->has_follower = status == 0;
	if (status < 0)
		helpers_end(helpers);
	return status;
}

int helpers_mount(struct helpers *helpers)
{
	helpers->has_mounter = false;
	return mounter_go(&helpers->mounter);
}

int helpers_follow(struct helpers *helpers)
{
	helpers->has_follower = false;
	return follower_go(&helpers->follower);
}

/*
 * The last one first: it holds copies of our ends of the earlier pipes, and the
 * earlier processes wait for the end of file there.
 */
void helpers_end(struct helpers *helpers)
{
	if (helpers->has_follower)
		follower_cancel(&helpers->follower);
	if (helpers->has_mounter)
		mounter_cancel(&helpers->mounter);
	rootwriter_end(&helpers->writer);
}
