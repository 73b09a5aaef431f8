/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/unpack.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/transfer.h"

/* The fields of a block of tar(5). */
#define BLOCK 512
#define CHECKSUM_AT 148
#define CHECKSUM_LEN 8

/* Enough for "xz -9" and for zstd's largest window, and no more. */
#define DECOMPRESSOR_MEMORY (512UL * 1024 * 1024)

static const struct form {
	const char *magic;
	size_t len;
	const char *program; /* NULL: it cannot be unpacked */
	const char *name;
} forms[] = {
	{"\x1f\x8b", 2, "gzip", NULL},
	{"\xfd"
	 "7zXZ",
	 6, "xz", NULL},
	{"\x28\xb5\x2f\xfd", 4, "zstd", NULL},
	{"BZh", 3, "bzip2", NULL},
	{"hsqs", 4, NULL, "a squashfs image"},
	{"PK\x03\x04", 4, NULL, "a ZIP archive"},
	{"070701", 6, NULL, "a cpio archive"},
	{"QFI\xfb", 4, NULL, "an image of a virtual machine's disk"},
	{"!<arch>", 7, NULL, "a package or a library"},
	{"\xed\xab\xee\xdb", 4, NULL, "a package"},
};

/*
 * tar's own checksum: the sum of a header's bytes, with blanks in the field of
 * the sum.
 */
static bool is_tar(const unsigned char *block, size_t len)
{
	unsigned long sum = 0, told;
	char digits[CHECKSUM_LEN + 1];
	size_t i;

	if (len < BLOCK)
		return false;
	memcpy(digits, block + CHECKSUM_AT, CHECKSUM_LEN);
	digits[CHECKSUM_LEN] = '\0';
	told = strtoul(digits, NULL, 8);
	for (i = 0; i < BLOCK; i++)
		sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LEN ? ' ' : block[i];
	return sum == told && block[0];
}

/*
 * Whether ARCHIVE, a plain one, ends with zeros, as all do. tar(1) takes one
 * that is cut off between two of its files for a whole one.
 */
static bool has_end(int archive)
{
	static const char zeros[BLOCK];
	char last[BLOCK];
	off_t end = lseek(archive, 0, SEEK_END);

	return end >= BLOCK && pread(archive, last, BLOCK, end - BLOCK) == BLOCK &&
	       memcmp(last, zeros, BLOCK) == 0;
}

static const struct form *form_of(const unsigned char *block, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (len >= forms[i].len && memcmp(block, forms[i].magic, forms[i].len) == 0)
			return &forms[i];
	return NULL;
}

/*
 * Sets *PROGRAM to the program that decompresses ARCHIVE; NULL: none is needed.
 */
static int recognise(int archive, const char **program, struct failure *failure)
{
	unsigned char block[BLOCK];
	ssize_t len = pread(archive, block, sizeof(block), 0);
	const struct form *form;

	if (len < 0)
		return failure_set(failure, errno, "cannot read the archive");
	if (len == 0)
		return failure_say(failure, ENODATA, "the archive is empty");
	form = form_of(block, (size_t)len);
	*program = form ? form->program : NULL;
	if (*program || (!form && is_tar(block, (size_t)len)))
		return 0;
	return failure_say(
		failure, ENOEXEC,
		"it is %s, not a tar archive, plain or compressed by gzip, xz, zstd or bzip2",
		form ? form->name : "something else");
}

/* The state that is checked while tools run. */
struct unpacking {
	int archive;
	struct transfer transfer;
	const struct tool_watch *watch;
};

/* The tool that reads the archive shares our offset. */
static int look(void *arg, struct failure *failure)
{
	struct unpacking *unpacking = arg;
	off_t done = lseek(unpacking->archive, 0, SEEK_CUR);

	if (done >= 0)
		transfer_show(&unpacking->transfer, (long)done);
	return unpacking->watch->look(unpacking->watch->arg, failure);
}

/* Runs the tools of ROW, which unpack ARCHIVE. */
static int run(struct tool *row, size_t count, int archive, const char *what,
	       const struct tool_watch *watch, struct failure *failure)
{
	struct unpacking unpacking = {.archive = archive, .watch = watch};
	const struct tool_watch looking = {look, &unpacking};
	char words[128];
	struct stat st;
	int status;

	snprintf(words, sizeof(words), "%s, unpacking", what);
	transfer_begin(&unpacking.transfer, words, fstat(archive, &st) == 0 ? (long)st.st_size : 0);
	status = tool_run(row, count, &looking, failure);
	transfer_end(&unpacking.transfer);
	return status;
}

int unpack(int archive, int rootfs, const char *what, const struct tool_watch *watch,
	   struct failure *failure)
{
	/*
	 * Users could open a device outside of /dev, so tar may not make any.
	 */
	static const char *const tar[] = {"tar",
					  "--extract",
					  "--file=-",
					  "--numeric-owner",
					  "--same-owner",
					  "--same-permissions",
					  "--acls",
					  "--xattrs",
					  "--xattrs-include=security.capability",
					  "--xattrs-include=user.*",
					  "--anchored",
					  "--exclude=./dev/?*",
					  "--exclude=dev/?*",
					  "--exclude=/dev/?*",
					  "--warning=no-unknown-keyword",
					  "--warning=no-timestamp",
					  NULL};
	const char *decompress[] = {NULL, "-dc", NULL};
	struct tool row[2] = {
		{.arguments = decompress,
		 .input = archive,
		 .output = TOOL_PIPE,
		 .directory = -1,
		 .memory_max = DECOMPRESSOR_MEMORY},
		{.program = "tar",
		 .arguments = tar,
		 .privilege = TOOL_UNPACKS,
		 .input = TOOL_PIPE,
		 .output = TOOL_NULL,
		 .directory = rootfs},
	};
	int status = recognise(archive, &decompress[0], failure);

	if (status < 0)
		return status;
	if (!decompress[0] && !has_end(archive))
		return failure_say(failure, EIO, "the archive is cut off");
	if (lseek(archive, 0, SEEK_SET) < 0)
		return failure_set(failure, errno, "cannot read the archive");
	if (decompress[0]) {
		row[0].program = decompress[0];
		row[0].package = strcmp(decompress[0], "xz") == 0 ? "xz-utils" : NULL;
		return run(row, 2, archive, what, watch, failure);
	}
	row[1].input = archive;
	return run(row + 1, 1, archive, what, watch, failure);
}
