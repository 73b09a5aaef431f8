/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lsl which executes lslExecutor to find a program in a container. So it finds
 * the same file as a command, and it needs no privilege.
 *
 * A child does this. It is forked before lsl gives up its privileges, because
 * the system call filter forbids execve, and with no_new_privs a setuid program
 * would get no privilege.
 */
#include "config.h"

#include "lsl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/forked.h"
#include "foreign/rootfs_arch.h"
#include "base/json.h"
#include "rundir.h"
#include "pathnames.h"
#include "base/wholeio.h"
#include "started/instance.h"
#include "base/table.h"
#include "base/debug.h"

/* lslExecutor's exit statuses that are answers. */
enum {
	STATUS_FOUND = 0,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
};

struct question {
	char container[CONTAINER_NAME_MAX + 1];
};

struct answer {
	int status; /* the executor's; or a negative errno: it did not answer */
	char path[PATH_MAX];
};

static _Noreturn void run_executor(const char *container, const char *program, int output)
{
	const char *const argv[] = {"lslExecutor", "--which", container, program, NULL};

	if (dup2(output, STDOUT_FILENO) >= 0)
		execv(PATH_EXECUTOR, (char *const *)(uintptr_t)argv);
	lsl_say("cannot run %s: %s (is lsl installed completely?)", PATH_EXECUTOR, strerror(errno));
	_exit(1);
}

/* Reads a line from FD, to its end. */
static void read_path(int fd, char path[PATH_MAX])
{
	ssize_t len = wholeio_read(fd, path, PATH_MAX - 1);

	path[len > 0 ? len : 0] = '\0';
	path[strcspn(path, "\n")] = '\0';
}

