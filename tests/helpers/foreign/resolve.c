/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resolves each name that it reads, one a line, with getaddrinfo(3), and prints
 * it with its addresses, sorted, or with what is wrong. Each answer is out
 * before the next name is read.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESSES_MAX 512

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_addresses(const struct addrinfo *list)
{
	char *addresses[ADDRESSES_MAX], text[128];
	size_t count = 0, i;

	for (; list && count < ADDRESSES_MAX; list = list->ai_next)
		if (getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text), NULL, 0,
				NI_NUMERICHOST) == 0)
			addresses[count++] = strdup(text);
	qsort(addresses, count, sizeof(*addresses), compare);
	for (i = 0; i < count; i++)
		printf(" %s", addresses[i]);
}

int main(void)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	char name[256];
	int status;

	while (scanf("%255s", name) == 1) {
		printf("%s:", name);
		status = getaddrinfo(name, NULL, &hints, &list);
		if (status == 0) {
			print_addresses(list);
			freeaddrinfo(list);
		} else {
			printf(" (%s)", gai_strerror(status));
		}
		putchar('\n');
		fflush(stdout);
	}
	return 0;
}
