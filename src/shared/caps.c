/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "caps.h"

#include <errno.h>
#include <sys/prctl.h>

/* Clears *STATE, and sets those of CAPS that are permitted in PRESENT. */
static int set_kept(cap_t state, cap_t present, const cap_value_t *caps, size_t count)
{
	cap_flag_value_t value;
	size_t i;

	if (cap_clear(state) < 0)
		return -errno;
	for (i = 0; i < count; i++) {
		if (cap_get_flag(present, caps[i], CAP_PERMITTED, &value) < 0)
			return -errno;
		if (value != CAP_SET)
			continue;
		if (cap_set_flag(state, CAP_PERMITTED, 1, &caps[i], CAP_SET) < 0 ||
		    cap_set_flag(state, CAP_EFFECTIVE, 1, &caps[i], CAP_SET) < 0)
			return -errno;
	}
	return 0;
}

static int apply_and_verify(cap_t wanted)
{
	cap_t now;
	int status;

	if (cap_set_proc(wanted) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	now = cap_get_proc();
	if (!now)
		return -errno;
	status = cap_compare(now, wanted) == 0 ? 0 : -EPERM;
	cap_free(now);
	return status;
}

int caps_keep(const cap_value_t *caps, size_t count)
{
	cap_t present = cap_get_proc();
	cap_t wanted = cap_init();
	int status;

	if (!present || !wanted)
		status = -errno;
	else
		status = set_kept(wanted, present, caps, count);
	if (status == 0)
		status = apply_and_verify(wanted);
	if (present)
		cap_free(present);
	if (wanted)
		cap_free(wanted);
	return status;
}

int caps_has(cap_value_t cap)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t now = cap_get_proc();

	if (now) {
		cap_get_flag(now, cap, CAP_EFFECTIVE, &value);
		cap_free(now);
	}
	return value == CAP_SET;
}
