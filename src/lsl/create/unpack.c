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

/* The fields of a block of tar(5). */
#define BLOCK 512
#define CHECKSUM_AT 148
#define CHECKSUM_LEN 8

/*
 * Enough for "xz -9", for zstd's largest window, and for tar, which keeps a
 * record of each directory. An archive could ask tar for any amount: a name may
 * have gigabytes.
 */
#define UNPACK_MEMORY (512UL * 1024 * 1024)

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

/* The tool that reads the archive shares our offset. */
static long count_unpacked(struct tool *tool)
{
	return (long)lseek(tool->input, 0, SEEK_CUR);
}

int unpack(int archive, int rootfs, const char *name, struct failure *failure)
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
	struct tool unpacker = {.program = "tar",
				.arguments = tar,
				.privilege = TOOL_UNPACKS,
				.directory = rootfs,
				.memory_max = UNPACK_MEMORY};
	struct tool decompressor = {
		.arguments = decompress, .memory_max = UNPACK_MEMORY, .reader = &unpacker};
	struct tool *first;
	char what[128];
	struct stat st;
	int status = recognise(archive, &decompress[0], failure);

	if (status < 0)
		return status;
	if (!decompress[0] && !has_end(archive))
		return failure_say(failure, EIO, "the archive is cut off");
	if (lseek(archive, 0, SEEK_SET) < 0 || fstat(archive, &st) < 0)
		return failure_set(failure, errno, "cannot read the archive");
	snprintf(what, sizeof(what), "%s, unpacking", name);
	decompressor.program = decompress[0];
	first = decompress[0] ? &decompressor : &unpacker;
	first->input = archive;
	first->what = what;
	first->size = (long)st.st_size;
	first->count = count_unpacked;
	return tool_run(first, failure);
}
