/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directories of a /run that a container has for itself. At boot
 * tmpfiles.d(5) makes them; in a container nothing boots, so lsl makes them.
 */
#ifndef LSL_TMPFILES_H
#define LSL_TMPFILES_H

/*
 * Makes /run/lock, and what the root filesystem ROOT names by lines of the
 * types d and D below /run, in the directory RUN: with mode, and owner and
 * group by ROOT's own account files. ROOT and RUN are fds. What is there
 * already stays as it is. Nothing is made outside of RUN's own file system, and
 * no symbolic link is followed. A line that cannot be followed, or that names a
 * user who is not there, does nothing. 0 or a negative errno.
 */
int tmpfiles_make(int root, int run);

#endif
