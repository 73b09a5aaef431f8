/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "etc/accounts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "etc/people.h"
#include "unit.h"

static const char host_passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
				  "daemon:x:1:1::/:/usr/sbin/nologin\n"
				  "alice:x:1000:1000:Alice:/home/alice:/bin/bash\n"
				  "bob:x:1001:100::/home/bob:/bin/sh\n"
				  "nobody:x:65534:65534::/:/usr/sbin/nologin\n";
static const char host_group[] = "root:x:0:alice\n"
				 "wheel:x:10:alice,daemon\n"
				 "audio:x:63:bob\n"
				 "users:x:100:\n"
				 "mail:x:12:daemon\n"
				 "alice:x:1000:\n"
				 "crew:x:1100:alice,bob\n";
static const char host_shadow[] = "root:$6$root:1:0:99999:7:::\n"
				  "alice:$6$alice:1:0:99999:7:::\n"
				  "bob:$6$bob:1:0:99999:7:::\n";

static void add_text(struct lines *lines, const char *text)
{
	CHECK_INT(lines_split(text, strlen(text), lines), 0);
}

/* Clears SOURCE. */
static struct people people_of(struct people_source *source)
{
	struct people people;

	CHECK_INT(people_read(source, &people), 0);
	people_source_clear(source);
	return people;
}

static struct people read_people(bool with_hashes)
{
	struct people_source source = {.has_shadow = true, .with_hashes = with_hashes};

	add_text(&source.of[ACCOUNT_PASSWD], host_passwd);
	add_text(&source.of[ACCOUNT_GROUP], host_group);
	add_text(&source.of[ACCOUNT_SHADOW], host_shadow);
	add_text(&source.of[ACCOUNT_SUBUID],
		 "alice:100000:65536\nalice:300000:10\ndaemon:1:2\n1001:200000:65536\n");
	return people_of(&source);
}

/*
 * OWN, a file of the container, becomes MERGED with the people, and OWN again
 * after they are taken out.
 */
static void check_merge(const struct people *people, enum account_file file, const char *own,
			const char *merged)
{
	struct account_change change = {.added = {.line = NULL}};
	struct lines lines = {.line = NULL};
	char *text;

	add_text(&lines, own);
	CHECK_INT(accounts_put_in(&lines, file, people, NULL, &change), 0);
	text = lines_join(&lines);
	CHECK_STR(text, merged);
	free(text);
	CHECK_INT(accounts_take_out(&lines, &change), 0);
	text = lines_join(&lines);
	CHECK_STR(text, own);
	free(text);
	lines_clear(&lines);
	account_change_clear(&change);
}

TEST(test_people__system_users_and_root_stay_at_home)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_PASSWD, "root:x:0:0::/root:/bin/sh\n",
		    "root:x:0:0::/root:/bin/sh\n"
		    "alice:x:1000:1000:Alice:/home/alice:/bin/bash\n"
		    "bob:x:1001:100::/home/bob:/bin/sh\n");
	people_clear(&people);
}

TEST(test_people__groups_come_with_their_people_alone)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_GROUP, "root:x:0:\n",
		    "root:x:0:\nwheel:x:10:alice\naudio:x:63:bob\nusers:x:100:\nalice:x:1000:\n"
		    "crew:x:1100:alice,bob\n");
	people_clear(&people);
}

TEST(test_people__hashes_only_where_they_are_asked_for)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_SHADOW, "root:*:1::::::\n",
		    "root:*:1::::::\nalice:*:::::::\nbob:*:::::::\n");
	people_clear(&people);
	people = read_people(true);
	check_merge(&people, ACCOUNT_SHADOW, "root:*:1::::::\n",
		    "root:*:1::::::\nalice:$6$alice:1:0:99999:7:::\nbob:$6$bob:1:0:99999:7:::\n");
	people_clear(&people);
}

TEST(test_people__without_shadow_passwd_refers_to_none)
{
	struct people_source source = {.has_shadow = false};
	struct people people;

	add_text(&source.of[ACCOUNT_PASSWD], "a:hash:1000:1::/:/bin/sh\n");
	people = people_of(&source);
	check_merge(&people, ACCOUNT_PASSWD, "", "a:*:1000:1::/:/bin/sh\n");
	people_clear(&people);
}

