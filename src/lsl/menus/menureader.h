/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that adds the programs of one container to the host's menus: it
 * reads the container's desktop entries and icons, writes its part of the tree
 * (menutree.h), and waits for changes. A container that hangs blocks only this
 * process.
 */
#ifndef LSL_MENUREADER_H
#define LSL_MENUREADER_H

#include "record.h"

/*
 * Does that for the container NAME, whose root directory is ROOT, until it is
 * killed. TREE is the tree, which the process owns.
 */
_Noreturn void menureader_run(const char *name, int root, struct record_list bins, int tree);

#endif
