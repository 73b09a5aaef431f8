/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unit tests. Each is a function named for the promise it keeps:
 *
 *	TEST(test_conf__long_line)
 *	{
 *		CHECK(...);
 *	}
 *
 * A check that fails says where and why, and the test goes on. The tests run in
 * their order in the file. One line is printed for each, "PASS: name", "FAIL:
 * name" or "SKIP: name: reason", and at the end "ok N tests" or how many have
 * failed; the exit status is 0 or 1.
 */
#ifndef LSL_UNIT_H
#define LSL_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct unit_test {
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

/* A constructor adds each test to the list, so that it stands in one place. */
#define TEST(function)                                                      \
	static void function(void);                                         \
	__attribute__((constructor)) static void add_##function(void)       \
	{                                                                   \
		static struct unit_test test = {#function, function, NULL}; \
                                                                            \
		unit_add(&test);                                            \
	}                                                                   \
	static void function(void)

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
	struct unit_test *first, **end;
	size_t failed_checks;
	const char *skipped;
};

struct unit_state *unit_state(void);

void unit_add(struct unit_test *test);

bool unit_check(bool holds, const char *what, const char *file, int line);

/* NULL equals NULL. */
bool unit_check_str(const char *a, const char *b, const char *what, const char *file, int line);

bool unit_check_int(long long a, long long b, const char *what, const char *file, int line);

/*
 * Runs all tests, and returns main's exit status. main.c calls it, or the
 * test's own main.
 */
int unit_run(void);

#endif
