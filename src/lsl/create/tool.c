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
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/transfer.h"
#include "inheritance.h"
#include "monotonic.h"
#include "caps.h"
#include "create/imageindex.h"
#include "pathnames.h"
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

/*
 * The extraction of an endless archive is stopped when so much of the disk, or
 * this part of it, is left.
 */
#define ROOM_MIN (128UL * 1024 * 1024)
#define ROOM_PART 64

#define SEARCH_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* What programs need of lsl's own environment to reach the network. */
static const char *const network[] = {
	"http_proxy", "https_proxy", "HTTPS_PROXY",   "all_proxy",    "ALL_PROXY",
	"no_proxy",   "NO_PROXY",    "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE",
};
#define ENVIRONMENT_MAX (4 + sizeof(network) / sizeof(network[0]))

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
	/*
	 * At Ctrl-C two signals arrive: the terminal's, and the one that lsl
	 * passes on. Without SA_RESTART the second one interrupts the write
	 * that erases the line on the terminal. poll(2) is interrupted anyway.
	 */
	struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
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

/* Debian's package of PROGRAM. */
static const char *package_of(const char *program)
{
	static const char *const others[][2] = {
		{"xz", "xz-utils"},    {"rm", "coreutils"}, {"du", "coreutils"},
		{"cat", "coreutils"},  {"cp", "coreutils"}, {"sha256sum", "coreutils"},
		{"find", "findutils"},
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i][0], program) == 0)
			return others[i][1];
	return program;
}

int tool_find(const char *program, char path[PATH_MAX], struct failure *failure)
{
	const char *dir;
	struct stat st;
	int len;

	for (dir = SEARCH_PATH; *dir; dir += len + (dir[len] == ':')) {
		len = (int)strcspn(dir, ":");
		snprintf(path, PATH_MAX, "%.*s/%s", len, dir, program);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
			return 0;
	}
	return failure_say(failure, ENOENT, "%s is not installed: install the package %s", program,
			   package_of(program));
}

/*
 * Room on the disk.
 */

static int room_dir;

void tool_keep_room(int dir)
{
	room_dir = dir;
}

static bool has_room(unsigned long long free, unsigned long long all, unsigned long long least)
{
	unsigned long long part = all / ROOM_PART;

	return free >= (part < least ? part : least);
}

static int check_room_of(int fd, const char *name, struct failure *failure)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) < 0)
		return 0;
	if (fs.f_frsize && !has_room(fs.f_bavail, fs.f_blocks, ROOM_MIN / fs.f_frsize))
		return failure_say(failure, ENOSPC, "the disk of %s is nearly full", name);
	/* Some file systems have no fixed number of files, and say 0. */
	if (fs.f_files && !has_room(fs.f_favail, fs.f_files, 4096))
		return failure_say(failure, ENOSPC, "the file system of %s is nearly out of inodes",
				   name);
	return 0;
}

int tool_check_room(struct failure *failure)
{
	return room_dir ? check_room_of(room_dir, PATH_STATEDIR, failure) : 0;
}

/* The disk of its output may be another one. */
static int check_room_for(const struct tool *tool, struct failure *failure)
{
	int status;

	if (!room_dir || tool->privilege == TOOL_REMOVES)
		return 0;
	status = tool_check_room(failure);
	if (status == 0 && tool->output)
		status = check_room_of(tool->output, PATH_CACHEDIR, failure);
	return status;
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
 * Duplicates FD, if there is one, to a number above those of tools, so that
 * none replaces another.
 */
static int out_of_the_way(int fd)
{
	int copy = fd ? fcntl(fd, F_DUPFD, 10) : 0;

	if (copy < 0)
		fail_in_child("fcntl");
	return copy;
}

/* Without FD, inheritance_close opens /dev/null there. */
static void put_descriptor(int fd, int number)
{
	if (!fd)
		close(number);
	else if (dup2(fd, number) < 0)
		fail_in_child("dup2");
}

static void set_descriptors(const struct tool *tool, int input, int output, int errors)
{
	int directory;

	errors = out_of_the_way(errors);
	dup2(errors, STDERR_FILENO);
	input = out_of_the_way(input);
	output = out_of_the_way(output);
	directory = out_of_the_way(tool->directory);
	put_descriptor(input, STDIN_FILENO);
	put_descriptor(output, STDOUT_FILENO);
	inheritance_drop();
	if (directory && fchdir(directory) < 0)
		fail_in_child("fchdir");
	if (inheritance_close() < 0)
		fail_in_child("/dev/null");
}

static void set_tool_limits(const struct tool *tool)
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
	if (wall_landlock(tool->directory != 0) < 0)
		fail_in_child("landlock");
}

