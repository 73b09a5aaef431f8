/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "explain.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "container.h"
#include "pathnames.h"
#include "spelling.h"
#include "syscalls.h"

#define LINE_MAX_LEN 2048

struct line {
	char text[LINE_MAX_LEN];
	size_t len;
};

static void line_add(struct line *line, const char *s)
{
	/* Room for the newline stays. */
	for (; *s && line->len < sizeof(line->text) - 1; s++)
		line->text[line->len++] = (unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s;
}

static void line_write(struct line *line, const char *first, va_list args)
{
	const char *s;
	ssize_t n;

	for (s = first; s; s = va_arg(args, const char *))
		line_add(line, s);
	line->text[line->len++] = '\n';
	/* Where stderr cannot be written there is nobody to tell. */
	n = write(STDERR_FILENO, line->text, line->len);
	(void)n;
}

void explain(const char *first, ...)
{
	struct line line = {.len = 0};
	va_list args;

	line_add(&line, "lslExecutor: ");
	va_start(args, first);
	line_write(&line, first, args);
	va_end(args);
}

void explain_plain(const char *first, ...)
{
	struct line line = {.len = 0};
	va_list args;

	va_start(args, first);
	line_write(&line, first, args);
	va_end(args);
}

/* Whether the file at PATH begins with all of TEXT. */
static bool begins_with(const char *path, const char *text, size_t len)
{
	char head[64];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;
	n = read(fd, head, sizeof(head));
	close(fd);
	return n >= (ssize_t)len && memcmp(head, text, len) == 0;
}

/* proc(5): the initial user namespace maps everything to itself. */
static bool is_in_user_namespace(void)
{
	static const char initial[] = "         0          0 4294967295";

	return access("/proc/self/uid_map", F_OK) == 0 &&
	       !begins_with("/proc/self/uid_map", initial, sizeof(initial) - 1);
}

void explain_no_privilege(const char *container)
{
	static const char own[] = "/proc/self/exe";
	struct statvfs fs;
	struct stat st;
	const char *why;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		why = "no_new_privs is set (in a sandbox, or a unit with NoNewPrivileges=yes?)";
	else if (is_in_user_namespace())
		why = "this is another user namespace (a rootless container or a sandbox), commands work outside of it";
	else if (statvfs(own, &fs) == 0 && (fs.f_flag & ST_NOSUID))
		why = PATH_EXECUTOR
			" is on a file system that is mounted nosuid (install it elsewhere, or remount with suid)";
	else if (stat(own, &st) == 0 && (st.st_uid != 0 || !(st.st_mode & S_ISUID)))
		why = PATH_EXECUTOR
			" has no privilege (sudo chown root:root and chmod 4755 " PATH_EXECUTOR ")";
	else
		why = "its capabilities are CAP_SYS_ADMIN and CAP_SYS_CHROOT, and something took them (in a container, or a debugger?)";
	explain("no privilege to enter ", container, ": ", why, NULL);
}

/* A look through the sections of the configuration for one name. */
struct sections {
	const char *wanted;
	bool is_there;
	char nearest[CONTAINER_NAME_MAX + 1];
	size_t distance;

	char name[CONTAINER_NAME_MAX + 1]; /* of the section that is being read */
	size_t len;
	enum {
		LINE_BEGINS,
		IN_NAME,
		IN_LINE
	} state;
};

static void sections_take_name(struct sections *sections)
{
	size_t distance;

	sections->name[sections->len] = '\0';
	if (!container_name_valid(sections->name, sections->len))
		return;
	distance = spelling_distance(sections->name, sections->wanted);
	if (distance == 0 && strcmp(sections->name, sections->wanted) == 0)
		sections->is_there = true;
	if (distance < sections->distance) {
		sections->distance = distance;
		memcpy(sections->nearest, sections->name, sections->len + 1);
	}
}

static void sections_take(struct sections *sections, char c)
{
	if (c == '\n') {
		sections->state = LINE_BEGINS;
	} else if (sections->state == LINE_BEGINS && c == '[') {
		sections->state = IN_NAME;
		sections->len = 0;
	} else if (sections->state == IN_NAME && c == ']') {
		sections_take_name(sections);
		sections->state = IN_LINE;
	} else if (sections->state == IN_NAME && sections->len < CONTAINER_NAME_MAX) {
		sections->name[sections->len++] = c;
	} else if (c != ' ' && c != '\t') {
		sections->state = IN_LINE;
	}
}

/* False if the caller may not read the configuration. */
static bool sections_read(struct sections *sections)
{
	char text[4096];
	ssize_t n, i;
	int fd = open(PATH_CONFIG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;
	while ((n = read(fd, text, sizeof(text))) > 0)
		for (i = 0; i < n; i++)
			sections_take(sections, text[i]);
	close(fd);
	return n == 0;
}

static void explain_not_there(const char *container)
{
	struct sections sections = {.wanted = container, .distance = SPELLING_MAX};

	if (!sections_read(&sections) || sections.is_there)
		explain(container, " is not started (sudo lsl start ", container, ")", NULL);
	else if (spelling_is_near(sections.distance))
		explain("there is no container ", container, " in " PATH_CONFIG " (did you mean ",
			sections.nearest, "?)", NULL);
	else
		explain("there is no container ", container, " in " PATH_CONFIG, NULL);
}

void explain_not_started(const char *container, int status)
{
	switch (status) {
	case -ENOENT:
		explain_not_there(container);
		break;
	case -ENOTTY:
		explain(container, " cannot be entered from this mount namespace",
			" (inside a container, or in a sandboxed service?)", NULL);
		break;
	case -EINVAL:
	case -EFBIG:
		explain("the record of ", container,
			" in " PATH_MNTDIR
			" is damaged or of another version of lsl (sudo lsl restart ",
			container, ")", NULL);
		break;
	case -EPERM:
		if (is_in_user_namespace()) {
			explain_no_privilege(container);
			break;
		}
		/* fall through */
	case -ELOOP:
		explain(PATH_MNTDIR ", or a directory that leads to it, is not root's alone",
			" (sudo chown root:root, chmod go-w)", NULL);
		break;
	default:
		explain("cannot enter ", container, ": ", strerror(-status), NULL);
	}
}

/* Adds NAME, a started container, to LIST if it has PROGRAM. */
static void add_if_offered(struct line *list, int linksdir, const char *name, const char *program)
{
	char path[CONTAINER_NAME_MAX + 1 + NAME_MAX + 1];
	struct stat st;

	if (!container_name_valid(name, strlen(name)))
		return;
	strcpy(path, name);
	strcat(path, "/");
	strcat(path, program);
	if (fstatat(linksdir, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	line_add(list, list->len ? ", " : "");
	line_add(list, name);
	line_add(list, ":");
	line_add(list, program);
}

/* Not by readdir(3), which brings malloc(3) along. */
static void add_offers(struct line *offers, int linksdir, const char *program)
{
	alignas(struct lsl_dirent) char entries[4096];
	const struct lsl_dirent *entry;
	long n, at;
	int fd = openat(linksdir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	while ((n = sys_getdents64(fd, entries, sizeof(entries))) > 0) {
		for (at = 0; at < n; at += entry->length) {
			entry = (const struct lsl_dirent *)(entries + at);
			add_if_offered(offers, linksdir, entry->name, program);
		}
	}
	close(fd);
}

void explain_no_program(const char *container, const char *program, int linksdir)
{
	struct line offers = {.len = 0};

	if (linksdir >= 0)
		add_offers(&offers, linksdir, program);
	offers.text[offers.len] = '\0';
	if (offers.len)
		explain(container, " has no program ", program, " (there is ", offers.text, ")",
			NULL);
	else
		explain(container, " has no program ", program, NULL);
}

void explain_exec(const char *container, const char *path, int err)
{
	static const char elf[] = "\177ELF";
	const char *why = strerror(err);

	if (err == ENOENT && begins_with(path, "#!", 2))
		why = "the interpreter in its first line (#!) is not in the container";
	else if (err == ENOENT)
		why = "its dynamic loader is not in the container";
	else if (err == ENOEXEC && begins_with(path, elf, sizeof(elf) - 1))
		why = "it is for another architecture (set interpreter in " PATH_CONFIG ")";
	explain("cannot execute ", path, " in ", container, ": ", why, NULL);
}
