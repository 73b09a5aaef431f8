/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <string.h>
#include <sys/capability.h>

#include "helpers.h"

int lsl_restart(const struct options *options)
{
	static const cap_value_t caps[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_CHROOT,
					   CAP_SYS_PTRACE, CAP_KILL};
	struct helpers helpers;
	struct conf conf;
	int stopped, started = LSL_FAILED;

	if (!lsl_is_privileged("restart") || !helpers_start(&helpers, options->seccomp))
		return LSL_FAILED;
	/* Only --kill needs CAP_KILL. */
	if (lsl_confine(options, caps, options->kill ? 5 : 4) && lsl_read_conf(options, &conf)) {
		stopped = lsl_stop_confined(options, &helpers.writer, &conf);
		started = lsl_start_confined(options, &conf, &helpers);
		if (started == LSL_OK)
			started = stopped;
		conf_clear(&conf);
	}
	helpers_end(&helpers);
	return started;
}
