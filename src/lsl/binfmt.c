/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "binfmt.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "container.h"
#include "dirstream.h"
#include "pathnames.h"
#include "record.h"
#include "debug.h"

/* The colon keeps these names apart from all containers'. */
#define MOUNT_POINT ":binfmt_misc"
#define PATH_MOUNT_POINT PATH_MNTDIR "/" MOUNT_POINT

/* The usual mount point, systemd's too. */
#define PATH_HOSTS "/proc/sys/fs/binfmt_misc"

_Static_assert(BINFMT_NAME_MAX > NAME_MAX, "a file's name fits");

/*
 * One line for each container that needs a handler of ours: "lsl-aarch64 NAME".
 */
#define NOTES ":handlers"
#define NOTES_NEW ":handlers.new"

/* A handler's bytes lie within these of the program, linux/binfmts.h. */
#define MAGIC_MAX 256

/*
 * The header up to e_machine, inclusive; later fields do not depend on the
 * architecture.
 */
#define OWN_MAGIC 20

#define NAME_PREFIX "lsl-"

struct handler_name {
	char text[sizeof(NAME_PREFIX) + ELFARCH_NAME_MAX];
};

/* A file of binfmt_misc, as the kernel shows it. */
struct handler {
	bool is_enabled;
	bool is_fixed; /* F */
	bool keeps_argv0; /* P */
	char interpreter[PATH_MAX];
	size_t offset, len;
	unsigned char magic[MAGIC_MAX];
	unsigned char mask[MAGIC_MAX];
};

static struct handler_name handler_name(const struct elfarch *arch)
{
	char name[ELFARCH_NAME_MAX];
	struct handler_name handler;

	elfarch_name(arch, name);
	snprintf(handler.text, sizeof(handler.text), NAME_PREFIX "%s", name);
	return handler;
}

/*
 * The mount.
 */

static int open_mounted(int rundir)
{
	int fd = openat(rundir, MOUNT_POINT, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;
	int status = 0;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) < 0)
		status = -errno;
	else if (fs.f_type != BINFMTFS_MAGIC)
		status = -ENOENT;
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

