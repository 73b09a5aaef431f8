/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

struct unit_state *unit_state(void)
{
	static struct unit_state state;

	return &state;
}

void unit_add(struct unit_test *test)
{
	struct unit_state *state = unit_state();

	*(state->end ? state->end : &state->first) = test;
	state->end = &test->next;
}

bool unit_check(bool holds, const char *what, const char *file, int line)
{
	if (!holds) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s\n", file, line, what);
	}
	return holds;
}

bool unit_check_str(const char *a, const char *b, const char *what, const char *file, int line)
{
	bool holds = a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;

	if (!holds) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s is \"%s\", should be \"%s\"\n", file, line, what,
		       a != NULL ? a : "(NULL)", b != NULL ? b : "(NULL)");
	}
	return holds;
}

bool unit_check_int(long long a, long long b, const char *what, const char *file, int line)
{
	if (a != b) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s is %lld, should be %lld\n", file, line, what, a, b);
	}
	return a == b;
}

int unit_run(void)
{
	struct unit_state *state = unit_state();
	const struct unit_test *test;
	size_t count = 0, failed_tests = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (test = state->first; test; test = test->next) {
		state->failed_checks = 0;
		state->skipped = NULL;
		test->run();
		count++;
		if (state->failed_checks > 0)
			failed_tests++;
		if (state->failed_checks > 0)
			printf("FAIL: %s\n", test->name);
		else if (state->skipped != NULL)
			printf("SKIP: %s: %s\n", test->name, state->skipped);
		else
			printf("PASS: %s\n", test->name);
	}
	if (failed_tests > 0) {
		printf("%zu of %zu tests failed\n", failed_tests, count);
		return 1;
	}
	printf("ok %zu tests\n", count);
	return 0;
}
