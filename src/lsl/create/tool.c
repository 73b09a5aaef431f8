/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inheritance.h"
#include "monotonic.h"
#include "caps.h"
#include "syscalls_more.h"
#include "base/debug.h"
#include "create/wall.h"

/*
 * The ids of tools without privilege: next to that of mount.lslfs, above
 * systemd(1)'s range for users of foreign images. Each process takes another
 * id, so that none can signal or trace another one.
 */
#define FIRST_ID 2147450880
#define IDS 32000

#define LOOK_MS 200

/*
 * The size of a pipe between two tools: a large one makes them wait less often.
 */
#define PIPE_BYTES (1024 * 1024)

#define MOMENT_MS 1000

/* No row is longer. */
#define ROW_MAX 4

static const char *const directories[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
					  "/usr/bin",        "/sbin",          "/bin"};
#define SEARCH_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* In this order, so that each privilege takes the first ones. */
static const cap_value_t capabilities[] = {CAP_DAC_OVERRIDE, CAP_FOWNER,  CAP_CHOWN,
					   CAP_FSETID,       CAP_SETFCAP, CAP_MKNOD};

static const size_t capability_counts[] = {
	[TOOL_NOTHING] = 0,
	[TOOL_REMOVES] = 2,
	[TOOL_UNPACKS] = 5,
	[TOOL_UNPACKS_LAYERS] = sizeof(capabilities) / sizeof(capabilities[0]),
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

void tool_begin(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction act = {.sa_handler = on_signal};
	size_t i;

	sigemptyset(&act.sa_mask);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &act, NULL);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

bool tool_is_interrupted(void)
{
	return interrupted;
}

void tool_forget_signals(void)
{
	interrupted = 0;
}

static bool find_tool(const char *program, char path[PATH_MAX])
{
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		snprintf(path, PATH_MAX, "%s/%s", directories[i], program);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

bool tool_is_there(const char *program, const char *package, struct failure *failure)
{
	char path[PATH_MAX];

	if (find_tool(program, path))
		return true;
	failure_say(failure, ENOENT, "%s is not installed: install the package %s", program,
		    package ? package : program);
	return false;
}

/*
 * In the child.
 */

/*
 * Prints on stderr, which is read like a tool's messages, why PROGRAM cannot
 * begin.
 */
static _Noreturn void fail_in_child(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(127);
}

/*
 * Duplicates FD to a number above those of tools, so that none replaces
 * another.
 */
static int out_of_the_way(int fd)
{
	int copy = fcntl(fd, F_DUPFD, 10);

	if (copy < 0)
		fail_in_child("fcntl");
	return copy;
}

static void set_descriptors(const struct tool *tool, int input, int output, int errors)
{
	int directory = -1;

	errors = out_of_the_way(errors);
	dup2(errors, STDERR_FILENO);
	input = out_of_the_way(input);
	output = out_of_the_way(output);
	if (tool->directory >= 0)
		directory = out_of_the_way(tool->directory);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0)
		fail_in_child("dup2");
	inheritance_drop();
	if (directory >= 0 && fchdir(directory) < 0)
		fail_in_child("fchdir");
	if (inheritance_close() < 0)
		fail_in_child("/dev/null");
}

static void set_limits(const struct tool *tool)
{
	const struct rlimit none = {0, 0};
	const struct rlimit memory = {tool->memory_max, tool->memory_max};
	const struct rlimit output = {tool->output_max, tool->output_max};

	if (setrlimit(RLIMIT_CORE, &none) < 0 ||
	    (tool->memory_max && setrlimit(RLIMIT_AS, &memory) < 0) ||
	    (tool->output_max && setrlimit(RLIMIT_FSIZE, &output) < 0))
		fail_in_child("setrlimit");
}

/* So root's program gets no other capabilities when it is executed. */
static void limit_bounding_set(size_t count)
{
	int cap;
	size_t i;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		for (i = 0; i < count && capabilities[i] != cap; i++)
			;
		if (i == count && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			fail_in_child("PR_CAPBSET_DROP");
	}
}

static void take_own_ids(const struct tool *tool)
{
	uid_t id = (uid_t)(FIRST_ID + getpid() % IDS);

	/* It is already the working directory. */
	if (tool->owns_directory && chown(".", id, id) < 0)
		fail_in_child("chown");
	if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 || setresuid(id, id, id) < 0)
		fail_in_child("setresuid");
}

