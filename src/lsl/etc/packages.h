/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The owner of a file by the package manager of its root filesystem. */
#ifndef LSL_PACKAGES_H
#define LSL_PACKAGES_H

#include <stdbool.h>

/*
 * Whether a package that is installed in ROOT, an fd, owns the file PATH,
 * absolute, as a configuration file. Reads the databases of dpkg, apk and
 * pacman. False if there is none of them.
 */
bool packages_own(int root, const char *path);

#endif
