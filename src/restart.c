/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <string.h>
#include <sys/capability.h>

#include "linksdir.h"
#include "rootwriter.h"

int lsl_restart(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT,
					   CAP_SYS_PTRACE, CAP_KILL};
	struct linksdir_mounter mounter;
	struct rootwriter writer;
	struct conf conf;
	int stopped, started, status;

	if (!lsl_is_privileged("restart") || !lsl_start_writer(options, &writer))
		return LSL_FAILED;
	status = linksdir_mounter_start(&mounter, options->seccomp);
	if (status < 0) {
		lsl_say("cannot fork: %s", strerror(-status));
		rootwriter_end(&writer);
		return LSL_FAILED;
	}
	/* CAP_KILL is for --kill alone. */
	if (!lsl_confine(options, caps, options->kill ? 5 : 4) || !lsl_read_conf(options, &conf)) {
		linksdir_mounter_cancel(&mounter);
		rootwriter_end(&writer);
		return LSL_FAILED;
	}
	stopped = lsl_stop_confined(options, &writer, &conf);
	started = lsl_start_confined(options, &conf, &mounter, &writer);
	conf_clear(&conf);
	rootwriter_end(&writer);
	return started != LSL_OK ? started : stopped;
}
