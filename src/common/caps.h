/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capabilities of lsl and mount.lslfs, capabilities(7): what a program does
 * not need it gives up first of all, for good. lslExecutor, which
 * takes the caller's credentials instead, has creds.h.
 */
#ifndef LSL_CAPS_H
#define LSL_CAPS_H

#include <stddef.h>
#include <sys/capability.h>

/*
 * Keeps those of the COUNT capabilities at CAPS that the process has, permitted
 * and effective, and gives up all others: nothing stays inheritable or ambient.
 * The sets are read back afterwards. The bounding set is left alone: it takes
 * nothing from this process, and a daemon started later needs it. A negative
 * errno on failure.
 */
int caps_keep(const cap_value_t *caps, size_t count);

/* Gives up CAP, for the calling thread. A negative errno on failure. */
int caps_drop(cap_value_t cap);

/* Whether CAP is effective. */
int caps_has(cap_value_t cap);

#endif
