/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/people.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"

/* As many fields as the widest of the files has: shadow(5). */
#define FIELDS_MAX 9

static const struct {
	const char *path;
	size_t fields;
} files[ACCOUNT_FILES] = {
	[ACCOUNT_PASSWD] = {"/etc/passwd", 7}, [ACCOUNT_GROUP] = {"/etc/group", 4},
	[ACCOUNT_SHADOW] = {"/etc/shadow", 9}, [ACCOUNT_GSHADOW] = {"/etc/gshadow", 4},
	[ACCOUNT_SUBUID] = {"/etc/subuid", 3}, [ACCOUNT_SUBGID] = {"/etc/subgid", 3},
};

const char *account_file_path(enum account_file file)
{
	return files[file].path;
}

int account_file_of(const char *path)
{
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++)
		if (strcmp(files[file].path, path) == 0)
			return file;
	return -1;
}

/* A line split into fields. */
struct fields {
	char *copy; /* the text of the fields */
	char *field[FIELDS_MAX];
};

static bool has_control(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return true;
	return false;
}

/*
 * Splits a line in the form of FILE. 1; 0: it is malformed or has no name; or
 * -ENOMEM.
 */
static int split_fields(enum account_file file, const char *line, struct fields *fields)
{
	size_t count;
	char *rest, *field;

	if (has_control(line) || strchr("+-#:", line[0]))
		return 0;
	rest = fields->copy = strdup(line);
	if (!rest)
		return -ENOMEM;
	for (count = 0; count < FIELDS_MAX; count++)
		fields->field[count] = rest + strlen(rest);
	count = 0;
	while ((field = strsep(&rest, ":"))) {
		if (count == files[file].fields)
			break;
		fields->field[count++] = field;
	}
	if (count == files[file].fields && !field)
		return 1;
	free(fields->copy);
	return 0;
}

/* An id in decimal. (id_t)-1 means "no change" to chown(2) and is nobody's. */
static bool take_id(const char *text, id_t *id)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end || errno || value >= UINT32_MAX)
		return false;
	*id = (id_t)value;
	return true;
}

/* The value of KEY in login.defs, or DEFAULT_VALUE. */
static id_t read_login_def(const struct lines *defs, const char *key, id_t default_value)
{
	char name[32], value[32], more[2];
	id_t id = default_value;
	size_t i;

	for (i = 0; i < defs->count; i++)
		if (sscanf(defs->line[i], "%31s %31s %1s", name, value, more) == 2 &&
		    strcmp(name, key) == 0)
			take_id(value, &id);
	return id;
}

