/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A failure as a sentence. Modules describe what went wrong in the user's
 * words, and only the program prints it. Plain data, so that a child can send
 * it through a pipe.
 */
#ifndef LSL_FAILURE_H
#define LSL_FAILURE_H

struct failure {
	char text[512]; /* empty: no failure */
};

/*
 * Fills FAILURE with the sentence, ": " and strerror(ERR), a positive or
 * negative errno other than 0. Returns it negative, so that a function can end
 * with return failure_set(...). Text that does not fit is cut.
 */
int failure_set(struct failure *failure, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, without strerror(ERR). */
int failure_say(struct failure *failure, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
