/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The attributes that probe.c reads and shape.c sets, by the kernel's numbers,
 * because the static C library may come without the kernel's headers.
 */
#ifndef LSL_PROBE_H
#define LSL_PROBE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>

/* A file with a record lock. */
#define PROBE_LOCK_FD 9

/* linux/sched/types.h: struct sched_attr */
struct probe_sched {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

/* In the order of their numbers, asm-generic/resource.h. */
static const char *const probe_limits[] = {"cpu",    "fsize",      "data",     "stack",   "core",
					   "rss",    "nproc",      "nofile",   "memlock", "as",
					   "locks",  "sigpending", "msgqueue", "nice",    "rtprio",
					   "rttime", NULL};

/* /proc/self/status has them as CapPrm and so on. */
static const char *const probe_caps[] = {"Prm capabilities", "Eff capabilities", "Inh capabilities",
					 "Bnd capabilities", "Amb capabilities", NULL};

static inline long probe_prctl_int(int option)
{
	int value = 0;

	return prctl(option, (unsigned long)&value, 0, 0, 0) < 0 ? -1 : value;
}

/* FNV-1a, 64 bits. */
#define PROBE_SUM UINT64_C(14695981039346656037)

static inline uint64_t probe_sum(uint64_t sum, const unsigned char *bytes, size_t count)
{
	while (count-- > 0)
		sum = (sum ^ *bytes++) * UINT64_C(1099511628211);
	return sum;
}

#endif
