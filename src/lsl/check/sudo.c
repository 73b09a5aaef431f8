/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sudo replaces PATH by its secure_path, which can be set but not extended. For
 * root, "sudo -V" prints the value in force.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/forked.h"
#include "base/wholeio.h"
#include "pathnames.h"
#include "files/pathtext.h"

static const char main_file[] = "/etc/sudoers";
static const char directory[] = "/etc/sudoers.d";

/* sudo may have to ask a directory service for its rules. */
#define PATIENCE_S 5

/* "sudo -V" prints a tenth of that. */
#define OUTPUT_MAX (64L * 1024)

static void run_sudo(int output, pid_t parent, void *arg)
{
	static const char *const argv[] = {"sudo", "-V", NULL};
	static const char *const env[] = {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)parent;
	(void)arg;
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
	    dup2(output, STDOUT_FILENO) >= 0)
		execvpe(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
	_exit(127);
}

/* Reads the output of "sudo -V" into TEXT. Returns whether there is one. */
static bool ask_sudo(char text[OUTPUT_MAX])
{
	static const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct forked sudo;
	ssize_t len;

	if (forked_start(&sudo, SOCK_STREAM, run_sudo, NULL) < 0)
		return false;
	/* After that time without output, read(2) fails. */
	(void)setsockopt(sudo.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	len = wholeio_read(sudo.socket, text, OUTPUT_MAX - 1);
	if (len < 0)
		kill(sudo.pid, SIGKILL);
	text[len < 0 ? 0 : len] = '\0';
	return forked_end(&sudo) == 0;
}

void check_ask_sudo(struct check *check)
{
	static const char before[] = "\nValue to override user's $PATH with: ";
	static char text[OUTPUT_MAX];
	char *value;

	check->has_sudo_answered = geteuid() == 0 && ask_sudo(text);
	value = check->has_sudo_answered ? strstr(text, before) : NULL;
	if (!value)
		return;
	value += strlen(before);
	value[strcspn(value, "\n")] = '\0';
	check->secure_path = strdup(value);
	check->diags.has_failed = check->diags.has_failed || !check->secure_path;
}

/* The exact line, and the command that adds it. */
static void say_missing(struct check *check, const struct diag_place *place)
{
	struct stat st;

	diag_add(&check->diags, SEVERITY_WARNING, place,
		 "sudo does not find commands: its secure_path lacks %s. With visudo%s",
		 PATH_LINKSDIR,
		 stat(directory, &st) == 0 ? " -f /etc/sudoers.d/lsl, write this line"
					   : ", write this line instead of it");
	diag_line(&check->diags, "Defaults secure_path=\"%s%s%s\"", check->secure_path,
		  *check->secure_path ? ":" : "", PATH_LINKSDIR);
}

void check_sudo(struct check *check)
{
	struct diag_place place = {.check = "sudo", .file = main_file};

	if (access(main_file, F_OK) < 0 && errno == ENOENT)
		return;
	if (!check->has_sudo_answered)
		diag_add(&check->diags, SEVERITY_UNKNOWN, &place,
			 "whether sudo finds commands is not known: %s",
			 geteuid() == 0 ? "\"sudo -V\" does not say"
					: "only root can ask it (sudo lsl check)");
	else if (!check->secure_path)
		diag_add(&check->diags, SEVERITY_OK, &place, "sudo searches the caller's PATH");
	else if (path_list_has(check->secure_path, PATH_LINKSDIR))
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "sudo finds commands: %s is in its secure_path", PATH_LINKSDIR);
	else
		say_missing(check, &place);
}
