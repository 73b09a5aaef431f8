/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FNV-1a with a final mix: the same text has the same hash in every life of
 * the daemon. Not against adversaries: a collision costs nothing but a little order.
 */
#ifndef LSL_HASH_H
#define LSL_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;
	uint64_t hash = seed ^ 0xcbf29ce484222325;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3;
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

static inline uint64_t hash_text(const char *text)
{
	return hash_bytes(0, text, strlen(text));
}

#endif