static void give_up_privileges(const struct tool *tool)
{
	size_t count;
	int status;

	if (tool->privilege == TOOL_ROOT)
		return;
	count = capability_counts[tool->privilege];
	/* Users can run lsl images, too, and have none. */
	if (geteuid() == 0) {
		limit_bounding_set(count);
		if (tool->privilege == TOOL_NOTHING)
			take_own_ids(tool);
	}
	status = caps_keep(capabilities, count);
	if (status < 0) {
		errno = -status;
		fail_in_child("capset");
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		fail_in_child("PR_SET_NO_NEW_PRIVS");
	if (wall_landlock(tool->directory >= 0) < 0)
		fail_in_child("landlock");
}

/*
 * Makes copies, because the caller's environment, which may have the strings,
 * is erased.
 */
static char **make_environment(const struct tool *tool)
{
	size_t count = 0, i;
	char **environment;

	while (tool->environment && tool->environment[count])
		count++;
	environment = calloc(count + 3, sizeof(*environment));
	if (!environment)
		return NULL;
	environment[0] = strdup(SEARCH_PATH);
	environment[1] = strdup("LC_ALL=C");
	for (i = 0; i < count; i++)
		environment[i + 2] = strdup(tool->environment[i]);
	return environment;
}

/*
 * Without a terminal, so that no tool asks there, and only lsl decides what
 * Ctrl-C ends. A session of its own would do, but the scheduler gives sessions
 * their turns (sched(7), autogroup), and then the tools of a row wait for each
 * other on a busy machine.
 */
static void leave_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (setpgid(0, 0) < 0 || (fd >= 0 && ioctl(fd, TIOCNOTTY) < 0))
		fail_in_child("/dev/tty");
	if (fd >= 0)
		close(fd);
}

static _Noreturn void become(const struct tool *tool, const char *path, pid_t parent, int input,
			     int output, int errors)
{
	char **environment = make_environment(tool);

	set_descriptors(tool, input, output, errors);
	if (!environment)
		fail_in_child("calloc");
	leave_terminal();
	set_limits(tool);
	give_up_privileges(tool);
	/* After this, because a change of ids would undo it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent)
		fail_in_child("PR_SET_PDEATHSIG");
	execve(path, (char *const *)(uintptr_t)tool->arguments, environment);
	fail_in_child(path);
}

/*
 * Words.
 */

/* Lines that tools print after the line with the reason. */
static bool says_something(const char *line)
{
	static const char *const closings[] = {
		"tar: Exiting with",          "tar: Error is not recoverable",
		"tar: Child returned",        "More details here: ",
		"curl failed to verify",      "establish a secure connection",
		"how to fix it, please visit"};
	size_t i;

	for (i = 0; i < sizeof(closings) / sizeof(closings[0]); i++)
		if (strncmp(line, closings[i], strlen(closings[i])) == 0)
			return false;
	return line[strspn(line, " \t\r")] != '\0';
}

static void end_line(struct tool *tool)
{
	tool->line[tool->line_len] = '\0';
	tool->line_len = 0;
	debug("%s says: %s", tool->program, tool->line);
	if (says_something(tool->line))
		strcpy(tool->words, tool->line);
}

/*
 * A line that is too long is cut in its middle, because the reason is usually
 * at its end.
 */
static void shorten(struct tool *tool)
{
	static const char gap[] = "...";
	const size_t head = sizeof(tool->line) / 3, lost = sizeof(tool->line) / 3;
	char *rest = tool->line + head + strlen(gap);

	memmove(rest, rest + lost, tool->line_len - (size_t)(rest + lost - tool->line));
	memcpy(tool->line + head, gap, strlen(gap));
	tool->line_len -= lost;
}

static void hear(struct tool *tool, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (bytes[i] == '\n') {
			end_line(tool);
			continue;
		}
		if (tool->line_len == sizeof(tool->line) - 1)
			shorten(tool);
		if (bytes[i])
			tool->line[tool->line_len++] = bytes[i];
	}
}

/*
 * Reads the available part of the tool's stderr. Reading stops when the tool
 * ends, even if a child of the tool still has the pipe.
 */
