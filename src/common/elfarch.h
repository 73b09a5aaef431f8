/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For which machine a program was compiled: what its ELF header says, elf(5).
 * No memory is allocated and no stdio used, for lslExecutor's sake.
 */
#ifndef LSL_ELFARCH_H
#define LSL_ELFARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of a file that are looked at: the larger of the two ELF headers. */
#define ELFARCH_HEAD 64

/* Room for the longest name, with its final NUL. */
#define ELFARCH_NAME_MAX 24

struct elfarch {
	/* The beginning of the file, with NULs after the file's end. */
	unsigned char head[ELFARCH_HEAD];
};

/*
 * Reads the head of the file FD, from its beginning wherever its offset is.
 * -ENOEXEC: not an ELF program, and head holds what the file begins with. Other
 * negative errno as pread(2) gives them.
 */
int elfarch_read(int fd, struct elfarch *arch);

/*
 * Takes LEN bytes of a file's beginning. -ENOEXEC unless they are, or begin
 * with, the header of an ELF program (ET_EXEC or ET_DYN) of a known class and
 * byte order.
 */
int elfarch_parse(const void *bytes, size_t len, struct elfarch *arch);

/*
 * The machine on which programs of ARCH run is the same, whatever else their
 * headers say.
 */
bool elfarch_is_same(const struct elfarch *a, const struct elfarch *b);

/*
 * Whether this machine's kernel itself executes programs of ARCH: those that
 * are as the calling program is, i386's on x86_64, and arm's on an aarch64 that
 * has a 32-bit side. That is asked by personality(2) the first time.
 */
bool elfarch_is_native(const struct elfarch *arch);

/*
 * Asks what elfarch_is_native will, before a system call filter refuses
 * it.
 */
void elfarch_ask(void);

/*
 * Writes the architecture's name as QEMU has it in its user mode emulators'
 * names: "aarch64" for qemu-aarch64. That is uname(2)'s too, but where that of
 * a family differs ("arm"). For an unknown machine "machine-N" with ELF's
 * number, which no emulator is named after: then false.
 */
bool elfarch_name(const struct elfarch *arch, char name[ELFARCH_NAME_MAX]);

/* Whether the LEN bytes at NAME are such a name. */
bool elfarch_has_name(const char *name, size_t len);

/* Where something stands in a file. */
struct elfarch_part {
	uint64_t offset, size;
};

/*
 * Where the file FD, which begins with ARCH, has the path of its dynamic
 * loader. False: it has none, or it cannot be read.
 */
bool elfarch_find_loader(int fd, const struct elfarch *arch, struct elfarch_part *part);

#endif
