/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "elfarch.h"

#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

/* Some elf.h are too old to have these. */
#define MACHINE_LOONGARCH 258
#define MACHINE_RISCV 243

/* The most program headers of a file that are read; ten would be many. */
#define HEADERS_MAX 64

/* The fields below lie at the same place in both classes. */
#define TYPE_AT offsetof(Elf64_Ehdr, e_type)
#define MACHINE_AT offsetof(Elf64_Ehdr, e_machine)

/* The header of the program that this is part of; the linker defines it. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): so the linker calls it. */
extern const unsigned char __ehdr_start[ELFARCH_HEAD] __attribute__((visibility("hidden")));

static unsigned int half(const struct elfarch *arch, size_t at)
{
	const unsigned char *p = arch->head + at;

	return arch->head[EI_DATA] == ELFDATA2MSB ? (unsigned int)(p[0] << 8 | p[1])
						  : (unsigned int)(p[1] << 8 | p[0]);
}

int elfarch_parse(const void *bytes, size_t len, struct elfarch *arch)
{
	const unsigned char *ident = arch->head;
	unsigned int type;

	memset(arch->head, 0, sizeof(arch->head));
	memcpy(arch->head, bytes, len < sizeof(arch->head) ? len : sizeof(arch->head));
	if (len < sizeof(Elf32_Ehdr) || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return -ENOEXEC;
	if (ident[EI_DATA] != ELFDATA2LSB && ident[EI_DATA] != ELFDATA2MSB)
		return -ENOEXEC;
	type = half(arch, TYPE_AT);
	return type == ET_EXEC || type == ET_DYN ? 0 : -ENOEXEC;
}

int elfarch_read(int fd, struct elfarch *arch)
{
	unsigned char head[ELFARCH_HEAD];
	ssize_t n;

	do
		n = pread(fd, head, sizeof(head), 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : elfarch_parse(head, (size_t)n, arch);
}

bool elfarch_is_same(const struct elfarch *a, const struct elfarch *b)
{
	return a->head[EI_CLASS] == b->head[EI_CLASS] && a->head[EI_DATA] == b->head[EI_DATA] &&
	       half(a, MACHINE_AT) == half(b, MACHINE_AT);
}

#ifdef __aarch64__
/* The kernel refuses this personality if the processor lacks it. */
static bool has_32_bit_side(void)
{
	static enum {
		UNKNOWN,
		ABSENT,
		PRESENT
	} side;
	int before;

	if (side == UNKNOWN) {
		before = personality(0xffffffff);
		side = before >= 0 && personality(PER_LINUX32) >= 0 ? PRESENT : ABSENT;
		if (side == PRESENT)
			personality((unsigned long)before);
	}
	return side == PRESENT;
}

static bool is_other_side(const struct elfarch *arch)
{
	return half(arch, MACHINE_AT) == EM_ARM && arch->head[EI_DATA] == ELFDATA2LSB &&
	       has_32_bit_side();
}
#elif defined(__x86_64__)
static bool is_other_side(const struct elfarch *arch)
{
	return half(arch, MACHINE_AT) == EM_386;
}
#else
static bool is_other_side(const struct elfarch *arch)
{
	(void)arch;
	return false;
}
#endif

bool elfarch_is_native(const struct elfarch *arch)
{
	struct elfarch own;

	return elfarch_parse(__ehdr_start, sizeof(own.head), &own) == 0 &&
	       (elfarch_is_same(arch, &own) || is_other_side(arch));
}

const struct elfarch_known elfarch_known[ELFARCH_KNOWN] = {
	{EM_386, 0, 0, "i386"},
	{EM_68K, 0, 0, "m68k"},
	{EM_AARCH64, 0, ELFDATA2LSB, "aarch64"},
	{EM_AARCH64, 0, ELFDATA2MSB, "aarch64_be"},
	{EM_ARM, 0, ELFDATA2LSB, "arm"},
	{EM_ARM, 0, ELFDATA2MSB, "armeb"},
	{EM_MIPS, ELFCLASS32, ELFDATA2LSB, "mipsel"},
	{EM_MIPS, ELFCLASS32, ELFDATA2MSB, "mips"},
	{EM_MIPS, ELFCLASS64, ELFDATA2LSB, "mips64el"},
	{EM_MIPS, ELFCLASS64, ELFDATA2MSB, "mips64"},
	{EM_PARISC, 0, 0, "hppa"},
	{EM_PPC, 0, 0, "ppc"},
	{EM_PPC64, 0, ELFDATA2LSB, "ppc64le"},
	{EM_PPC64, 0, ELFDATA2MSB, "ppc64"},
	{EM_S390, ELFCLASS64, 0, "s390x"},
	{EM_SH, 0, ELFDATA2LSB, "sh4"},
	{EM_SH, 0, ELFDATA2MSB, "sh4eb"},
	{EM_SPARC, 0, 0, "sparc"},
	{EM_SPARC32PLUS, 0, 0, "sparc32plus"},
	{EM_SPARCV9, 0, 0, "sparc64"},
	{EM_X86_64, ELFCLASS64, 0, "x86_64"},
	{EM_ALPHA, 0, 0, "alpha"},
	{MACHINE_LOONGARCH, ELFCLASS64, 0, "loongarch64"},
	{MACHINE_RISCV, ELFCLASS32, 0, "riscv32"},
	{MACHINE_RISCV, ELFCLASS64, 0, "riscv64"},
};

/* Without printf(3). */
static void name_by_number(unsigned int machine, char *name)
{
	char digits[8];
	size_t n = 0;

	strcpy(name, "machine-");
	name += strlen(name);
	do {
		digits[n++] = (char)('0' + machine % 10);
		machine /= 10;
	} while (machine);
	while (n)
		*name++ = digits[--n];
	*name = '\0';
}

bool elfarch_name(const struct elfarch *arch, char name[ELFARCH_NAME_MAX])
{
	unsigned int machine = half(arch, MACHINE_AT);
	const struct elfarch_known *known;
	size_t i;

	for (i = 0; i < ELFARCH_KNOWN; i++) {
		known = &elfarch_known[i];
		if (known->machine != machine ||
		    (known->class && known->class != arch->head[EI_CLASS]) ||
		    (known->data && known->data != arch->head[EI_DATA]))
			continue;
		strcpy(name, known->name);
		return true;
	}
	name_by_number(machine, name);
	return false;
}

/*
 * The type of the program header at AT, and where its segment is. PT_NULL: it
 * cannot be read.
 */
static uint32_t read_header(int fd, bool is_64, uint64_t at, struct elfarch_part *part)
{
	Elf64_Phdr large;
	Elf32_Phdr small;

	if (is_64) {
		if (pread(fd, &large, sizeof(large), (off_t)at) != (ssize_t)sizeof(large))
			return PT_NULL;
		*part = (struct elfarch_part){large.p_offset, large.p_filesz};
		return large.p_type;
	}
	if (pread(fd, &small, sizeof(small), (off_t)at) != (ssize_t)sizeof(small))
		return PT_NULL;
	*part = (struct elfarch_part){small.p_offset, small.p_filesz};
	return small.p_type;
}

bool elfarch_find_loader(int fd, const struct elfarch *arch, struct elfarch_part *part)
{
	bool is_64 = arch->head[EI_CLASS] == ELFCLASS64;
	uint64_t at, size = is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	unsigned int i, count;
	Elf64_Ehdr large;
	Elf32_Ehdr small;

	memcpy(&large, arch->head, sizeof(large));
	memcpy(&small, arch->head, sizeof(small));
	at = is_64 ? large.e_phoff : small.e_phoff;
	count = is_64 ? large.e_phnum : small.e_phnum;
	for (i = 0; i < count && i < HEADERS_MAX; i++)
		if (read_header(fd, is_64, at + i * size, part) == PT_INTERP)
			return true;
	return false;
}
