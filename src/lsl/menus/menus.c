/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "menus/menus.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lsl.h"
#include "menus/menureader.h"
#include "menus/menutree.h"
#include "nsfile_identify.h"
#include "pathnames.h"
#include "caps.h"
#include "seccomp.h"
#include "base/debug.h"
#include "base/forked.h"

/*
 * An id above systemd(1)'s range for users of foreign images, which neither
 * adduser(8) nor subuid(5) assigns; next to that of mount.lslfs.
 */
#define OWNER 2147450878

/*
 * After the name come SIZE bytes: its bins, each with its NUL. The message has
 * an fd of its root directory.
 */
struct message {
	/* the number of the list that it belongs to */
	unsigned int list;
	bool is_last; /* without a container: the list is complete */
	struct nsfile_id ns;
	char name[CONTAINER_NAME_MAX + 1];
	uint32_t size;
	char bins[];
};

#define MESSAGE_MAX (sizeof(struct message) + RECORD_SIZE_MAX)

/* A container that has a process. */
struct shared {
	struct shared *next;
	struct message *message;
	pid_t pid;
	unsigned int list; /* the last one that it was in */
};

struct keeper {
	int socket;
	int tree;
	struct shared *first;
};

/*
 * The process itself.
 */

/* The memory that a hostile container could make a reader use. */
static void limit(void)
{
	static const struct rlimit files = {256, 256}, size = {64UL << 20, 64UL << 20};

	(void)setrlimit(RLIMIT_NOFILE, &files);
	(void)setrlimit(RLIMIT_FSIZE, &size);
	(void)setpriority(PRIO_PROCESS, 0, 10);
}

static _Noreturn void run_reader(const struct keeper *keeper, const struct message *message,
				 int root, pid_t parent)
{
	struct record_list bins = {message->bins, message->bins + message->size};

	close(keeper->socket);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	menureader_run(message->name, root, bins, keeper->tree);
}

static void start_reader(const struct keeper *keeper, struct shared *shared, int root)
{
	pid_t parent = getpid();

	shared->pid = fork();
	if (shared->pid == 0)
		run_reader(keeper, shared->message, root, parent);
	if (shared->pid < 0)
		lsl_say("%s: its programs are not in the menus: %s", shared->message->name,
			strerror(errno));
	else
		debug("%s: its programs come into the menus", shared->message->name);
}

/*
 * A killed reader that hangs in a dead file system does nothing more, so nobody
 * waits for it.
 */
static void remove_shared(struct keeper *keeper, struct shared **link)
{
	struct shared *shared = *link;
	int status;

	*link = shared->next;
	if (shared->pid > 0)
		kill(shared->pid, SIGKILL);
	menutree_remove_part(keeper->tree, shared->message->name);
	status = menutree_publish(keeper->tree);
	if (status < 0)
		lsl_say("%s: cannot remove its programs from the menus: %s", shared->message->name,
			strerror(-status));
	debug("%s: its programs are out of the menus", shared->message->name);
	free(shared->message);
	free(shared);
}

/* Removes those that are not in LIST. */
static void remove_unlisted(struct keeper *keeper, unsigned int list)
{
	struct shared **link = &keeper->first;

	while (*link)
		if ((*link)->list != list)
			remove_shared(keeper, link);
		else
			link = &(*link)->next;
}

static struct shared **find_shared_container(struct keeper *keeper, const char *name)
{
	struct shared **link = &keeper->first;

	while (*link && strcmp((*link)->message->name, name) != 0)
		link = &(*link)->next;
	return link;
}

/* With another namespace or other bins it is another container. */
static bool is_same_message(const struct message *a, const struct message *b)
{
	return a->ns.dev == b->ns.dev && a->ns.ino == b->ns.ino && a->size == b->size &&
	       memcmp(a->bins, b->bins, a->size) == 0;
}

static void take_container(struct keeper *keeper, const struct message *message, size_t size,
			   int root)
{
	struct shared **link = find_shared_container(keeper, message->name);
	struct shared *shared;

	if (*link && !is_same_message((*link)->message, message))
		remove_shared(keeper, link);
	link = find_shared_container(keeper, message->name);
	shared = *link;
	if (!shared) {
		shared = calloc(1, sizeof(*shared));
		if (shared)
			shared->message = malloc(size);
		if (!shared || !shared->message) {
			free(shared);
			return;
		}
		memcpy(shared->message, message, size);
		*link = shared;
		start_reader(keeper, shared, root);
	}
	shared->list = message->list;
}

/* The fd that came with MESSAGE, or -1. */
static int received_fd(struct msghdr *header)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);
	int fd = -1;

	if (control && control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(control), sizeof(fd));
	return fd;
}

/* False at the end. */
static bool receive_message(struct keeper *keeper)
{
	static union {
		struct message message;
		char bytes[MESSAGE_MAX];
	} buffer;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {buffer.bytes, sizeof(buffer.bytes)};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};
	ssize_t n = recvmsg(keeper->socket, &header, MSG_CMSG_CLOEXEC);
	int root;

	if (n < 0 && errno == EINTR)
		return true;
	if (n < (ssize_t)sizeof(struct message))
		return false;
	root = received_fd(&header);
	if (buffer.message.is_last)
		remove_unlisted(keeper, buffer.message.list);
	else if (root >= 0)
		take_container(keeper, &buffer.message, (size_t)n, root);
	if (root >= 0)
		close(root);
	return true;
}

/*
 * A reader that has ended by itself has printed the reason; its entries are
 * removed.
 */
static void reap_reader(struct keeper *keeper)
{
	struct shared **link;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (link = &keeper->first; *link && (*link)->pid != pid; link = &(*link)->next)
			;
		if (!*link)
			continue;
		(*link)->pid = -1;
		menutree_remove_part(keeper->tree, (*link)->message->name);
		(void)menutree_publish(keeper->tree);
	}
}

