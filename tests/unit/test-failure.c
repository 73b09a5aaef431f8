/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "failure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

TEST(test_failure_set__says_the_sentence_and_the_reason)
{
	struct failure failure;

	CHECK_INT(failure_set(&failure, ENOENT, "cannot open %s, line %d", "/etc/x", 7), -ENOENT);
	CHECK_STR(failure.text, "cannot open /etc/x, line 7: No such file or directory");
}

TEST(test_failure_set__takes_an_errno_of_either_sign)
{
	struct failure positive, negative;

	CHECK_INT(failure_set(&positive, EPERM, "no"), -EPERM);
	CHECK_INT(failure_set(&negative, -EPERM, "no"), -EPERM);
	CHECK_STR(positive.text, "no: Operation not permitted");
	CHECK_STR(negative.text, positive.text);
}

TEST(test_failure_set__takes_any_sentence)
{
	struct failure failure;

	CHECK_INT(failure_set(&failure, ENOENT, "%s", ""), -ENOENT);
	CHECK_STR(failure.text, ": No such file or directory");
	CHECK_INT(failure_set(&failure, ENOENT, "%s", "100% of %s"), -ENOENT);
	CHECK_STR(failure.text, "100% of %s: No such file or directory");
}

TEST(test_failure_say__says_the_sentence_alone)
{
	struct failure failure;

	CHECK_INT(failure_say(&failure, ENOENT, "100%% of %s", "it"), -ENOENT);
	CHECK_STR(failure.text, "100% of it");
	CHECK_INT(failure_say(&failure, -ENOENT, "%d lines", 3), -ENOENT);
	CHECK_STR(failure.text, "3 lines");
}

TEST(test_failure_set__replaces_what_was_said_before)
{
	struct failure failure;

	memset(&failure, 'x', sizeof(failure));
	failure_set(&failure, ENOENT, "the first, which is the longer one");
	failure_say(&failure, ENOENT, "the second");
	CHECK_STR(failure.text, "the second");
	failure_set(&failure, ENOENT, "3");
	CHECK_STR(failure.text, "3: No such file or directory");
	failure_say(&failure, ENOENT, "%s", "");
	CHECK_STR(failure.text, "");
}

/*
 * LEN bytes of sentence: the text has its beginning, and as much of the reason
 * as fits.
 */
static void check_cut(size_t len)
{
	struct failure *failure = malloc(sizeof(*failure));
	char sentence[1024], whole[1100];
	size_t most = sizeof(failure->text) - 1;

	if (!CHECK(failure))
		abort();
	memset(sentence, 's', len);
	sentence[len] = '\0';
	snprintf(whole, sizeof(whole), "%s: No such file or directory", sentence);
	whole[most] = '\0';
	CHECK_INT(failure_set(failure, ENOENT, "%s", sentence), -ENOENT);
	CHECK_STR(failure->text, whole);
	sentence[len > most ? most : len] = '\0';
	CHECK_INT(failure_say(failure, ENOENT, "%s", sentence), -ENOENT);
	CHECK_STR(failure->text, sentence);
	free(failure);
}

TEST(test_failure_set__cuts_text_that_does_not_fit)
{
	for (size_t len = 470; len < 520; len++)
		check_cut(len);
	check_cut(1023);
}
