/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Later mounts of the host have to appear in the containers. They do if the
 * host's mounts are shared, mount_namespaces(7): systemd makes them shared at
 * boot, others leave them private. lsl start makes the other mounts shared and
 * lists them in MNTDIR, and the last lsl stop restores them.
 */
#ifndef LSL_PROPAGATION_H
#define LSL_PROPAGATION_H

/*
 * Makes every mount of the calling process's namespace shared, except mounts of
 * lsl and unbindable ones. MNTDIR is open and locked. Returns 0 or a negative
 * errno.
 */
int propagation_begin(int rundir);

/* Undoes this for mounts that still exist, and removes the list. */
int propagation_end(int rundir);

#endif
