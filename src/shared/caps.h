/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capabilities of lsl and mount.lslfs, capabilities(7). Each program begins by
 * giving up for good those that it does not need. lslExecutor takes the
 * caller's credentials instead; see creds.h.
 */
#ifndef LSL_CAPS_H
#define LSL_CAPS_H

#include <stddef.h>
#include <sys/capability.h>

/*
 * Keeps those of the COUNT capabilities at CAPS that the process has, permitted
 * and effective, and gives up all others: nothing stays inheritable or ambient.
 * The sets are read back afterwards. The bounding set stays: it gives this
 * process nothing, and a daemon that is started later needs it. A negative
 * errno on failure.
 */
int caps_keep(const cap_value_t *caps, size_t count);

/* Whether CAP is effective. */
int caps_has(cap_value_t cap);

#endif