static void note_child(int sig)
{
	(void)sig;
}

static void serve_keeper(struct keeper *keeper)
{
	struct sigaction act = {.sa_handler = note_child};
	struct pollfd poll_fd = {.fd = keeper->socket, .events = POLLIN};
	sigset_t child, waiting;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &waiting);
	sigdelset(&waiting, SIGCHLD);
	sigaction(SIGCHLD, &act, NULL);
	do
		reap_reader(keeper);
	while (ppoll(&poll_fd, 1, NULL, &waiting) < 0 || receive_message(keeper));
}

/* Entries of an earlier process, or of this one. */
static int clear_menus(struct keeper *keeper)
{
	while (keeper->first)
		remove_shared(keeper, &keeper->first);
	menutree_remove_part(keeper->tree, NULL);
	return menutree_publish(keeper->tree);
}

static int become_owner(bool seccomp)
{
	int status;

	if (setgroups(0, NULL) < 0 || setresgid(OWNER, OWNER, OWNER) < 0 ||
	    setresuid(OWNER, OWNER, OWNER) < 0)
		return -errno;
	status = caps_keep(NULL, 0);
	if (status == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		status = -errno;
	if (status == 0 && seccomp)
		status = seccomp_apply(SECCOMP_MENUS, lsl_say_deadly_call, NULL);
	return status;
}

/* If another process already follows the host, this one gets no messages. */
static bool is_needed(int socket)
{
	char byte;
	ssize_t n;

	do
		n = recv(socket, &byte, sizeof(byte), MSG_PEEK);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/*
 * The capabilities to make the tree and to become its owner. Nothing is made
 * unless a container needs it.
 */
static int wait_until_needed(int socket)
{
	static const cap_value_t caps[] = {CAP_CHOWN, CAP_SETUID, CAP_SETGID};
	int status = caps_keep(caps, sizeof(caps) / sizeof(caps[0]));

	if (status == 0 && !is_needed(socket))
		_exit(0);
	return status;
}

static void run_keeper(int socket, pid_t parent, void *seccomp)
{
	struct keeper keeper = {.socket = socket};
	int status;

	(void)parent;
	/*
	 * The process ends only at the end of the socket, because stopping a
	 * service signals all its processes.
	 */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	limit();
	status = wait_until_needed(socket);
	if (status == 0)
		status = keeper.tree = menutree_make(OWNER);
	if (status >= 0)
		status = become_owner(*(bool *)seccomp);
	if (status == 0)
		status = menutree_lock(keeper.tree);
	if (status == 0)
		status = clear_menus(&keeper);
	if (status == 0) {
		serve_keeper(&keeper);
		status = clear_menus(&keeper);
	}
	if (status < 0)
		lsl_say("cannot update the menus, %s: %s", PATH_SHAREDIR, strerror(-status));
	_exit(status < 0);
}

/*
 * The side of lsl refresh.
 */

int menus_start(struct menus *menus, bool seccomp)
{
	struct forked keeper;
	int status = forked_start(&keeper, SOCK_SEQPACKET, run_keeper, &seccomp);

	menus->socket = status < 0 ? -1 : keeper.socket;
	return status;
}

/*
 * Sends MESSAGE with the fd ROOT. 0 or a negative errno; -EAGAIN: the process
 * does not read, and the socket is full.
 */
static int send_message(int socket, struct message *message, int root)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec part = {message, sizeof(*message) + message->size};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};

	memcpy(CMSG_DATA(&control.header), &root, sizeof(root));
	return sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/*
 * In a child, which enters the container to open its root directory. Its exit
 * status says whether the socket is full.
 */
static _Noreturn void send_from_inside(int socket, struct message *message, int nsfd)
{
	int status = nsfile_enter(nsfd);
	int root = status < 0 ? -1 : open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	_exit(root >= 0 && send_message(socket, message, root) == -EAGAIN);
}

void menus_tell(struct menus *menus, const struct instance *instance)
{
	const struct record_list *bins = &instance->record.bins;
	size_t size = (size_t)(bins->end - bins->first);
	struct message *message;
	int wstatus = 0;
	pid_t pid;

	if (menus->socket < 0 || !instance->record.shares_applications)
		return;
	message = calloc(1, sizeof(*message) + size);
	if (!message)
		return;
	strcpy(message->name, instance->record.name);
	message->list = menus->list;
	message->size = (uint32_t)size;
	memcpy(message->bins, bins->first, size);
	if (nsfile_identify(instance->nsfd, &message->ns) == 0) {
		pid = fork();
		if (pid == 0)
			send_from_inside(menus->socket, message, instance->nsfd);
		while (pid > 0 && waitpid(pid, &wstatus, 0) < 0 && errno == EINTR)
			;
		menus->is_needed = true;
		menus->is_behind |= wstatus != 0;
	}
	free(message);
}

bool menus_told(struct menus *menus)
{
	const struct message last = {.list = menus->list++, .is_last = true};
	bool is_behind = menus->is_behind;

	/* If the process has ended, it has printed the reason. */
	if (menus->socket >= 0 && menus->is_needed && !is_behind)
		is_behind = send(menus->socket, &last, sizeof(last), MSG_NOSIGNAL | MSG_DONTWAIT) <
				    0 &&
			    errno == EAGAIN;
	if (is_behind)
		debug("the process that updates the menus does not read");
	menus->is_behind = false;
	return !is_behind;
}

void menus_end(struct menus *menus)
{
	if (menus->socket >= 0)
		close(menus->socket);
	menus->socket = -1;
}
