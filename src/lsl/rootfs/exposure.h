/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a root filesystem would make users root. Uid 0 in a container is uid
 * 0 of the host, and the setuid programs of a container have that uid. lsl
 * start refuses such a container unless the key allow of its section permits
 * it.
 */
#ifndef LSL_EXPOSURE_H
#define LSL_EXPOSURE_H

#include "conf/container.h"
#include "base/diag.h"

/*
 * The time, in milliseconds, that callers give it, in another process: files
 * and links of the root filesystem decide how long it takes.
 */
#define EXPOSURE_MS 10000

/*
 * Adds findings to DIAGS, for PLACE, if users other than root can change
 * CONTAINER's root filesystem, the directories that lead to it, or its
 * directories of programs, libraries and configuration; or if root has no
 * password in it and it has a setuid su or sudo. SEVERITY_ERROR: lsl start
 * refuses it, and the finding has the line that allows it and a remedy.
 * SEVERITY_OK: the configuration allows it. SEVERITY_UNKNOWN: the password
 * cannot be seen without privilege.
 *
 * Adds nothing if the root filesystem cannot be opened.
 */
void exposure_find(const struct container *container, const struct diag_place *place,
		   struct diags *diags);

#endif
