/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unit tests. Each is a function named for the promise it keeps:
 *
 *	static void test_conf__long_line(void)
 *	{
 *		CHECK(...);
 *	}
 *
 *	int main(void)
 *	{
 *		static const struct unit_test tests[] = {
 *			TEST(test_conf__long_line),
 *		};
 *
 *		return unit_run(tests, sizeof(tests) / sizeof(tests[0]));
 *	}
 *
 * A check that fails says where and why, and the test goes on. One line is
 * printed for each test, "PASS: name", "FAIL: name" or "SKIP: name: reason",
 * and at the end "ok N tests" or how many have failed; the exit status is 0 or
 * 1.
 */
#ifndef LSL_UNIT_H
#define LSL_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit_test {
	const char *name;
	void (*run)(void);
};

#define TEST(function)                             \
	{                                          \
		.name = #function, .run = function \
	}

/*
 * Each is true when the check held, so that a test can end where going on makes
 * no sense.
 */
#define CHECK(condition) unit_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_STR(a, b) unit_check_str((a), (b), #a, __FILE__, __LINE__)
#define CHECK_INT(a, b) unit_check_int((a), (b), #a, __FILE__, __LINE__)

/* Says that the running test cannot be done here; to be followed by return. */
#define SKIP(reason) ((void)(unit_state()->skipped = (reason)))

struct unit_state {
	size_t failed_checks;
	const char *skipped;
};

static inline struct unit_state *unit_state(void)
{
	static struct unit_state state;

	return &state;
}

static inline bool unit_check(bool holds, const char *what, const char *file, int line)
{
	if (!holds) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s\n", file, line, what);
	}
	return holds;
}

/* NULL equals NULL. */
static inline bool unit_check_str(const char *a, const char *b, const char *what, const char *file,
				  int line)
{
	bool holds = a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;

	if (!holds) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s is \"%s\", should be \"%s\"\n", file, line, what,
		       a != NULL ? a : "(NULL)", b != NULL ? b : "(NULL)");
	}
	return holds;
}

static inline bool unit_check_int(long long a, long long b, const char *what, const char *file,
				  int line)
{
	if (a != b) {
		unit_state()->failed_checks++;
		printf("%s:%d: %s is %lld, should be %lld\n", file, line, what, a, b);
	}
	return a == b;
}

static inline int unit_run(const struct unit_test *tests, size_t count)
{
	size_t failed_tests = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < count; i++) {
		memset(unit_state(), 0, sizeof(*unit_state()));
		tests[i].run();
		if (unit_state()->failed_checks > 0)
			failed_tests++;
		if (unit_state()->failed_checks > 0)
			printf("FAIL: %s\n", tests[i].name);
		else if (unit_state()->skipped != NULL)
			printf("SKIP: %s: %s\n", tests[i].name, unit_state()->skipped);
		else
			printf("PASS: %s\n", tests[i].name);
	}
	if (failed_tests > 0) {
		printf("%zu of %zu tests failed\n", failed_tests, count);
		return 1;
	}
	printf("ok %zu tests\n", count);
	return 0;
}

#endif
