/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LSL_NSFILE_IDENTIFY_H
#define LSL_NSFILE_IDENTIFY_H

#include "nsfile.h"

/* Identifies the namespace NSFD of nsfile_open. 0 or a negative errno. */
int nsfile_identify(int nsfd, struct nsfile_id *id);

#endif