TEST(test_people__limits_are_those_of_login_defs)
{
	struct people_source source = {.has_shadow = true};
	struct people people;

	add_text(&source.of[ACCOUNT_PASSWD], "a:x:500:1::/:/bin/sh\nb:x:1000:1::/:/bin/sh\n");
	add_text(&source.login_defs, "# UID_MIN 1\nUID_MIN\t\t 500\nUID_MAX 999\n");
	people = people_of(&source);
	check_merge(&people, ACCOUNT_PASSWD, "", "a:x:500:1::/:/bin/sh\n");
	people_clear(&people);
}

TEST(test_people__lines_of_no_form_are_left_out)
{
	struct people_source source = {.has_shadow = true};
	struct people people;

	add_text(&source.of[ACCOUNT_PASSWD],
		 "+::::::\n-x:::::::\n+@net:x:1000:1::/:/bin/sh\n:x:1000:1::/:/bin/sh\n"
		 "few:x:1000:1\nmany:x:1000:1::/:/bin/sh:\nnumber:x:1e3:1::/:/bin/sh\n"
		 "esc:x:1000:1:\033[2J:/:/bin/sh\nroot:x:1000:1::/:/bin/sh\n"
		 "twice:x:1000:1::/:/bin/sh\ntwice:x:1001:1::/:/bin/sh\n"
		 "last:x:1002:1::/:");
	people = people_of(&source);
	check_merge(&people, ACCOUNT_PASSWD, "", "twice:x:1000:1::/:/bin/sh\nlast:x:1002:1::/:\n");
	people_clear(&people);
}

TEST(test_accounts__a_name_that_the_container_has_is_set_aside)
{
	struct people people = read_people(false);

	check_merge(
		&people, ACCOUNT_PASSWD,
		"root:x:0:0::/root:/bin/sh\nalice:x:1005:1005::/:/bin/false\ngit:x:998:998::/:/bin/sh\n",
		"root:x:0:0::/root:/bin/sh\ngit:x:998:998::/:/bin/sh\n"
		"alice:x:1000:1000:Alice:/home/alice:/bin/bash\nbob:x:1001:100::/home/bob:/bin/sh\n");
	people_clear(&people);
}

TEST(test_accounts__a_system_group_of_the_container_stays)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_GROUP,
		    "audio:x:29:\nusers:x:100:\ncrew:x:999:\nalice:x:1007:\n",
		    "audio:x:29:\nusers:x:100:\ncrew:x:999:\nwheel:x:10:alice\nalice:x:1000:\n");
	people_clear(&people);
}

TEST(test_accounts__the_host_comes_first_at_an_equal_number)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_GROUP, "utmp:x:63:\nuucp:x:10:\n+:::\n",
		    "audio:x:63:bob\nutmp:x:63:\nwheel:x:10:alice\nuucp:x:10:\nusers:x:100:\n"
		    "alice:x:1000:\ncrew:x:1100:alice,bob\n+:::\n");
	check_merge(&people, ACCOUNT_PASSWD, "debian:x:1000:1000::/:/bin/sh\n",
		    "alice:x:1000:1000:Alice:/home/alice:/bin/bash\ndebian:x:1000:1000::/:/bin/sh\n"
		    "bob:x:1001:100::/home/bob:/bin/sh\n");
	people_clear(&people);
}

TEST(test_accounts__a_last_line_without_newline_stays_the_last)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_SHADOW,
		    "root:*:1::::::", "alice:*:::::::\nbob:*:::::::\nroot:*:1::::::");
	check_merge(&people, ACCOUNT_SHADOW, "bob:!:1::::::", "bob:*:::::::\nalice:*:::::::");
	people_clear(&people);
}

TEST(test_accounts__ranges_of_a_name_stand_together)
{
	struct people people = read_people(false);

	check_merge(&people, ACCOUNT_SUBUID, "x:1:1\nalice:5:5\ny:2:2\n",
		    "x:1:1\ny:2:2\nalice:100000:65536\nalice:300000:10\n1001:200000:65536\n");
	people_clear(&people);
}

TEST(test_accounts__only_names_that_are_meant)
{
	struct people people = read_people(false);
	struct account_change change = {.added = {.line = NULL}};
	struct lines lines = {.line = NULL}, only = {.line = NULL};
	char *text;

	lines_add(&only, "crew:0");
	CHECK_INT(accounts_put_in(&lines, ACCOUNT_GSHADOW, &people, &only, &change), 0);
	text = lines_join(&lines);
	CHECK_STR(text, "crew:!::alice,bob\n");
	free(text);
	account_change_clear(&change);
	lines_clear(&only);
	lines_clear(&lines);
	people_clear(&people);
}

