/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FNV-1a, 64 bits: recognises a text that lsl wrote itself. It is no defence
 * against an attacker, and need not be: only root can write where the texts
 * are.
 */
#ifndef LSL_HASH_H
#define LSL_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN 0xcbf29ce484222325U

/* Continues HASH, which begins with HASH_BEGIN, with the LEN bytes of BYTES. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3U;
	return hash;
}

#endif