static void listen(struct tool *tool)
{
	char bytes[4096];
	ssize_t n;

	while (tool->errors >= 0) {
		n = read(tool->errors, bytes, sizeof(bytes));
		if (n > 0) {
			hear(tool, bytes, (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN && !tool->has_ended)
			return;
		if (tool->line_len)
			end_line(tool);
		close(tool->errors);
		tool->errors = -1;
	}
}

/*
 * The row.
 */

/* Landlock forbids to mount, even to root. */
static bool is_walled(const struct tool *tool)
{
	return tool->privilege != TOOL_ROOT && wall_has_landlock();
}

static int start(struct tool *tool, int input, int output, struct failure *failure)
{
	char path[PATH_MAX];
	int errors[2], null, err;
	pid_t parent = getpid();

	if (!tool_is_there(tool->program, tool->package, failure) ||
	    !find_tool(tool->program, path))
		return -ENOENT;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || pipe2(errors, O_CLOEXEC) < 0) {
		err = errno;
		if (null >= 0)
			close(null);
		return failure_set(failure, err, "cannot run %s", tool->program);
	}
	fcntl(errors[0], F_SETFL, O_NONBLOCK);
	fflush(NULL);
	debug("run %s%s", path,
	      is_walled(tool) ? ", which Landlock keeps from writing elsewhere" : "");
	tool->pid = fork();
	err = errno;
	if (tool->pid == 0)
		become(tool, path, parent, input < 0 ? null : input, output < 0 ? null : output,
		       errors[1]);
	close(null);
	close(errors[1]);
	tool->errors = errors[0];
	if (tool->pid > 0) {
		tool->pidfd = sys_pidfd_open(tool->pid);
		return 0;
	}
	close(errors[0]);
	tool->errors = -1;
	return failure_set(failure, err, "cannot run %s", tool->program);
}

static void reap_tool(struct tool *tool, int flags)
{
	pid_t pid;

	if (tool->pid <= 0 || tool->has_ended)
		return;
	do
		pid = waitpid(tool->pid, &tool->status, flags);
	while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return;
	tool->has_ended = true;
	if (tool->pidfd >= 0)
		close(tool->pidfd);
	tool->pidfd = -1;
	listen(tool);
	debug("%s ended with status %#x", tool->program, (unsigned int)tool->status);
}

static bool has_failed(const struct tool *tool)
{
	return tool->has_ended && tool->status != 0;
}

/*
 * It was writing to a tool that had ended. If that one failed, its failure is
 * the cause.
 */
static bool lost_its_reader(const struct tool *tool)
{
	return WIFSIGNALED(tool->status) && WTERMSIG(tool->status) == SIGPIPE;
}

/*
 * The tool of ROW whose failure is the cause; NULL: none has failed, or the
 * cause is not yet known.
 */
static const struct tool *first_failed(const struct tool *row, size_t count, bool have_all_ended)
{
	const struct tool *last = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		if (has_failed(&row[i]) && !lost_its_reader(&row[i]))
			return &row[i];
		if (has_failed(&row[i]))
			last = &row[i];
	}
	return have_all_ended ? last : NULL;
}

static bool is_over(const struct tool *row, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!row[i].has_ended)
			return false;
	return true;
}

/*
 * Ends processes that tools have started and left behind, in any session: the
 * kernel has made them children of this process (tool_begin).
 */
static void end_orphans(void)
{
	FILE *children;
	int pid, count;

	do {
		children = fopen("/proc/thread-self/children", "re");
		for (count = 0; children && fscanf(children, "%d", &pid) == 1; count++)
			kill(pid, SIGKILL);
		if (children)
			fclose(children);
		for (pid = 0; pid < count; pid++)
			while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
				;
	} while (count);
}

static void end_all(struct tool *row, size_t count)
{
	size_t i;

	/*
	 * This ends the programs that the tool has started, too, as long as
	 * they are in its process group.
	 */
	for (i = 0; i < count; i++)
		if (row[i].pid > 0 && !row[i].has_ended && kill(-row[i].pid, SIGKILL) < 0)
			kill(row[i].pid, SIGKILL);
	for (i = 0; i < count; i++)
		reap_tool(&row[i], 0);
	end_orphans();
}

static int say_failed(const struct tool *tool, struct failure *failure)
{
	const char *words = tool->words;

	if (strncmp(words, tool->program, strlen(tool->program)) == 0)
		return failure_say(failure, EIO, "%s", words);
	if (*words)
		return failure_say(failure, EIO, "%s: %s", tool->program, words);
	if (lost_its_reader(tool))
		return failure_say(
			failure, EIO,
			"what %s unpacks has data after the end of the archive (is it damaged?)",
			tool->program);
	if (WIFSIGNALED(tool->status))
		return failure_say(failure, EIO, "%s was killed: %s", tool->program,
				   strsignal(WTERMSIG(tool->status)));
	return failure_say(failure, EIO, "%s failed with exit status %d", tool->program,
			   WEXITSTATUS(tool->status));
}

static void wait_for_news(struct tool *row, size_t count, int limit_ms)
{
	struct pollfd fds[2 * ROW_MAX];
	size_t i;

	for (i = 0; i < count; i++) {
		fds[2 * i] = (struct pollfd){.fd = row[i].errors, .events = POLLIN};
		fds[2 * i + 1] = (struct pollfd){.fd = row[i].pidfd, .events = POLLIN};
	}
	/* Interrupted by a signal: the caller looks. */
	(void)poll(fds, 2 * count, limit_ms);
	for (i = 0; i < count; i++) {
		if (fds[2 * i].revents)
			listen(&row[i]);
		reap_tool(&row[i], WNOHANG);
	}
}

/*
 * Whether the tool of ROW that failed first is known. A writing tool closes its
 * pipe before its exit is visible, so the reading tool may seem to fail first:
 * this waits a moment for the writer.
 */