/* The names of CHANGE that are changed in LINES. */
static void check_changed(const struct lines *lines, const struct account_change *change,
			  const char *expected)
{
	struct lines names = {.line = NULL};
	char *text;

	CHECK_INT(accounts_find_changed(lines, change, &names), 0);
	text = lines_join(&names);
	CHECK_STR(text, expected);
	free(text);
	lines_clear(&names);
}

TEST(test_accounts__what_was_changed_inside_is_known)
{
	struct people people = read_people(false);
	struct account_change change = {.added = {.line = NULL}};
	struct lines lines = {.line = NULL};
	char *text;

	CHECK_INT(accounts_put_in(&lines, ACCOUNT_PASSWD, &people, NULL, &change), 0);
	check_changed(&lines, &change, "");
	/*
	 * An account that a tool inside adds, one of the people that it
	 * changes, and one that it deletes.
	 */
	lines_clear(&lines);
	add_text(&lines, "new:x:1002:1002::/:/bin/sh\n"
			 "alice:x:1000:1000:Alice:/home/alice:/bin/zsh\n");
	check_changed(&lines, &change, "alice\n");
	CHECK_INT(accounts_take_out(&lines, &change), 0);
	text = lines_join(&lines);
	CHECK_STR(text, "new:x:1002:1002::/:/bin/sh\n");
	free(text);
	account_change_clear(&change);
	lines_clear(&lines);
	people_clear(&people);
}

/*
 * Random files. Names and numbers are few, so that they collide.
 */

static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % limit;
}

/* Appends a line of FILE to TEXT. */
static void random_line(enum account_file file, char *text)
{
	static const char *const names[] = {"a",   "b",     "ab",    "alice", "wheel",
					    "sys", "audio", "a.b-c", "users"};
	static const unsigned int numbers[] = {1, 10, 63, 100, 500, 999, 1000, 1001, 1002, 60000};
	const char *name = names[random_below(9)];
	unsigned int number = numbers[random_below(10)];
	size_t len;

	/* The container's own file has a name once, as ours must have. */
	for (len = strlen(text); strstr(text, name) && random_below(3);)
		name = names[random_below(9)];
	text += len;
	if (file == ACCOUNT_PASSWD)
		sprintf(text, "%s:x:%u:%u::/home/%s:/bin/sh\n", name, number,
			numbers[random_below(10)], name);
	else
		sprintf(text, "%s:x:%u:%s%s\n", name, number, names[random_below(9)],
			random_below(2) ? ",alice" : "");
}

static bool has_name(const struct lines *lines, const char *line)
{
	size_t i, len = strcspn(line, ":") + 1;

	for (i = 0; i < lines->count; i++)
		if (strncmp(lines->line[i], line, len) == 0)
			return true;
	return false;
}

static struct lines random_lines(enum account_file file)
{
	struct lines lines = {.line = NULL};
	uint32_t count = random_below(7);
	char text[256];

	while (count--) {
		*text = '\0';
		random_line(file, text);
		text[strlen(text) - 1] = '\0';
		if (!has_name(&lines, text))
			lines_add(&lines, text);
	}
	if (random_below(5) == 0)
		lines_add(&lines, file == ACCOUNT_PASSWD ? "+::::::" : "+:::");
	lines.is_open = lines.count && random_below(4) == 0;
	return lines;
}

static void check_names_once(const struct lines *lines)
{
	size_t i, j, len;

	for (i = 0; i < lines->count; i++) {
		len = strcspn(lines->line[i], ":") + 1;
		for (j = 0; j < i; j++)
			CHECK(strncmp(lines->line[i], lines->line[j], len) != 0);
	}
}

static bool has_text(const struct lines *lines, const char *text)
{
	size_t i;

	for (i = 0; i < lines->count; i++)
		if (strcmp(lines->line[i], text) == 0)
			return true;
	return false;
}

static bool stands_aside(const struct account_change *change, const char *line)
{
	size_t i;

	for (i = 0; i < change->aside.count; i++)
		if (strcmp(account_line_aside(change->aside.line[i]), line) == 0)
			return true;
	return false;
}

