/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sudo replaces PATH by its secure_path, which can be set but not extended. For
 * root, "sudo -V" prints the value in force.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monotonic.h"
#include "pathnames.h"
#include "files/pathtext.h"

static const char main_file[] = "/etc/sudoers";
static const char directory[] = "/etc/sudoers.d";

/* sudo may have to ask a directory service for its rules. */
#define PATIENCE_MS 5000

static _Noreturn void run_sudo(int output)
{
	static const char *const argv[] = {"sudo", "-V", NULL};
	static const char *const env[] = {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
	    dup2(output, STDOUT_FILENO) >= 0)
		execvpe(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
	_exit(127);
}

/* Reads FD to its end. NULL if that takes too long, or without memory. */
static char *read_output(int fd)
{
	long deadline = monotonic_ms() + PATIENCE_MS, left;
	struct pollfd from = {.fd = fd, .events = POLLIN};
	size_t size = 64UL * 1024, len = 0;
	char *text = malloc(size);
	ssize_t n = -1;

	while (text && (left = deadline - monotonic_ms()) > 0) {
		if (poll(&from, 1, (int)left) <= 0)
			continue;
		n = read(fd, text + len, size - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (!text || n != 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/*
 * Returns the output of "sudo -V", which the caller frees; NULL: there is none.
 */
static char *ask_sudo(void)
{
	int output[2], wstatus = -1;
	char *text = NULL;
	pid_t pid;

	if (pipe2(output, O_CLOEXEC) < 0)
		return NULL;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		run_sudo(output[1]);
	close(output[1]);
	if (pid > 0)
		text = read_output(output[0]);
	close(output[0]);
	if (pid > 0 && !text)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			break;
	if (!text || !WIFEXITED(wstatus) || WEXITSTATUS(wstatus) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

void check_ask_sudo(struct check *check)
{
	static const char before[] = "\nValue to override user's $PATH with: ";
	char *text = geteuid() == 0 ? ask_sudo() : NULL;
	char *value = text ? strstr(text, before) : NULL;

	check->has_sudo_answered = text;
	if (value) {
		value += strlen(before);
		value[strcspn(value, "\n")] = '\0';
		check->secure_path = strdup(value);
		check->diags.has_failed = check->diags.has_failed || !check->secure_path;
	}
	free(text);
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
