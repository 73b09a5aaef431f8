/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The open directories: the number that the kernel knows one by <-> what we
 * know of it. Numbers are unique over all lives of the daemon, because the
 * kernel goes on using those of an earlier one (server.h).
 */
#ifndef LSL_HANDLES_H
#define LSL_HANDLES_H

#include <stdint.h>

#include "dircache.h"

struct handles;

struct handles *handles_new(void);

/* A new handle, all zero but its id. NULL without memory. */
struct dirhandle *handles_add(struct handles *handles);

/* The one with number ID; NULL if it is not ours. */
struct dirhandle *handles_find(struct handles *handles, uint64_t id);

/* One for an ID of an earlier life. NULL without memory. */
struct dirhandle *handles_adopt(struct handles *handles, uint64_t id);

/* Forgets and frees HANDLE. */
void handles_remove(struct handles *handles, struct dirhandle *handle);

#endif
