/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With whose rights a thread looks at files: its file system ids, credentials(7).
 * The daemon looks at containers as nobody would, so that it lists what every
 * user may see, and at its own files as root. A new thread looks as the one that made it.
 */
#ifndef LSL_EYES_H
#define LSL_EYES_H

/*
 * For the process, while it has all its privileges: drops the supplementary
 * groups, makes nobody's ids ones that can be changed to later without privilege,
 * and looks as nobody. A negative errno.
 */
int eyes_prepare(void);

/* For the calling thread. These cannot fail after eyes_prepare. */
void eyes_of_root(void);
void eyes_of_nobody(void);

#endif
