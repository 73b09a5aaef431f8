/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the host mounts later has to appear in the containers. It does when the
 * host's mounts are shared, mount_namespaces(7): systemd makes them so at
 * boot, others leave them private. lsl start makes shared what is not, notes
 * in MNTDIR what that was, and the last lsl stop makes it as it was.
 */
#ifndef LSL_PROPAGATION_H
#define LSL_PROPAGATION_H

/*
 * Makes every mount of the calling process's namespace shared, except what
 * belongs to lsl and what is unbindable. MNTDIR is open and locked. A negative
 * errno.
 */
int propagation_begin(int rundir);

/* Undoes it for mounts that are still there, and forgets about it. */
int propagation_end(int rundir);

#endif
