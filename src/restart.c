/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <string.h>
#include <sys/capability.h>

#include "linksdir.h"

int lsl_restart(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT,
					   CAP_SYS_PTRACE, CAP_KILL};
	struct linksdir_mounter mounter;
	struct conf conf;
	int stopped, started, status;

	if (!lsl_is_privileged("restart"))
		return LSL_FAILED;
	status = linksdir_mounter_start(&mounter, options->seccomp);
	if (status < 0) {
		lsl_say("cannot fork: %s", strerror(-status));
		return LSL_FAILED;
	}
	/* CAP_KILL is for --kill alone. */
	if (!lsl_confine(options, caps, options->kill ? 5 : 4)) {
		linksdir_mounter_cancel(&mounter);
		return LSL_FAILED;
	}
	if (!lsl_read_conf(options, &conf)) {
		linksdir_mounter_cancel(&mounter);
		return LSL_FAILED;
	}
	stopped = lsl_stop_confined(options, &conf);
	started = lsl_start_confined(options, &conf, &mounter);
	conf_clear(&conf);
	return started != LSL_OK ? started : stopped;
}
