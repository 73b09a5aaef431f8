/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the package manager of a root filesystem says of a file in it.
 */
#ifndef LSL_PACKAGES_H
#define LSL_PACKAGES_H

#include <stdbool.h>

/*
 * Whether a package that is installed in ROOT, an fd, owns the file PATH,
 * absolute, as a file of settings. Asks the databases of dpkg, apk and pacman.
 * False where there is none of them.
 */
bool packages_own(int root, const char *path);

#endif
