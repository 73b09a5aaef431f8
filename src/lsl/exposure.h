/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What in a root file system would make users root. Uid 0 in a container is uid
 * 0 of the host, and the setuid programs of a container have that uid. lsl
 * start refuses such a container unless the key allow of its section says that
 * it is meant.
 */
#ifndef LSL_EXPOSURE_H
#define LSL_EXPOSURE_H

#include "container.h"
#include "diag.h"

/*
 * Adds what exposes CONTAINER to FINDINGS, for PLACE: others than root can
 * change its root file system, the directories to it, or those of its
 * directories that programs, libraries and configuration lie in; or root has no
 * password in it and a setuid su or sudo is there. SEVERITY_ERROR: lsl start
 * refuses it, and the finding has the line that allows it and a remedy.
 * SEVERITY_OK: the configuration allows it. SEVERITY_UNKNOWN: the password
 * cannot be seen without privilege.
 *
 * Nothing is added where the root file system cannot be opened.
 */
void exposure_find(const struct container *container, const struct diag_place *place,
		   struct diags *diags);

#endif
