/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "generation.h"

#include <stdatomic.h>

static atomic_uint_least64_t now = 1;

uint64_t generation_now(void)
{
	return atomic_load(&now);
}

uint64_t generation_next(void)
{
	return atomic_fetch_add(&now, 1) + 1;
}