/*
 * Makes copies, because lsl's own environment, which has the strings, is
 * erased.
 */
static void make_environment(const struct tool *tool, char *environment[ENVIRONMENT_MAX])
{
	size_t i, n = 0;
	const char *value;

	environment[n++] = strdup("PATH=" SEARCH_PATH);
	environment[n++] = strdup("LC_ALL=C");
	if (tool->variable)
		environment[n++] = strdup(tool->variable);
	for (i = 0; tool->uses_network && i < sizeof(network) / sizeof(network[0]); i++) {
		value = getenv(network[i]);
		if (value && asprintf(&environment[n++], "%s=%s", network[i], value) < 0)
			fail_in_child("asprintf");
	}
	environment[n] = NULL;
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
	char *environment[ENVIRONMENT_MAX];

	make_environment(tool, environment);
	set_descriptors(tool, input, output, errors);
	leave_terminal();
	set_tool_limits(tool);
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
		"tar: Exiting with",           "tar: Error is not recoverable",
		"tar: Child returned",         "More details here: ",
		"curl failed to verify",       "establish a secure connection",
		"how to fix it, please visit", "I: ",
		"W: hooklistener errored out", "E: mmdebstrap failed to run",
		"E: apt-get update -",         "E: Some index files failed to download"};
	size_t i;

	for (i = 0; i < sizeof(closings) / sizeof(closings[0]); i++)
		if (strncmp(line, closings[i], strlen(closings[i])) == 0)
			return false;
	return line[strspn(line, " \t\r")] != '\0';
}

/*
 * A line that is too long is cut in its middle, because the reason is usually
 * at its end.
 */
static void hear_line(struct tool *tool)
{
	const size_t head = sizeof(tool->words) / 3, len = tool->len;

	tool->text[len] = '\0';
	tool->len = 0;
	debug("%s says: %s", tool->program, tool->text);
	if (!says_something(tool->text))
		return;
	if (len < sizeof(tool->words))
		strcpy(tool->words, tool->text);
	else
		snprintf(tool->words, sizeof(tool->words), "%.*s...%s", (int)head, tool->text,
			 tool->text + len - (sizeof(tool->words) - head - sizeof("...")));
}

/* Reads the available part of the tool's stderr. */
static void hear(struct tool *tool)
{
	char bytes[4096];
	ssize_t i, n = 1;

	while (tool->errors >= 0 && n > 0) {
		n = read(tool->errors, bytes, sizeof(bytes));
		for (i = 0; i < n; i++) {
			if (bytes[i] == '\n' || tool->len == sizeof(tool->text) - 1)
				hear_line(tool);
			if (bytes[i] && bytes[i] != '\n')
				tool->text[tool->len++] = bytes[i];
		}
	}
	if (n == 0) {
		close(tool->errors);
		tool->errors = -1;
	}
}

/*
 * The row: a tool, or two.
 */

/* Landlock forbids to mount, even to root. */
static bool is_walled(const struct tool *tool)
{
	return tool->privilege != TOOL_ROOT && wall_has_landlock();
}

static int start_tool(struct tool *tool, int input, int output, struct failure *failure)
{
	char path[PATH_MAX];
	pid_t parent = getpid();
	int errors[2], err, status = tool_find(tool->program, path, failure);

	if (status < 0)
		return status;
	if (pipe2(errors, O_CLOEXEC) < 0)
		return failure_set(failure, errno, "cannot run %s", tool->program);
	fcntl(errors[0], F_SETFL, O_NONBLOCK);
	fflush(NULL);
	debug("run %s%s", path,
	      is_walled(tool) ? ", which Landlock keeps from writing elsewhere" : "");
	tool->pid = fork();
	err = errno;
	if (tool->pid == 0)
		become(tool, path, parent, input, output, errors[1]);
	close(errors[1]);
	if (tool->pid < 0) {
		close(errors[0]);
		return failure_set(failure, err, "cannot run %s", tool->program);
	}
	tool->errors = errors[0];
	tool->pidfd = sys_pidfd_open(tool->pid);
	return 0;
}