static void ask_executor(const char *container, const char *program, struct answer *answer)
{
	int output[2], wstatus;
	pid_t pid;

	answer->status = -EIO;
	answer->path[0] = '\0';
	if (pipe2(output, O_CLOEXEC) < 0) {
		answer->status = -errno;
		return;
	}
	pid = fork();
	if (pid == 0)
		run_executor(container, program, output[1]);
	if (pid < 0)
		answer->status = -errno;
	close(output[1]);
	if (pid > 0)
		read_path(output[0], answer->path);
	close(output[0]);
	while (pid > 0 && waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return;
	if (pid > 0 && WIFEXITED(wstatus))
		answer->status = WEXITSTATUS(wstatus);
}

/* In the child. ARG is the program's name. */
static void answer_all(int socket, pid_t parent, void *arg)
{
	struct question question;
	struct answer answer = {.status = -1};

	(void)parent;
	/*
	 * lslExecutor runs nothing if the caller's working directory cannot be
	 * entered.
	 */
	if (chdir("/") < 0)
		_exit(1);
	while (wholeio_receive(socket, &question, sizeof(question)) == 0) {
		ask_executor(question.container, arg, &answer);
		if (wholeio_send(socket, &answer, sizeof(answer)) < 0)
			_exit(1);
	}
}

struct offer {
	char *command;
	char *container;
	char *path;
	char architecture[ELFARCH_NAME_MAX]; /* empty: unknown */
};

struct which {
	const char *program;
	int rundir; /* or a negative errno */
	struct forked asker;
	struct offer *offers;
	size_t count;
	bool has_failed;
};

static struct offer *add_offer(struct which *which, const char *container, const char *path)
{
	struct offer *offers =
		reallocarray(which->offers, which->count + 1, sizeof(*which->offers));
	struct offer *offer;

	if (!offers)
		return NULL;
	which->offers = offers;
	offer = &offers[which->count++];
	*offer = (struct offer){.container = strdup(container), .path = strdup(path)};
	if (asprintf(&offer->command, "%s:%s", container, which->program) < 0)
		offer->command = NULL;
	return offer->command && offer->container && offer->path ? offer : NULL;
}

/*
 * With the caller's rights, which may not suffice to see the whole container
 * from outside.
 */
static void look_at_offer(struct offer *offer, const struct container *container)
{
	struct elfarch arch;

	if (rootfs_arch_of(container, offer->path, &arch) == 0)
		elfarch_name(&arch, offer->architecture);
}

static int take_answer(struct which *which, const struct instance *instance, const char *path)
{
	struct offer *offer = add_offer(which, instance->record.name, path);
	struct container container;

	if (!offer || !instance_container(instance, &container))
		return -ENOMEM;
	look_at_offer(offer, &container);
	container_clear(&container);
	return 0;
}

static int ask_of(struct which *which, const struct instance *instance)
{
	struct question question = {""};
	struct answer answer = {.status = -1};
	int status;

	strcpy(question.container, instance->record.name);
	status = wholeio_send(which->asker.socket, &question, sizeof(question));
	if (status == 0)
		status = wholeio_receive(which->asker.socket, &answer, sizeof(answer));
	if (status < 0)
		return status;
	debug("%s --which %s %s: status %d", PATH_EXECUTOR, question.container, which->program,
	      answer.status);
	if (answer.status == STATUS_FOUND)
		return take_answer(which, instance, answer.path);
	if (answer.status < 0)
		lsl_say("%s: %s does not answer: %s", question.container, PATH_EXECUTOR,
			strerror(-answer.status));
	/* The executor has reported any other failure. */
	if (answer.status != STATUS_NOT_FOUND && answer.status != STATUS_NOT_EXECUTABLE)
		which->has_failed = true;
	return 0;
}

/* Asks about one container. */
static int ask_container(const char *name, void *arg)
{
	static struct instance instance;
	struct which *which = arg;
	int status = 0;

	instance_look(which->rundir, name, &instance);
	if (instance.kind == INSTANCE_STARTED)
		status = ask_of(which, &instance);
	instance_release(&instance);
	return status;
}

static const char *offer_architecture(const struct offer *offer)
{
	return *offer->architecture ? offer->architecture : NULL;
}

static int print_which_text(const struct which *which)
{
	static const struct table_column columns[] = {
		{"COMMAND", false, true},
		{"ARCH", false, false},
		{"PATH", false, true},
	};
	struct terminal terminal = terminal_of(STDOUT_FILENO);
	struct table *table = table_new(columns, sizeof(columns) / sizeof(columns[0]));
	int status;
	size_t i;

	for (i = 0; table && i < which->count; i++) {
		table_add(table, which->offers[i].command, STYLE_PLAIN);
		table_add(table, offer_architecture(&which->offers[i]), STYLE_PLAIN);
		table_add(table, which->offers[i].path, STYLE_PLAIN);
	}
	status = table ? table_print(table, stdout, &terminal) : -ENOMEM;
	table_free(table);
	return status;
}

static void print_which_json(const struct which *which)
{
	struct json json;
	size_t i;

	lsl_begin_json(&json);
	json_string(&json, "program", which->program);
	json_array(&json, "containers");
	for (i = 0; i < which->count; i++) {
		json_object(&json, NULL);
		json_string(&json, "name", which->offers[i].container);
		json_string(&json, "command", which->offers[i].command);
		json_string(&json, "path", which->offers[i].path);
		json_string(&json, "architecture", offer_architecture(&which->offers[i]));
		json_end(&json);
	}
	json_end(&json);
	lsl_end_json(&json);
}

static int print_which(const struct options *options, const struct which *which, int asked)
{
	if (asked == 0 && options->json)
		print_which_json(which);
	else if (asked == 0 && which->count)
		asked = print_which_text(which);
	if (asked < 0) {
		lsl_say("cannot look for %s: %s", which->program, strerror(-asked));
		return LSL_FAILED;
	}
	if (which->count == 0 && !which->has_failed && !options->json)
		lsl_say("no started container has a program %s", which->program);
	return lsl_flush() && which->count && !which->has_failed ? LSL_OK : LSL_FAILED;
}

static void clear_which(struct which *which)
{
	size_t i;

	if (which->rundir >= 0)
		close(which->rundir);
	for (i = 0; i < which->count; i++) {
		free(which->offers[i].command);
		free(which->offers[i].container);
		free(which->offers[i].path);
	}
	free(which->offers);
}

static int ask_and_print(const struct options *options, struct which *which)
{
	int asked = 0, status;

	which->rundir = rundir_open();
	if (which->rundir < 0 && which->rundir != -ENOENT) {
		lsl_say_mntdir(which->rundir);
		return LSL_FAILED;
	}
	if (which->rundir >= 0)
		asked = lsl_visit_started(options, which->rundir, ask_container, which);
	status = print_which(options, which, asked);
	clear_which(which);
	return status;
}

int lsl_which(const struct options *options)
{
	struct which which = {.program = options->names[0]};
	int status = forked_start(&which.asker, SOCK_STREAM, answer_all,
				  (void *)(uintptr_t)which.program);

	if (status < 0) {
		lsl_say("cannot fork: %s", strerror(-status));
		return LSL_FAILED;
	}
	status = lsl_confine(options, NULL, 0) ? ask_and_print(options, &which) : LSL_FAILED;
	forked_end(&which.asker);
	return status;
}
