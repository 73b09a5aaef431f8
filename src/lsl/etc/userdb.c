/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "etc/userdb.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/debug.h"
#include "etc/accountline.h"
#include "inheritance.h"
#include "record.h"
#include "base/wholeio.h"

/* A user and group id that no user and no process has. */
#define STRANGER 2147483645U

/* The limit for a database in the network, in seconds. */
#define PATIENCE_S 5

#define GROUPS_MAX 1024

/* The header of a question and an answer: SIZE bytes follow. */
struct frame {
	int32_t status;
	uint32_t size;
};

/*
 * The process itself.
 */

/* Whether TEXT can be a field of passwd(5) or group(5). */
static bool is_field(const char *text)
{
	for (; text && *text; text++)
		if (*text == ':' || iscntrl((unsigned char)*text))
			return false;
	return true;
}

static bool is_sound(const struct passwd *person)
{
	return is_field(person->pw_name) && is_field(person->pw_gecos) &&
	       is_field(person->pw_dir) && is_field(person->pw_shell);
}

static void print_person(FILE *file, const struct passwd *person)
{
	fprintf(file, "%s:x:%lu:%lu:%s:%s:%s\n", person->pw_name, (unsigned long)person->pw_uid,
		(unsigned long)person->pw_gid, person->pw_gecos ? person->pw_gecos : "",
		person->pw_dir ? person->pw_dir : "/", person->pw_shell ? person->pw_shell : "");
}

/*
 * Adds NAME as a member of GID to GROUPS, lines "GID:MEMBERS", each gid once.
 * If NAME is NULL, adds only the group.
 */
static void note_member(struct lines *groups, gid_t gid, const char *name)
{
	char id[16], *line, *longer;
	size_t at;

	snprintf(id, sizeof(id), "%lu:", (unsigned long)gid);
	at = accountlines_find(groups, id);
	if (at == groups->count && lines_add(groups, id) < 0)
		_exit(1);
	if (!name)
		return;
	line = groups->line[at];
	if (asprintf(&longer, "%s%s%s", line, line[strlen(line) - 1] == ':' ? "" : ",", name) < 0)
		_exit(1);
	free(line);
	groups->line[at] = longer;
}

static void note_groups(struct lines *groups, const struct passwd *person)
{
	static gid_t gids[GROUPS_MAX];
	int i, count = GROUPS_MAX;

	if (getgrouplist(person->pw_name, person->pw_gid, gids, &count) < 0)
		count = count < GROUPS_MAX ? count : GROUPS_MAX;
	note_member(groups, person->pw_gid, NULL);
	for (i = 0; i < count; i++)
		if (gids[i] != person->pw_gid)
			note_member(groups, gids[i], person->pw_name);
}

static void print_groups(FILE *file, const struct lines *groups)
{
	const struct group *group;
	size_t i;

	for (i = 0; i < groups->count; i++) {
		group = getgrgid((gid_t)strtoul(groups->line[i], NULL, 10));
		if (group && is_field(group->gr_name))
			fprintf(file, "%s:x:%lu%s\n", group->gr_name, (unsigned long)group->gr_gid,
				strchr(groups->line[i], ':'));
	}
}

/* Lines of passwd(5), a NUL, and lines of group(5). */
static void print_all(FILE *file, const char *uids)
{
	struct lines groups = {.line = NULL};
	const struct passwd *person;

	for (; *uids; uids += strcspn(uids, ";") + (strchr(uids, ';') ? 1 : 0)) {
		person = getpwuid((uid_t)strtoul(uids, NULL, 10));
		if (!person || !is_sound(person))
			continue;
		print_person(file, person);
		note_groups(&groups, person);
	}
	fputc('\0', file);
	print_groups(file, &groups);
	fputc('\0', file);
}

/*
 * A child process answers each question: its end frees what the modules have
 * allocated, and one that hangs is killed.
 */
