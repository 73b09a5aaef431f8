/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/people.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of KEY in login.defs, or DEFAULT_VALUE. */
static id_t read_login_def(const struct lines *defs, const char *key, id_t default_value)
{
	char name[32], value[32], more[2];
	id_t id = default_value;
	size_t i;

	for (i = 0; i < defs->count; i++)
		if (sscanf(defs->line[i], "%31s %31s %1s", name, value, more) == 2 &&
		    strcmp(name, key) == 0)
			accountline_id(value, &id);
	return id;
}

/* Whether NAME already has a line in FILE. */
static bool has_line_of(const struct people *people, enum account_file file, const char *name)
{
	return accountlines_find(&people->of[file], name) < people->of[file].count;
}

/* Whether UID is in LIST, decimal numbers with ';' between them. */
static bool is_extra_person(const char *list, id_t uid)
{
	for (; list && *list; list += strcspn(list, ";"), list += *list == ';')
		if (strtoull(list, NULL, 10) == uid)
			return true;
	return false;
}

/*
 * The password field refers to another file, because every user can read a hash
 * in passwd(5).
 */
static int take_passwd_line(struct people *people, enum account_file file, const char *line,
			    char *const *field)
{
	id_t uid, gid;

	(void)line;
	if (!accountline_id(field[2], &uid) || !accountline_id(field[3], &gid) || uid == 0 ||
	    uid < people->uid_min ||
	    (uid > people->uid_max && !is_extra_person(people->extra, uid)) ||
	    strcmp(field[0], "root") == 0 || has_line_of(people, file, field[0]))
		return 0;
	return lines_print(&people->of[file], "%s:%s:%s:%s:%s:%s:%s", field[0], people->password,
			   field[2], field[3], field[4], field[5], field[6]);
}

/*
 * Whether GID is the primary group of one of the people: the fourth field of a
 * line made by take_passwd_line.
 */
static bool is_primary_group(const struct people *people, id_t gid)
{
	const struct lines *persons = &people->of[ACCOUNT_PASSWD];
	unsigned int uid, primary;
	size_t i;

	for (i = 0; i < persons->count; i++)
		if (sscanf(strchr(persons->line[i], ':'), ":%*c:%u:%u:", &uid, &primary) == 2 &&
		    primary == gid)
			return true;
	return false;
}

/* Removes all but people from the comma-separated MEMBERS, in place. */
static void keep_people(const struct people *people, char *members)
{
	char *member, *rest = members, *to = members;
	size_t len;

	while ((member = strsep(&rest, ","))) {
		if (!*member || !has_line_of(people, ACCOUNT_PASSWD, member))
			continue;
		if (to != members)
			*to++ = ',';
		len = strlen(member);
		memmove(to, member, len);
		to += len;
	}
	/* a field is never NULL. */
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	*to = '\0';
}

static int take_group_line(struct people *people, enum account_file file, const char *line,
			   char *const *field)
{
	id_t gid;
	int status;

	(void)line;
	keep_people(people, field[3]);
	if (!accountline_id(field[2], &gid) || gid == 0 ||
	    (!*field[3] && !is_primary_group(people, gid)) || has_line_of(people, file, field[0]))
		return 0;
	status =
		lines_print(&people->of[file], "%s:x:%u:%s", field[0], (unsigned int)gid, field[3]);
	return status < 0
		       ? status
		       : lines_print(&people->of[ACCOUNT_GSHADOW], "%s:!::%s", field[0], field[3]);
}

static int take_shadow_line(struct people *people, enum account_file file, const char *line,
			    char *const *field)
{
	return has_line_of(people, ACCOUNT_PASSWD, field[0]) && !has_line_of(people, file, field[0])
		       ? lines_add(&people->of[file], line)
		       : 0;
}

/*
 * Without a line in shadow PAM refuses a person everything, sudo with NOPASSWD
 * as well.
 */
static int add_missing_shadow(struct people *people)
{
	const struct lines *persons = &people->of[ACCOUNT_PASSWD];
	int status = 0;
	size_t i;

	for (i = 0; i < persons->count && status == 0; i++)
		if (!has_line_of(people, ACCOUNT_SHADOW, persons->line[i]))
			status = lines_print(&people->of[ACCOUNT_SHADOW],
					     "%.*s:*:::::::", (int)strcspn(persons->line[i], ":"),
					     persons->line[i]);
	return status;
}

/* A range is given to a name or to a uid, subuid(5). */
static int take_range_line(struct people *people, enum account_file file, const char *line,
			   char *const *field)
{
	const struct lines *persons = &people->of[ACCOUNT_PASSWD];
	bool is_persons = has_line_of(people, ACCOUNT_PASSWD, field[0]);
	id_t uid;
	size_t i;

	if (!is_persons && accountline_id(field[0], &uid))
		for (i = 0; i < persons->count && !is_persons; i++)
			is_persons = accountline_number(persons->line[i]) == (long long)uid;
	return is_persons ? lines_add(&people->of[file], line) : 0;
}

/*
 * Takes the lines of LINES, the host's FILE. TAKE gets a line and its fields.
 */
static int take_lines(struct people *people, enum account_file file, const struct lines *lines,
		      int (*take)(struct people *people, enum account_file file, const char *line,
				  char *const *field))
{
	char *copy, *field[ACCOUNT_FIELDS_MAX];
	int status = 0;
	size_t i;

	for (i = 0; i < lines->count && status == 0; i++) {
		copy = strdup(lines->line[i]);
		if (!copy)
			return -ENOMEM;
		if (accountline_split(file, copy, field))
			status = take(people, file, lines->line[i], field);
		free(copy);
	}
	return status;
}

int people_read(const struct people_source *source, struct people *people)
{
	const struct lines *host = source->of;
	int status;

	*people = (struct people){
		.uid_min = read_login_def(&source->login_defs, "UID_MIN", 1000),
		.uid_max = read_login_def(&source->login_defs, "UID_MAX", 60000),
		.gid_min = read_login_def(&source->login_defs, "GID_MIN", 1000),
		.extra = source->extra,
		.password = source->has_shadow ? "x" : "*",
	};
	/*
	 * People first: from the other files only lines about people are taken.
	 */
	status = take_lines(people, ACCOUNT_PASSWD, &host[ACCOUNT_PASSWD], take_passwd_line);
	if (status == 0)
		status = take_lines(people, ACCOUNT_GROUP, &host[ACCOUNT_GROUP], take_group_line);
	if (status == 0 && source->with_hashes)
		status =
			take_lines(people, ACCOUNT_SHADOW, &host[ACCOUNT_SHADOW], take_shadow_line);
	if (status == 0)
		status = take_lines(people, ACCOUNT_SUBUID, &host[ACCOUNT_SUBUID], take_range_line);
	if (status == 0)
		status = take_lines(people, ACCOUNT_SUBGID, &host[ACCOUNT_SUBGID], take_range_line);
	if (status == 0)
		status = add_missing_shadow(people);
	if (status < 0)
		people_clear(people);
	return status;
}

void people_source_clear(struct people_source *source)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		lines_clear(&source->of[file]);
	lines_clear(&source->login_defs);
}

void people_clear(struct people *people)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		lines_clear(&people->of[file]);
}