/*
 * A line of OWN is unchanged in LINES, or its name is one of those that are set
 * aside.
 */
static void check_own_lines(const struct lines *lines, const struct lines *own,
			    const struct account_change *change)
{
	size_t i;

	for (i = 0; i < own->count; i++)
		CHECK(has_text(lines, own->line[i]) || stands_aside(change, own->line[i]));
}

static bool is_number(const char *line, unsigned int number)
{
	unsigned int found;

	return sscanf(line, "%*[^:]:%*[^:]:%u", &found) == 1 && found == number;
}

/* The first line with the number of a host's line is a host's line. */
static void check_host_first(const struct lines *lines, const struct account_change *change)
{
	unsigned int number;
	size_t i, j;

	for (i = 0; i < lines->count; i++) {
		if (!account_change_has(change, lines->line[i]) ||
		    sscanf(lines->line[i], "%*[^:]:%*[^:]:%u", &number) != 1)
			continue;
		for (j = 0; !is_number(lines->line[j], number);)
			j++;
		CHECK(account_change_has(change, lines->line[j]));
	}
}

static void check_random_merge(uint32_t seed)
{
	struct account_change change = {.added = {.line = NULL}};
	struct people_source source = {.has_shadow = true};
	struct people people;
	enum account_file file = seed % 2 ? ACCOUNT_PASSWD : ACCOUNT_GROUP;
	struct lines lines = {.line = NULL}, own;
	char *before, *after;

	random_state = seed;
	source.of[ACCOUNT_PASSWD] = random_lines(ACCOUNT_PASSWD);
	source.of[ACCOUNT_GROUP] = random_lines(ACCOUNT_GROUP);
	people = people_of(&source);
	own = random_lines(file);
	before = lines_join(&own);
	add_text(&lines, before);

	CHECK_INT(accounts_put_in(&lines, file, &people, NULL, &change), 0);
	check_names_once(&lines);
	check_own_lines(&lines, &own, &change);
	check_host_first(&lines, &change);
	CHECK_INT(accounts_take_out(&lines, &change), 0);
	after = lines_join(&lines);
	CHECK_STR(after, before);
	if (unit_state()->failed_checks)
		printf("seed %u\n", (unsigned int)seed);
	free(before);
	free(after);
	lines_clear(&lines);
	lines_clear(&own);
	account_change_clear(&change);
	people_clear(&people);
}

TEST(test_accounts__random_files_come_back_as_they_were)
{
	uint32_t seed;

	for (seed = 0; seed < 20000 && !unit_state()->failed_checks; seed++)
		check_random_merge(seed);
}

/* Returns the processor time that "count" lines and as many names take. */
static clock_t time_of_taking_out(int count)
{
	struct account_change change = {.added = {.line = NULL}};
	struct lines lines = {.line = NULL}, names = {.line = NULL};
	clock_t began = clock(), took;
	int i;

	for (i = 0; i < count; i++) {
		lines_print(&lines, "u%d:x:%d:%d::/:/bin/sh", i, i, i);
		lines_print(&change.added, "z%d:0", i);
		lines_print(&change.aside, "%s%d:z%d:x:%d", i ? "z" : "u", i ? i - 1 : count - 1, i,
			    i);
	}
	accountlines_sort(&change.added);
	CHECK_INT(accounts_take_out(&lines, &change), 0);
	CHECK_INT(accounts_find_changed(&lines, &change, &names), 0);
	CHECK_INT((long long)names.count, count);
	CHECK_INT((long long)lines.count, 2LL * count);
	took = clock() - began;
	account_change_clear(&change);
	lines_clear(&lines);
	lines_clear(&names);
	return took;
}

/*
 * A root filesystem may come from anywhere. If each name were searched in each
 * line, eight times as many would take 64 times as long. The fastest of three
 * counts: a slow machine, and valgrind, change both sides alike.
 */
TEST(test_accounts__time_grows_with_the_lines_alone)
{
	clock_t few = 0, many = 0, took;
	int i;

	for (i = 0; i < 3; i++) {
		took = time_of_taking_out(5000);
		few = !i || took < few ? took : few;
		took = time_of_taking_out(40000);
		many = !i || took < many ? took : many;
	}
	CHECK(many < 32 * few);
}
