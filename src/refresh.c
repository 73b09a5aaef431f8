/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "mntdir.h"
#include "rootwriter.h"
#include "state.h"
#include "trace.h"

struct refreshing {
	const struct options *options;
	const struct rootwriter *writer;
	int mntdir;
	int status; /* the exit status so far */
};

/* Of a started container, as it is recorded: the configuration is not asked. */
static int refresh_one(const char *name, void *arg)
{
	static struct state state;
	struct refreshing *refreshing = arg;
	struct container container;
	int *statuses, status;

	state_look(refreshing->mntdir, name, &state);
	if (state.kind != STATE_STARTED || !state_container(&state, &container)) {
		state_release(&state);
		return 0;
	}
	trace("%s: refresh", name);
	statuses = calloc(container.copy_count + 1, sizeof(*statuses));
	status = statuses ? rootwriter_apply(refreshing->writer, &container, false, statuses)
			  : -ENOMEM;
	if (status < 0 && status != -EPIPE)
		lsl_say("%s: cannot refresh: %s", name, strerror(-status));
	if (status < 0)
		refreshing->status = LSL_FAILED;
	free(statuses);
	container_clear(&container);
	state_release(&state);
	return 0;
}

static int refresh_all(const struct options *options, const struct rootwriter *writer)
{
	struct refreshing refreshing = {.options = options, .writer = writer, .status = LSL_OK};
	struct mntdir mntdir;
	int status = mntdir_lock(false, &mntdir);

	if (status == -ENOENT)
		return LSL_OK;
	if (status < 0) {
		lsl_say_mntdir(status);
		return LSL_FAILED;
	}
	refreshing.mntdir = mntdir.dir;
	status = mntdir_visit(mntdir.dir, refresh_one, &refreshing);
	if (status < 0) {
		lsl_say_mntdir(status);
		refreshing.status = LSL_FAILED;
	}
	mntdir_unlock(&mntdir);
	return refreshing.status;
}

int lsl_refresh(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT};
	struct rootwriter writer;
	int status = LSL_FAILED;

	if (!lsl_is_privileged("refresh") || !lsl_start_writer(options, &writer))
		return LSL_FAILED;
	if (lsl_confine(options, caps, sizeof(caps) / sizeof(caps[0])))
		status = refresh_all(options, &writer);
	rootwriter_end(&writer);
	return status;
}