static bool is_decided(const struct tool *row, size_t count, long *deadline)
{
	const struct tool *failed = first_failed(row, count, false);

	if (!failed)
		return false;
	if (!*deadline)
		*deadline = monotonic_ms() + MOMENT_MS;
	return is_over(row, (size_t)(failed - row)) || monotonic_ms() > *deadline;
}

static int wait_for_all(struct tool *row, size_t count, const struct tool_watch *watch,
			struct failure *failure)
{
	long now, next = monotonic_ms() + LOOK_MS, deadline = 0;
	int status = 0;

	while (!is_over(row, count) && !is_decided(row, count, &deadline)) {
		now = monotonic_ms();
		if (interrupted)
			return -EINTR;
		if (now >= next) {
			status = watch ? watch->look(watch->arg, failure) : 0;
			next = now + LOOK_MS;
		}
		if (status < 0)
			return status;
		wait_for_news(row, count, next > now ? (int)(next - now) : 0);
	}
	return interrupted ? -EINTR : 0;
}

static int start_all(struct tool *row, size_t count, struct failure *failure)
{
	int input = TOOL_NULL, output, pipes[2], status = 0;
	size_t i;

	for (i = 0; i < count && status == 0; i++) {
		pipes[0] = pipes[1] = -1;
		if (row[i].output == TOOL_PIPE && pipe2(pipes, O_CLOEXEC) < 0)
			status = failure_set(failure, errno, "cannot run %s", row[i].program);
		/*
		 * If the user's limit for pipes is reached, a small one is
		 * enough.
		 */
		if (pipes[1] >= 0)
			(void)fcntl(pipes[1], F_SETPIPE_SZ, PIPE_BYTES);
		output = row[i].output == TOOL_PIPE ? pipes[1] : row[i].output;
		if (status == 0)
			status = start(&row[i], row[i].input == TOOL_PIPE ? input : row[i].input,
				       output, failure);
		if (pipes[1] >= 0)
			close(pipes[1]);
		if (input >= 0)
			close(input);
		input = pipes[0];
	}
	if (input >= 0)
		close(input);
	return status;
}

int tool_run(struct tool *row, size_t count, const struct tool_watch *watch,
	     struct failure *failure)
{
	const struct tool *failed;
	int status;
	size_t i;

	for (i = 0; i < count; i++) {
		row[i].pid = 0;
		row[i].has_ended = false;
		row[i].errors = row[i].pidfd = -1;
		row[i].words[0] = '\0';
		row[i].line_len = 0;
	}
	if (count > ROW_MAX)
		return failure_set(failure, E2BIG, "cannot run %s", row[0].program);
	status = interrupted ? -EINTR : start_all(row, count, failure);
	if (status == 0)
		status = wait_for_all(row, count, watch, failure);
	failed = first_failed(row, count, is_over(row, count));
	end_all(row, count);
	return status == 0 && failed ? say_failed(failed, failure) : status;
}

/* Returns the LEN bytes of FD as a text. */
static int read_text(int fd, size_t len, char **text)
{
	size_t done = 0;
	ssize_t n = 1;

	*text = malloc(len + 1);
	if (!*text)
		return -ENOMEM;
	while (done < len && n > 0) {
		n = pread(fd, *text + done, len - done, (off_t)done);
		if (n > 0)
			done += (size_t)n;
	}
	(*text)[done] = '\0';
	return 0;
}

int tool_read(struct tool *tool, size_t max, const struct tool_watch *watch, char **text,
	      struct failure *failure)
{
	int fd = memfd_create(tool->program, MFD_CLOEXEC);
	struct stat st;
	int status;

	if (fd < 0)
		return failure_set(failure, errno, "cannot run %s", tool->program);
	tool->output = fd;
	tool->output_max = max + 1;
	status = tool_run(tool, 1, watch, failure);
	if (fstat(fd, &st) == 0 && (size_t)st.st_size > max && status != -EINTR)
		status = failure_say(failure, EFBIG, "%s prints more than %zu bytes", tool->program,
				     max);
	if (status == 0 && read_text(fd, (size_t)st.st_size, text) < 0)
		status = failure_set(failure, ENOMEM, "cannot run %s", tool->program);
	close(fd);
	return status;
}

int tool_remove(int dir, const char *name, const struct tool_watch *watch, struct failure *failure)
{
	const char *const arguments[] = {"rm", "-rf", "--one-file-system", "--", name, NULL};
	struct tool rm = {.program = "rm",
			  .package = "coreutils",
			  .arguments = arguments,
			  .privilege = TOOL_REMOVES,
			  .input = TOOL_NULL,
			  .output = TOOL_NULL,
			  .directory = dir};

	return tool_run(&rm, 1, watch, failure);
}
