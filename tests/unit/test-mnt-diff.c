/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "mount/mnt_diff.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define BINDS_MAX 8

/* A container whose mnt is written as in a record. */
struct fake {
	struct container container;
	struct bind binds[BINDS_MAX];
	char text[256];
};

static void fake_begin(struct fake *fake, const char *mnt)
{
	char *at = strcpy(fake->text, mnt), *element;

	fake->container = (struct container){.binds = fake->binds};
	while (*mnt && (element = strsep(&at, ";"))) {
		struct bind *bind = &fake->binds[fake->container.bind_count++];

		bind->source = strsep(&element, ":");
		bind->target = element;
	}
}

/* With IN_FORCE mounted and WANTED in the configuration, ADDED can be added. */
static void check_change(const char *in_force, const char *wanted, const char *added,
			 bool needs_restart)
{
	struct mnt_diff change;
	struct fake fake, started;
	char text[256] = "";
	size_t i;

	fake_begin(&fake, wanted);
	fake_begin(&started, in_force);
	CHECK_INT(mnt_diff_find(&started.container, &fake.container, &change), 0);
	for (i = 0; i < change.added_count; i++)
		sprintf(text + strlen(text), "%s%s:%s", i ? ";" : "", change.added[i].source,
			change.added[i].target);
	CHECK_STR(text, added);
	CHECK_INT(change.needs_restart, needs_restart);
	free(change.added);
}

TEST(test_mnt_diff__the_same_is_no_change)
{
	check_change("", "", "", false);
	check_change("/home:/home", "/home:/home", "", false);
	check_change("/home:/home;/a:/b", "/home:/home;/a:/b", "", false);
}

TEST(test_mnt_diff__what_is_new_is_added)
{
	check_change("", "/home:/home;/a:/b", "/home:/home;/a:/b", false);
	check_change("/a:/b", "/home:/home;/a:/b;/c:/c", "/home:/home;/c:/c", false);
	/* A name is not a part of another one. */
	check_change("/homes:/homes", "/homes:/homes;/home:/home", "/home:/home", false);
	check_change("/home:/home", "/home:/home;/homes:/homes", "/homes:/homes", false);
	check_change("/a:/data", "/a:/data;/b:/data/sub", "/b:/data/sub", false);
}

TEST(test_mnt_diff__what_is_gone_or_other_needs_a_restart)
{
	check_change("/home:/home", "", "", true);
	check_change("/home:/home;/a:/b", "/a:/b", "", true);
	check_change("/home:/home", "/other:/home", "", true);
	check_change("/home:/home", "/home:/other", "/home:/other", true);
	check_change("/home:/home", "/a:/b", "/a:/b", true);
}

TEST(test_mnt_diff__nothing_in_use_is_covered)
{
	check_change("/a:/data/sub", "/b:/data;/a:/data/sub", "", true);
	check_change("/a:/data/sub", "/a:/data/sub;/b:/data", "", true);
	/* A restart would cover it: now it would be on top. */
	check_change("/a:/data", "/b:/data/sub;/a:/data", "", true);
	/* The others are still added. */
	check_change("/a:/data/sub", "/b:/data;/a:/data/sub;/c:/c", "/c:/c", true);
}

TEST(test_mnt_diff__order_counts_where_one_covers_the_other)
{
	check_change("/a:/a;/b:/b;/c:/c", "/c:/c;/a:/a;/b:/b", "", false);
	check_change("/a:/data;/b:/data/sub", "/b:/data/sub;/a:/data", "", true);
	check_change("/b:/data/sub;/x:/x;/a:/data", "/a:/data;/x:/x;/b:/data/sub", "", true);
}
