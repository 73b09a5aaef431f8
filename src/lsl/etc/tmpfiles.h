/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directories in a container's own /run. At boot tmpfiles.d(5) makes them;
 * in a container nothing boots, so lsl makes them.
 */
#ifndef LSL_TMPFILES_H
#define LSL_TMPFILES_H

/*
 * Makes in the directory RUN the directory lock, and the directories below /run
 * that lines of the types d and D in the root filesystem ROOT name, with their
 * mode, and owner and group by ROOT's account files. ROOT and RUN are fds.
 * Existing files stay unchanged. It makes nothing outside of RUN's own mount,
 * also by a symbolic link. Lines that it does not understand, and lines with an
 * unknown user, have no effect. Returns 0 or a negative errno.
 */
int tmpfiles_make(int root, int run);

#endif
