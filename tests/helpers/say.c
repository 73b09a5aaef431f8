/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints where it runs and its arguments, in one line: "debian <say> <first
 * argument>". The tests compile it statically, and install it in containers
 * under the names of the programs for which it stands.
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	const char *container = getenv("LSL_CONTAINER");
	int i;

	printf("%s", container ? container : "host");
	for (i = 0; i < argc; i++)
		printf(" <%s>", argv[i]);
	printf("\n");
	return 0;
}