static _Noreturn void answer_question(int fd, const char *uids)
{
	struct frame frame = {.status = 0};
	char *text = NULL;
	size_t size = 0;
	sigset_t alarms;
	FILE *file;

	/* The caller of lsl may have blocked it. */
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	if (signal(SIGALRM, SIG_DFL) == SIG_ERR || sigprocmask(SIG_UNBLOCK, &alarms, NULL) < 0)
		_exit(1);
	alarm(PATIENCE_S);
	file = open_memstream(&text, &size);
	if (!file)
		_exit(1);
	print_all(file, uids);
	if (fclose(file) != 0 || size > USERDB_TEXT_MAX)
		_exit(1);
	frame.size = (uint32_t)size;
	_exit(wholeio_send(fd, &frame, sizeof(frame)) < 0 || wholeio_send(fd, text, size) < 0);
}

static int serve_question(int fd, const char *uids)
{
	struct frame failed = {.status = -EIO};
	int wstatus;
	pid_t pid = fork();

	if (pid == 0)
		answer_question(fd, uids);
	if (pid < 0)
		return wholeio_send(fd, &failed, sizeof(failed));
	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) == 0)
		return 0;
	if (WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGALRM)
		failed.status = -ETIMEDOUT;
	return wholeio_send(fd, &failed, sizeof(failed));
}

static int receive_question(int fd)
{
	char uids[RECORD_SIZE_MAX];
	struct frame frame;
	int status = wholeio_receive(fd, &frame, sizeof(frame));

	if (status == 0 && frame.size >= sizeof(uids))
		status = -EINVAL;
	if (status == 0)
		status = wholeio_receive(fd, uids, frame.size);
	if (status < 0)
		return status;
	uids[frame.size] = '\0';
	return serve_question(fd, uids);
}

/*
 * Drops all privilege: the capabilities go with the ids, and no program can
 * regain them.
 */
static int drop_all_privilege(void)
{
	if (setgroups(0, NULL) < 0 || setresgid(STRANGER, STRANGER, STRANGER) < 0 ||
	    setresuid(STRANGER, STRANGER, STRANGER) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || chdir("/") < 0)
		return -errno;
	return 0;
}

static void run_userdb(int fd, pid_t parent, void *arg)
{
	(void)arg;
	/* Other processes wait for end of file on descriptors of lsl. */
	inheritance_close_but(fd);
	inheritance_detach();
	if (drop_all_privilege() < 0 || forked_die_with(parent) < 0)
		_exit(1);
	while (receive_question(fd) == 0)
		;
}

/*
 * lsl's side.
 */

int userdb_start(struct userdb *userdb)
{
	int status = forked_start(&userdb->process, SOCK_STREAM, run_userdb, NULL);

	if (status < 0)
		userdb->process.pid = 0;
	return status;
}

/* TEXT is SIZE bytes: two strings. Takes it over. */
static int take_apart(char *text, size_t size, struct userdb_answer *answer)
{
	size_t passwd = strnlen(text, size);

	if (passwd + 2 > size || text[size - 1] || strlen(text + passwd + 1) + passwd + 2 != size) {
		free(text);
		return -EINVAL;
	}
	*answer = (struct userdb_answer){text, text + passwd + 1};
	return 0;
}

int userdb_ask(const struct userdb *userdb, const char *uids, struct userdb_answer *answer)
{
	struct frame frame = {.size = (uint32_t)strlen(uids)};
	char *text = NULL;
	int status = userdb->process.pid
			     ? wholeio_send(userdb->process.socket, &frame, sizeof(frame))
			     : -EPIPE;

	*answer = (struct userdb_answer){NULL, NULL};
	if (status == 0)
		status = wholeio_send(userdb->process.socket, uids, frame.size);
	if (status == 0)
		status = wholeio_receive(userdb->process.socket, &frame, sizeof(frame));
	if (status == 0)
		status = frame.status;
	if (status == 0 && (frame.size < 2 || frame.size > USERDB_TEXT_MAX))
		status = -EINVAL;
	if (status == 0) {
		text = malloc(frame.size);
		status = text ? wholeio_receive(userdb->process.socket, text, frame.size) : -ENOMEM;
	}
	if (status == 0)
		status = take_apart(text, frame.size, answer);
	else
		free(text);
	debug("people=%s: status %d", uids, status);
	return status;
}

void userdb_end(struct userdb *userdb)
{
	if (userdb->process.pid)
		forked_end(&userdb->process);
}