static int start_row(struct tool *tool, struct failure *failure)
{
	int pipes[2], status;

	if (!tool->reader)
		return start_tool(tool, tool->input, tool->output, failure);
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return failure_set(failure, errno, "cannot run %s", tool->program);
	/* If the user's limit for pipes is reached, a small one is enough. */
	(void)fcntl(pipes[1], F_SETPIPE_SZ, PIPE_BYTES);
	status = start_tool(tool, tool->input, pipes[1], failure);
	close(pipes[1]);
	if (status == 0)
		status = start_tool(tool->reader, pipes[0], tool->reader->output, failure);
	close(pipes[0]);
	return status;
}

/*
 * What the tool has printed is read when it ends, even if a child of the tool
 * still has the pipe.
 */
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
	hear(tool);
	if (tool->len)
		hear_line(tool);
	if (tool->errors >= 0)
		close(tool->errors);
	if (tool->pidfd >= 0)
		close(tool->pidfd);
	tool->errors = tool->pidfd = -1;
	debug("%s ended with status %#x", tool->program, (unsigned int)tool->status);
}

/*
 * It was writing to a tool that had ended. If that one failed, its failure is
 * the cause.
 */
static bool lost_its_reader(const struct tool *tool)
{
	return WIFSIGNALED(tool->status) && WTERMSIG(tool->status) == SIGPIPE;
}

/* The tool whose failure is the cause; NULL: none has failed. */
static const struct tool *find_failed(const struct tool *tool)
{
	if (tool->reader && (!tool->status || (lost_its_reader(tool) && tool->reader->status)))
		tool = tool->reader;
	return tool->status ? tool : NULL;
}

static bool is_over(const struct tool *tool)
{
	return tool->has_ended && (!tool->reader || tool->reader->has_ended);
}

/*
 * Kills all children of this process, and returns how many it still has. The
 * kernel makes processes that tools have started and left behind, in any
 * session, children of this process (tool_begin).
 */
static int kill_children(void)
{
	FILE *children;
	int pid, count = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	children = fopen("/proc/thread-self/children", "re");
	for (; children && fscanf(children, "%d", &pid) == 1; count++)
		kill(pid, SIGKILL);
	if (children)
		fclose(children);
	return count;
}

/*
 * Ends what tools have left behind. BLOCKED children were there before: each
 * was given up because a user holds a lock (timelimit.h), and is not waited
 * for.
 */
static void end_orphans(int blocked)
{
	while (kill_children() > blocked)
		while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
			;
}