static int add_account_entry(struct account_entries *entries, const struct account_entry *entry)
{
	struct account_entry *all, *last;

	all = reallocarray(entries->entry, entries->count + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	entries->entry = all;
	last = &all[entries->count];
	*last = *entry;
	last->name = strdup(entry->name);
	last->line = entry->line ? strdup(entry->line) : NULL;
	entries->count++;
	return last->name && last->line ? 0 : -ENOMEM;
}

/* The same, but takes over LINE, which was allocated, or is NULL. */
static int add_made_entry(struct account_entries *entries, struct account_entry *entry, int printed)
{
	int status;

	if (printed < 0)
		return -ENOMEM;
	status = add_account_entry(entries, entry);
	free(entry->line);
	return status;
}

static const struct account_entry *find_entry(const struct account_entries *entries,
					      const char *name)
{
	size_t i;

	for (i = 0; i < entries->count; i++)
		if (strcmp(entries->entry[i].name, name) == 0)
			return &entries->entry[i];
	return NULL;
}

/*
 * The password field refers to another file, because every user can read a hash
 * in passwd(5).
 */
static int add_person(struct people *people, const struct fields *fields, id_t uid)
{
	struct account_entry entry = {.name = fields->field[0], .has_number = true, .number = uid};
	char *const *f = fields->field;
	int printed = asprintf(&entry.line, "%s:%s:%s:%s:%s:%s:%s", f[0], people->password, f[2],
			       f[3], f[4], f[5], f[6]);

	return add_made_entry(&people->of[ACCOUNT_PASSWD], &entry, printed);
}

/* Whether UID is in LIST, decimal numbers with ';' between them. */
static bool is_listed(const char *list, id_t uid)
{
	for (; list && *list; list += strcspn(list, ";"), list += *list == ';')
		if (strtoull(list, NULL, 10) == uid)
			return true;
	return false;
}

static int take_passwd_line(struct people *people, const char *line)
{
	struct fields fields;
	id_t uid, gid;
	int status = split_fields(ACCOUNT_PASSWD, line, &fields);

	if (status <= 0)
		return status;
	status = 0;
	if (take_id(fields.field[2], &uid) && take_id(fields.field[3], &gid) && uid != 0 &&
	    uid >= people->uid_min && (uid <= people->uid_max || is_listed(people->extra, uid)) &&
	    strcmp(fields.field[0], "root") != 0 &&
	    !find_entry(&people->of[ACCOUNT_PASSWD], fields.field[0]))
		status = add_person(people, &fields, uid);
	free(fields.copy);
	return status;
}

/*
 * Whether GID is the primary group of one of the people: the fourth field of a
 * line made by add_person.
 */
static bool is_primary_group(const struct people *people, id_t gid)
{
	const struct account_entries *persons = &people->of[ACCOUNT_PASSWD];
	unsigned int uid, primary;
	const char *rest;
	size_t i;

	for (i = 0; i < persons->count; i++) {
		rest = persons->entry[i].line + strlen(persons->entry[i].name);
		if (sscanf(rest, ":%*c:%u:%u:", &uid, &primary) == 2 && primary == gid)
			return true;
	}
	return false;
}

/* Removes all but people from the comma-separated MEMBERS, in place. */
static void keep_people(const struct people *people, char *members)
{
	char *member, *rest = members, *to = members;
	size_t len;

	while ((member = strsep(&rest, ","))) {
		if (!*member || !find_entry(&people->of[ACCOUNT_PASSWD], member))
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

static int add_group(struct people *people, const char *name, id_t gid, const char *members)
{
	struct account_entry entry = {
		.name = (char *)(uintptr_t)name,
		.has_number = true,
		.number = gid,
		.is_system = gid < people->gid_min,
	};
	int status = add_made_entry(&people->of[ACCOUNT_GROUP], &entry,
				    asprintf(&entry.line, "%s:x:%u:%s", name, (unsigned int)gid,
					     members));

	if (status < 0)
		return status;
	entry.has_number = false;
	return add_made_entry(&people->of[ACCOUNT_GSHADOW], &entry,
			      asprintf(&entry.line, "%s:!::%s", name, members));
}

static int take_group_line(struct people *people, const char *line)
{
	struct fields fields;
	id_t gid;
	int status = split_fields(ACCOUNT_GROUP, line, &fields);

	if (status <= 0)
		return status;
	status = 0;
	keep_people(people, fields.field[3]);
	if (take_id(fields.field[2], &gid) && gid != 0 &&
	    (*fields.field[3] || is_primary_group(people, gid)) &&
	    !find_entry(&people->of[ACCOUNT_GROUP], fields.field[0]))
		status = add_group(people, fields.field[0], gid, fields.field[3]);
	free(fields.copy);
	return status;
}

static int take_shadow_line(struct people *people, const char *line)
{
	struct account_entry entry = {.line = (char *)(uintptr_t)line};
	struct fields fields;
	int status = split_fields(ACCOUNT_SHADOW, line, &fields);

	if (status <= 0)
		return status;
	status = 0;
	entry.name = fields.field[0];
	if (find_entry(&people->of[ACCOUNT_PASSWD], entry.name) &&
	    !find_entry(&people->of[ACCOUNT_SHADOW], entry.name))
		status = add_account_entry(&people->of[ACCOUNT_SHADOW], &entry);
	free(fields.copy);
	return status;
}

/*
 * Without a line in shadow PAM refuses a person everything, sudo with NOPASSWD
 * as well.
 */
static int add_missing_shadow(struct people *people)
{
	const struct account_entries *persons = &people->of[ACCOUNT_PASSWD];
	struct account_entry entry = {.name = NULL};
	int status = 0;
	size_t i;

	for (i = 0; i < persons->count && status == 0; i++) {
		entry.name = persons->entry[i].name;
		if (!find_entry(&people->of[ACCOUNT_SHADOW], entry.name))
			status = add_made_entry(&people->of[ACCOUNT_SHADOW], &entry,
						asprintf(&entry.line, "%s:*:::::::", entry.name));
	}
	return status;
}

/* A range is given to a name or to a uid, subuid(5). */
static const struct account_entry *owner_of_range(const struct people *people, const char *owner)
{
	const struct account_entries *persons = &people->of[ACCOUNT_PASSWD];
	const struct account_entry *person = find_entry(persons, owner);
	id_t uid;
	size_t i;

	if (person || !take_id(owner, &uid))
		return person;
	for (i = 0; i < persons->count; i++)
		if (persons->entry[i].number == uid)
			return &persons->entry[i];
	return NULL;
}

static int take_range_line(struct people *people, enum account_file file, const char *line)
{
	struct account_entry entry = {.line = (char *)(uintptr_t)line};
	struct fields fields;
	int status = split_fields(file, line, &fields);

	if (status <= 0)
		return status;
	entry.name = fields.field[0];
	status = owner_of_range(people, entry.name) ? add_account_entry(&people->of[file], &entry)
						    : 0;
	free(fields.copy);
	return status;
}

static int take_subuid_line(struct people *people, const char *line)
{
	return take_range_line(people, ACCOUNT_SUBUID, line);
}

static int take_subgid_line(struct people *people, const char *line)
{
	return take_range_line(people, ACCOUNT_SUBGID, line);
}

static int take_file(struct people *people, const char *text,
		     int (*take)(struct people *people, const char *line))
{
	struct lines lines;
	size_t i;
	int status;

	if (!text)
		return 0;
	status = lines_split(text, strlen(text), &lines);
	for (i = 0; i < lines.count && status == 0; i++)
		status = take(people, lines.line[i]);
	lines_clear(&lines);
	return status;
}

static int read_limits(struct people *people, const char *login_defs)
{
	struct lines defs = {.line = NULL};
	int status = login_defs ? lines_split(login_defs, strlen(login_defs), &defs) : 0;

	people->uid_min = read_login_def(&defs, "UID_MIN", 1000);
	people->uid_max = read_login_def(&defs, "UID_MAX", 60000);
	people->gid_min = read_login_def(&defs, "GID_MIN", 1000);
	lines_clear(&defs);
	return status;
}

int people_read(const struct people_source *source, struct people *people)
{
	/*
	 * People first: from the other files only lines about people are taken.
	 */
	static const struct {
		enum account_file file;
		int (*take)(struct people *people, const char *line);
	} steps[] = {
		{ACCOUNT_PASSWD, take_passwd_line}, {ACCOUNT_GROUP, take_group_line},
		{ACCOUNT_SHADOW, take_shadow_line}, {ACCOUNT_SUBUID, take_subuid_line},
		{ACCOUNT_SUBGID, take_subgid_line},
	};
	int status;
	size_t i;

	memset(people, 0, sizeof(*people));
	people->extra = source->extra;
	people->password = source->has_shadow ? "x" : "*";
	status = read_limits(people, source->login_defs);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]) && status == 0; i++)
		if (steps[i].file != ACCOUNT_SHADOW || source->with_hashes)
			status = take_file(people, source->text[steps[i].file], steps[i].take);
	if (status == 0)
		status = add_missing_shadow(people);
	if (status < 0)
		people_clear(people);
	return status;
}

void people_clear(struct people *people)
{
	struct account_entries *entries;
	size_t i;
	int file;

	for (file = 0; file < ACCOUNT_FILES; file++) {
		entries = &people->of[file];
		for (i = 0; i < entries->count; i++) {
			free(entries->entry[i].name);
			free(entries->entry[i].line);
		}
		free(entries->entry);
	}
	memset(people, 0, sizeof(*people));
}