/* Opens binfmt_misc; mounts it first, if it is not mounted. */
static int open_handlers(int rundir)
{
	int fd = open_mounted(rundir);

	if (fd >= 0)
		return fd;
	if (mkdirat(rundir, MOUNT_POINT, 0555) < 0 && errno != EEXIST)
		return -errno;
	debug("mount binfmt_misc %s", PATH_MOUNT_POINT);
	if (mount("binfmt_misc", PATH_MOUNT_POINT, "binfmt_misc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		  NULL) < 0)
		return -errno;
	return open_mounted(rundir);
}

static int unmount_handlers(int rundir)
{
	int fd;

	while ((fd = open_mounted(rundir)) >= 0) {
		close(fd);
		debug("unmount %s", PATH_MOUNT_POINT);
		if (umount2(PATH_MOUNT_POINT, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return -errno;
	}
	return unlinkat(rundir, MOUNT_POINT, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

/*
 * Handlers that are there.
 */

/* Reads the file NAME, at most SIZE - 1 bytes. */
static int read_text(int dir, const char *name, char *text, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	n = n < 0 ? -errno : 0;
	close(fd);
	text[len] = '\0';
	return (int)n;
}

static int write_text(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	int status;

	if (fd < 0)
		return -errno;
	status = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return status;
}

static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	return strncmp(line, key, len) == 0 ? line + len : NULL;
}

static size_t take_hex(const char *hex, unsigned char *bytes)
{
	size_t n = 0;
	int used;

	while (n < MAGIC_MAX && sscanf(hex, "%2hhx%n", &bytes[n], &used) == 1 && used == 2) {
		hex += 2;
		n++;
	}
	return n;
}

static void take_handler_line(const char *line, struct handler *handler)
{
	const char *value;

	if (strcmp(line, "enabled") == 0) {
		handler->is_enabled = true;
	} else if ((value = value_of(line, "interpreter "))) {
		snprintf(handler->interpreter, sizeof(handler->interpreter), "%s", value);
	} else if ((value = value_of(line, "flags: "))) {
		handler->is_fixed = strchr(value, 'F');
		handler->keeps_argv0 = strchr(value, 'P');
	} else if ((value = value_of(line, "offset "))) {
		handler->offset = strtoul(value, NULL, 10);
	} else if ((value = value_of(line, "magic "))) {
		handler->len = take_hex(value, handler->magic);
	} else if ((value = value_of(line, "mask "))) {
		take_hex(value, handler->mask);
	}
}

static int read_handler(int dir, const char *name, struct handler *handler)
{
	char text[PATH_MAX + 8 * MAGIC_MAX], *line, *rest = text;
	int status = read_text(dir, name, text, sizeof(text));

	if (status < 0)
		return status;
	memset(handler, 0, sizeof(*handler));
	memset(handler->mask, 0xff, sizeof(handler->mask));
	while ((line = strsep(&rest, "\n")))
		take_handler_line(line, handler);
	return 0;
}

static bool matches(const struct handler *handler, const unsigned char *head)
{
	size_t i;

	/* A handler without bytes recognizes programs by the file's name. */
	if (handler->len == 0 || handler->offset + handler->len > ELFARCH_HEAD)
		return false;
	for (i = 0; i < handler->len; i++)
		if ((head[handler->offset + i] ^ handler->magic[i]) & handler->mask[i])
			return false;
	return true;
}

/* The byte of e_type that is not 0. */
static size_t type_at(const struct elfarch *arch)
{
	return offsetof(Elf64_Ehdr, e_type) + (arch->head[EI_DATA] == ELFDATA2MSB);
}

/* The ABIs that the same compiler gives programs of Linux. */
static bool is_usual_abi(unsigned char abi)
{
	return abi == ELFOSABI_SYSV || abi == ELFOSABI_GNU;
}

/*
 * Whether HANDLER runs the programs of ARCH in any root directory: of both
 * types, with either of the usual ABIs.
 */
static bool serves(const struct handler *handler, const struct elfarch *arch)
{
	static const unsigned char types[] = {ET_EXEC, ET_DYN};
	const unsigned char own = arch->head[EI_OSABI];
	const unsigned char abis[] = {own, is_usual_abi(own) ? ELFOSABI_SYSV : own,
				      is_usual_abi(own) ? ELFOSABI_GNU : own};
	struct elfarch sample = *arch;
	size_t i, k;

	if (!handler->is_enabled || !handler->is_fixed)
		return false;
	for (i = 0; i < sizeof(types); i++)
		for (k = 0; k < sizeof(abis); k++) {
			sample.head[type_at(arch)] = types[i];
			sample.head[EI_OSABI] = abis[k];
			if (!matches(handler, sample.head))
				return false;
		}
	return true;
}

/* Result of find_handler. */
#define HANDLER_FOUND 1

/*
 * Looks for a handler of ARCH. Returns HANDLER_FOUND, with its NAME (of
 * NAME_MAX + 1 bytes) and HANDLER; 0: there is none; or a negative errno.
 */
static int find_handler(int dir, const struct elfarch *arch, char *name, struct handler *handler)
{
	DIR *entries = dirstream_open(dir, ".");
	const struct dirent *entry;
	int status = 0;

	if (!entries)
		return -errno;
	while (status == 0 && (entry = readdir(entries))) {
		if (entry->d_type != DT_REG || strcmp(entry->d_name, "register") == 0 ||
		    strcmp(entry->d_name, "status") == 0 ||
		    read_handler(dir, entry->d_name, handler) < 0 || !serves(handler, arch))
			continue;
		strcpy(name, entry->d_name);
		status = HANDLER_FOUND;
	}
	closedir(entries);
	return status;
}

/*
 * Notes.
 */

struct note {
	struct handler_name handler;
	char container[CONTAINER_NAME_MAX + 1];
};

/*
 * Calls VISIT with each note; returns its first value other than 0. No file: no
 * notes.
 */
static int visit_notes(int rundir, const char *file,
		       int (*visit)(const struct note *note, void *arg), void *arg)
{
	int status = 0, fd = openat(rundir, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	FILE *notes = fd < 0 ? NULL : fdopen(fd, "r");
	struct note note;

	if (!notes) {
		status = -errno;
		if (fd >= 0)
			close(fd);
		return status == -ENOENT ? 0 : status;
	}
	_Static_assert(sizeof(note.handler.text) > 28 && CONTAINER_NAME_MAX == 48, "below");
	while (status == 0 && fscanf(notes, "%28s %48s\n", note.handler.text, note.container) == 2)
		status = visit(&note, arg);
	fclose(notes);
	return status;
}

static int append_note(int rundir, const char *file, const struct note *note)
{
	int fd = openat(rundir, file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
	int status;

	if (fd < 0)
		return -errno;
	status = dprintf(fd, "%s %s\n", note->handler.text, note->container) < 0 ? -errno : 0;
	close(fd);
	return status;
}

/*
 * ARG is another note. These return whether it is the same, has the same
 * handler, or has that handler for another container.
 */
static int is_same_note(const struct note *note, void *arg)
{
	const struct note *other = arg;

	return strcmp(note->handler.text, other->handler.text) == 0 &&
	       strcmp(note->container, other->container) == 0;
}

static int has_same_handler(const struct note *note, void *arg)
{
	const struct note *other = arg;

	return strcmp(note->handler.text, other->handler.text) == 0;
}

static int is_for_another(const struct note *note, void *arg)
{
	const struct note *other = arg;

	return strcmp(note->handler.text, other->handler.text) == 0 &&
	       strcmp(note->container, other->container) != 0;
}

static int add_note(int rundir, struct note *note)
{
	int there = visit_notes(rundir, NOTES, is_same_note, note);

	return there ? (there < 0 ? there : 0) : append_note(rundir, NOTES, note);
}

/*
 * Handlers of our own.
 */

static void add_hex(char *text, const unsigned char *bytes)
{
	size_t i;

	text += strlen(text);
	for (i = 0; i < OWN_MAGIC; i++)
		text += sprintf(text, "\\x%02x", bytes[i]);
	strcpy(text, "\001");
}

/* The bytes that say: a program, of this class, byte order, ABI and machine. */
static void own_mask(const struct elfarch *arch, unsigned char mask[OWN_MAGIC])
{
	const unsigned char *head = arch->head;

	memset(mask, 0xff, OWN_MAGIC);
	/* The ABI's version, and the padding. */
	memset(mask + EI_ABIVERSION, 0, EI_NIDENT - EI_ABIVERSION);
	mask[EI_OSABI] = is_usual_abi(head[EI_OSABI])
				 ? (unsigned char)~(ELFOSABI_SYSV ^ ELFOSABI_GNU)
				 : 0xff;
	mask[type_at(arch)] = (unsigned char)(~ET_EXEC ^ ET_DYN);
}

static int register_handler(int dir, const struct handler_name *name, const struct elfarch *arch,
			    const char *interpreter)
{
	char text[PATH_MAX + 1024];
	unsigned char mask[OWN_MAGIC];

	if (strlen(interpreter) >= PATH_MAX)
		return -ENAMETOOLONG;
	own_mask(arch, mask);
	/*
	 * The first byte separates, and is in no path: the configuration has no
	 * control characters.
	 */
	sprintf(text, "\001%s\001M\001\001", name->text);
	add_hex(text, arch->head);
	add_hex(text, mask);
	strcat(text, interpreter);
	strcat(text, "\001PF");
	debug("register %s: %s, flags PF", name->text, interpreter);
	return write_text(dir, "register", text);
}

static int unregister_handler(int dir, const struct handler_name *name)
{
	int status = write_text(dir, name->text, "-1");

	debug("unregister %s", name->text);
	return status == -ENOENT ? 0 : status;
}

/*
 * The handler that was registered for other containers, or for this one before.
 */
static int reuse(int rundir, int dir, struct note *note, const struct elfarch *arch,
		 const char *interpreter, const struct handler *handler, struct failure *failure)
{
	int others, status = 0;

	if (strcmp(handler->interpreter, interpreter) == 0)
		return add_note(rundir, note);
	others = visit_notes(rundir, NOTES, is_for_another, note);
	if (others == 0) {
		status = unregister_handler(dir, &note->handler);
		return status < 0 ? status
				  : register_handler(dir, &note->handler, arch, interpreter);
	}
	status = others < 0 ? others : add_note(rundir, note);
	if (status < 0)
		return status;
	failure_say(
		failure, -EEXIST,
		"its programs run under %s, the interpreter of another container: the kernel has one for each architecture",
		handler->interpreter);
	return BINFMT_PARTLY;
}

/* A handler that is not lsl's. */
static int leave_alone(const char *name, const struct handler *handler, struct failure *failure)
{
	debug("%s is there: %s", name, handler->interpreter);
	if (handler->keeps_argv0)
		return 0;
	failure_say(
		failure, -EEXIST,
		"its programs see their path as argv[0]: the handler %s of binfmt_misc, which is not lsl's, has no flag P",
		name);
	return BINFMT_PARTLY;
}

static int begin_handler(int rundir, int dir, struct note *note, const struct elfarch *arch,
			 const char *interpreter, struct failure *failure)
{
	char name[NAME_MAX + 1], state[16] = "";
	int ours = visit_notes(rundir, NOTES, has_same_handler, note);
	struct handler handler;
	int status;

	if (ours < 0)
		return ours;
	status = read_text(dir, "status", state, sizeof(state));
	if (status < 0)
		return status;
	if (strcmp(state, "enabled\n") != 0)
		return failure_say(failure, -EPERM,
				   "binfmt_misc is disabled (echo 1 to its status)");
	if (ours && read_handler(dir, note->handler.text, &handler) == 0) {
		if (serves(&handler, arch))
			return reuse(rundir, dir, note, arch, interpreter, &handler, failure);
		status = unregister_handler(dir, &note->handler);
	}
	if (status == 0)
		status = find_handler(dir, arch, name, &handler);
	if (status == HANDLER_FOUND)
		return leave_alone(name, &handler, failure);
	/*
	 * The note comes first: a start that is killed here leaves a note
	 * without a handler, never a handler without a note.
	 */
	if (status == 0)
		status = add_note(rundir, note);
	return status < 0 ? status : register_handler(dir, &note->handler, arch, interpreter);
}

int binfmt_begin(int rundir, const char *container, const struct elfarch *arch,
		 const char *interpreter, struct failure *failure)
{
	struct note note = {.handler = handler_name(arch)};
	int status, dir = open_handlers(rundir);

	if (dir < 0)
		return failure_set(failure, dir, "cannot mount binfmt_misc");
	snprintf(note.container, sizeof(note.container), "%s", container);
	failure->text[0] = '\0';
	status = begin_handler(rundir, dir, &note, arch, interpreter, failure);
	close(dir);
	if (status < 0 && !failure->text[0])
		failure_set(failure, status, "cannot register %s with binfmt_misc",
			    note.handler.text);
	return status;
}

bool binfmt_is_there(const struct elfarch *arch, char name[BINFMT_NAME_MAX])
{
	int dir = open(PATH_HOSTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct handler handler;
	bool is_there;

	if (dir < 0)
		return false;
	is_there = find_handler(dir, arch, name, &handler) == HANDLER_FOUND &&
		   strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0;
	close(dir);
	return is_there;
}

struct ending {
	int rundir;
	int dir; /* binfmt_misc */
	bool is_needed;
};

static int keep_if_needed(const struct note *note, void *arg)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct ending *ending = arg;
	struct record record;

	if (!container_name_valid(note->container, strlen(note->container)) ||
	    record_read(ending->rundir, note->container, text, sizeof(text), &record) < 0 ||
	    !record.interpreter)
		return 0;
	ending->is_needed = true;
	return append_note(ending->rundir, NOTES_NEW, note);
}

static int remove_if_unneeded(const struct note *note, void *arg)
{
	struct ending *ending = arg;
	int needed =
		visit_notes(ending->rundir, NOTES_NEW, has_same_handler, (void *)(uintptr_t)note);

	return needed < 0 ? needed : needed ? 0 : unregister_handler(ending->dir, &note->handler);
}

static int has_note(const struct note *note, void *arg)
{
	(void)note;
	(void)arg;
	return 1;
}

static int end(struct ending *ending)
{
	int rundir = ending->rundir, status;

	if (unlinkat(rundir, NOTES_NEW, 0) < 0 && errno != ENOENT)
		return -errno;
	status = visit_notes(rundir, NOTES, keep_if_needed, ending);
	if (status == 0)
		status = visit_notes(rundir, NOTES, remove_if_unneeded, ending);
	if (status < 0)
		return status;
	if (ending->is_needed)
		return renameat(rundir, NOTES_NEW, rundir, NOTES) < 0 ? -errno : 0;
	return unlinkat(rundir, NOTES, 0) < 0 && errno != ENOENT ? -errno : 0;
}

int binfmt_end(int rundir, struct failure *failure)
{
	struct ending ending = {.rundir = rundir, .dir = -1};
	int status = visit_notes(rundir, NOTES, has_note, NULL);

	if (status > 0)
		status = ending.dir = open_handlers(rundir);
	if (status >= 0)
		status = end(&ending);
	if (ending.dir >= 0)
		close(ending.dir);
	if (status == 0 && !ending.is_needed)
		status = unmount_handlers(rundir);
	return status < 0 ? failure_set(failure, status, "cannot clean up binfmt_misc") : 0;
}
