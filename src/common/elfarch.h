/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine that a program was compiled for, by its ELF header, elf(5).
 * lslExecutor uses this, so it allocates no memory and uses no stdio.
 */
#ifndef LSL_ELFARCH_H
#define LSL_ELFARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes of a file are read: the size of the larger ELF header. */
#define ELFARCH_HEAD 64

/* Room for the longest name, with its final NUL. */
#define ELFARCH_NAME_MAX 24

struct elfarch {
	/* The beginning of the file, with NULs after the file's end. */
	unsigned char head[ELFARCH_HEAD];
};

/*
 * Reads the head of the file FD, whatever its offset is. -ENOEXEC: not an ELF
 * program; HEAD has the beginning of the file. Other negative errno as from
 * pread(2).
 */
int elfarch_read(int fd, struct elfarch *arch);

/*
 * Parses LEN bytes of a file's beginning. -ENOEXEC unless they begin with the
 * header of an ELF program (ET_EXEC or ET_DYN) of a known class and byte order.
 */
int elfarch_parse(const void *bytes, size_t len, struct elfarch *arch);

/*
 * The machine on which programs of ARCH run is the same, whatever else their
 * headers say.
 */
bool elfarch_is_same(const struct elfarch *a, const struct elfarch *b);

/*
 * Whether this machine's kernel itself executes programs of ARCH: those for the
 * machine of the calling program, i386's on x86_64, and arm's on an aarch64
 * that can execute 32-bit programs. The first call finds that by
 * personality(2).
 */
bool elfarch_is_native(const struct elfarch *arch);

/*
 * Writes the architecture's name as in the names of QEMU's user mode emulators:
 * "aarch64" for qemu-aarch64. It is the name from uname(2), too, except for
 * some families ("arm"). For an unknown machine writes "machine-N" with ELF's
 * number, and returns false: no emulator has that name.
 */
bool elfarch_name(const struct elfarch *arch, char name[ELFARCH_NAME_MAX]);

/* The architectures that have a name. */
#define ELFARCH_KNOWN 25
extern const struct elfarch_known {
	uint16_t machine; /* e_machine */
	unsigned char class; /* 0: either */
	unsigned char data; /* 0: either */
	char name[12]; /* not a pointer, which would need a relocation */
} elfarch_known[ELFARCH_KNOWN];

/* A range of bytes in a file. */
struct elfarch_part {
	uint64_t offset, size;
};

/*
 * Finds the path of the dynamic loader in the file FD, whose head is ARCH.
 * False: it has none, or it cannot be read.
 */
bool elfarch_find_loader(int fd, const struct elfarch *arch, struct elfarch_part *part);

#endif
