/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foreign/binfmt_handler.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/debug.h"
#include "dirstream.h"
#include "pathnames.h"
#include "base/wholeio.h"

/* The colon keeps these names apart from all containers'. */
#define MOUNT_POINT ":binfmt_misc"
#define PATH_MOUNT_POINT PATH_MNTDIR "/" MOUNT_POINT

/*
 * The header up to e_machine, inclusive; later fields do not depend on the
 * architecture.
 */
#define OWN_MAGIC 20

struct handler_name handler_name(const struct elfarch *arch)
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

int handlers_open(int rundir)
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

int handlers_unmount(int rundir)
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

/* Existing handlers. */

int handler_read_text(int dir, const char *name, char *text, size_t size)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = wholeio_read(fd, text, size - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len < 0 ? (int)len : 0;
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

static const char *handler_value(const char *line, const char *key)
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
	} else if ((value = handler_value(line, "interpreter "))) {
		snprintf(handler->interpreter, sizeof(handler->interpreter), "%s", value);
	} else if ((value = handler_value(line, "flags: "))) {
		handler->is_fixed = strchr(value, 'F');
		handler->keeps_argv0 = strchr(value, 'P');
	} else if ((value = handler_value(line, "offset "))) {
		handler->offset = strtoul(value, NULL, 10);
	} else if ((value = handler_value(line, "magic "))) {
		handler->len = take_hex(value, handler->magic);
	} else if ((value = handler_value(line, "mask "))) {
		take_hex(value, handler->mask);
	}
}

int handler_read(int dir, const char *name, struct handler *handler)
{
	char text[PATH_MAX + 8 * MAGIC_MAX], *line, *rest = text;
	int status = handler_read_text(dir, name, text, sizeof(text));

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

bool handler_serves(const struct handler *handler, const struct elfarch *arch)
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

int handler_find(int dir, const struct elfarch *arch, char *name, struct handler *handler)
{
	DIR *entries = dirstream_open(dir, ".");
	const struct dirent *entry;
	int status = 0;

	if (!entries)
		return -errno;
	while (status == 0 && (entry = readdir(entries))) {
		if (entry->d_type != DT_REG || strcmp(entry->d_name, "register") == 0 ||
		    strcmp(entry->d_name, "status") == 0 ||
		    handler_read(dir, entry->d_name, handler) < 0 || !handler_serves(handler, arch))
			continue;
		strcpy(name, entry->d_name);
		status = HANDLER_FOUND;
	}
	closedir(entries);
	return status;
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

int handler_register(int dir, const struct handler_name *name, const struct elfarch *arch,
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

int handler_unregister(int dir, const struct handler_name *name)
{
	int status = write_text(dir, name->text, "-1");

	debug("unregister %s", name->text);
	return status == -ENOENT ? 0 : status;
}
