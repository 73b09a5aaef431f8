/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * askers PREFIX COUNT UID...: for each UID, COUNT threads look up PREFIX-UID-N,
 * as that user and all at the same time. Prints "asking" when they have begun,
 * and stays until it is killed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *prefix;
static unsigned long count;

static void *ask(void *arg)
{
	unsigned long id = (unsigned long)(uintptr_t)arg, uid = id / count;
	char path[PATH_MAX];
	struct stat st;

	/* The system call, which is about this thread alone. */
	syscall(SYS_setfsuid, (uid_t)uid);
	snprintf(path, sizeof(path), "%s-%lu-%lu", prefix, uid, id % count);
	(void)!lstat(path, &st);
	return NULL;
}

int main(int argc, char *argv[])
{
	unsigned long uid, i;
	pthread_attr_t attr;
	pthread_t thread;
	int arg;

	if (argc < 4)
		errx(2, "usage: askers PREFIX COUNT UID...");
	prefix = argv[1];
	count = strtoul(argv[2], NULL, 10);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64L * 1024);
	for (arg = 3; argv[arg]; arg++) {
		uid = strtoul(argv[arg], NULL, 10);
		for (i = 0; i < count; i++)
			if (pthread_create(&thread, &attr, ask,
					   (void *)(uintptr_t)(uid * count + i)))
				errx(1, "no more threads");
	}
	puts("asking");
	fflush(stdout);
	for (;;)
		pause();
}