static void end_row(struct tool *row, int blocked)
{
	struct tool *tool;

	/*
	 * This ends the programs that the tool has started, too, as long as
	 * they are in its process group.
	 */
	for (tool = row; tool; tool = tool->reader)
		if (tool->pid > 0 && !tool->has_ended && kill(-tool->pid, SIGKILL) < 0)
			kill(tool->pid, SIGKILL);
	for (tool = row; tool; tool = tool->reader)
		reap_tool(tool, 0);
	end_orphans(blocked);
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

static void wait_for_news(struct tool *row, int limit_ms)
{
	struct pollfd fds[4];
	struct tool *tool;
	nfds_t count = 0;

	for (tool = row; tool; tool = tool->reader) {
		fds[count++] = (struct pollfd){.fd = tool->errors, .events = POLLIN};
		fds[count++] = (struct pollfd){.fd = tool->pidfd, .events = POLLIN};
	}
	/* Interrupted by a signal: the caller looks. */
	(void)poll(fds, count, limit_ms);
	for (tool = row; tool; tool = tool->reader) {
		hear(tool);
		reap_tool(tool, WNOHANG);
	}
}

static int look_at_tool(struct tool *tool, struct transfer *transfer, struct failure *failure)
{
	struct stat st;
	long done = 0;

	if (tool->count)
		done = tool->count(tool);
	else if (fstat(tool->output, &st) == 0)
		done = (long)st.st_size;
	transfer->total = tool->size;
	if (tool->what)
		transfer_show(transfer, done);
	if (tool->input_max && fstat(tool->input, &st) == 0 && (size_t)st.st_size > tool->input_max)
		return failure_say(failure, EFBIG, "%s writes too much", tool->program);
	return check_room_for(tool, failure);
}

static int wait_for_row(struct tool *tool, struct failure *failure)
{
	long now, next = monotonic_ms() + LOOK_MS;
	struct transfer transfer;
	int status = 0;

	transfer_begin(&transfer, tool->what, tool->size);
	while (!is_over(tool) && !interrupted && status == 0) {
		now = monotonic_ms();
		wait_for_news(tool, next > now ? (int)(next - now) : 0);
		if (now < next)
			continue;
		status = look_at_tool(tool, &transfer, failure);
		next = now + LOOK_MS;
	}
	transfer_end(&transfer);
	return interrupted ? -EINTR : status;
}

int tool_run(struct tool *row, struct failure *failure)
{
	const struct tool *failed;
	struct tool *tool;
	int status, blocked = kill_children();

	for (tool = row; tool; tool = tool->reader) {
		tool->pid = 0;
		tool->has_ended = false;
		tool->status = 0;
		tool->errors = tool->pidfd = -1;
		tool->words[0] = '\0';
		tool->len = 0;
	}
	status = interrupted ? -EINTR : start_row(row, failure);
	if (status == 0)
		status = wait_for_row(row, failure);
	end_row(row, blocked);
	failed = find_failed(row);
	return status == 0 && failed ? say_failed(failed, failure) : status;
}

int tool_read(struct tool *tool, size_t max, char **text, struct failure *failure)
{
	int fd = memfd_create(tool->program, MFD_CLOEXEC);
	struct stat st;
	ssize_t n;
	int status;

	*text = NULL;
	if (fd < 0)
		return failure_set(failure, errno, "cannot run %s", tool->program);
	tool->output = fd;
	tool->output_max = max + 1;
	status = tool_run(tool, failure);
	if (fstat(fd, &st) == 0 && (size_t)st.st_size > max && status != -EINTR)
		status = failure_say(failure, EFBIG, "%s prints more than %zu bytes", tool->program,
				     max);
	if (status == 0)
		*text = malloc((size_t)st.st_size + 1);
	if (status == 0 && !*text)
		status = failure_set(failure, ENOMEM, "cannot run %s", tool->program);
	if (*text) {
		n = pread(fd, *text, (size_t)st.st_size, 0);
		(*text)[n > 0 ? n : 0] = '\0';
	}
	close(fd);
	return status;
}

int tool_remove(int dir, const char *name, struct failure *failure)
{
	const char *const arguments[] = {"rm", "-rf", "--one-file-system", "--", name, NULL};
	struct tool rm = {.program = "rm",
			  .arguments = arguments,
			  .privilege = TOOL_REMOVES,
			  .directory = dir};

	return tool_run(&rm, failure);
}

int tool_sha256(int fd, char digits[IMAGE_SHA256_SIZE], struct failure *failure)
{
	static const char *const arguments[] = {"sha256sum", "-b", "-", NULL};
	struct tool tool = {.program = "sha256sum", .arguments = arguments, .input = fd};
	char *text;
	int status;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return failure_set(failure, errno, "cannot read it");
	status = tool_read(&tool, 256, &text, failure);
	if (!text)
		return status;
	if (strspn(text, "0123456789abcdef") != IMAGE_SHA256_SIZE - 1)
		status = failure_say(failure, EIO, "sha256sum printed no SHA-256");
	else
		memcpy(digits, text, IMAGE_SHA256_SIZE - 1);
	digits[IMAGE_SHA256_SIZE - 1] = '\0';
	free(text);
	if (status == 0 && lseek(fd, 0, SEEK_SET) < 0)
		status = failure_set(failure, errno, "cannot read it");
	return status;
}
