/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "elfarch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/* The 64 bytes that such a program begins with. */
struct head {
	unsigned char bytes[ELFARCH_HEAD];
};

static struct head head(unsigned char class, unsigned char data, unsigned int type,
			unsigned int machine)
{
	struct head h = {{0x7f, 'E', 'L', 'F', class, data, EV_CURRENT}};
	int low = data == ELFDATA2MSB;

	h.bytes[16 + low] = (unsigned char)type;
	h.bytes[17 - low] = (unsigned char)(type >> 8);
	h.bytes[18 + low] = (unsigned char)machine;
	h.bytes[19 - low] = (unsigned char)(machine >> 8);
	return h;
}

static int parse(struct head h, struct elfarch *arch)
{
	return elfarch_parse(h.bytes, sizeof(h.bytes), arch);
}

TEST(test_elfarch__names_are_those_of_the_emulators)
{
	static const struct {
		unsigned char class, data;
		unsigned int machine;
		const char *name;
	} cases[] = {
		{ELFCLASS64, ELFDATA2LSB, EM_AARCH64, "aarch64"},
		{ELFCLASS32, ELFDATA2LSB, EM_ARM, "arm"},
		{ELFCLASS64, ELFDATA2LSB, 243, "riscv64"},
		{ELFCLASS32, ELFDATA2LSB, 243, "riscv32"},
		{ELFCLASS64, ELFDATA2MSB, EM_S390, "s390x"},
		{ELFCLASS64, ELFDATA2LSB, EM_PPC64, "ppc64le"},
		{ELFCLASS64, ELFDATA2MSB, EM_PPC64, "ppc64"},
		{ELFCLASS32, ELFDATA2MSB, EM_MIPS, "mips"},
		{ELFCLASS64, ELFDATA2LSB, EM_MIPS, "mips64el"},
		{ELFCLASS64, ELFDATA2LSB, EM_X86_64, "x86_64"},
		{ELFCLASS32, ELFDATA2LSB, EM_386, "i386"},
		{ELFCLASS64, ELFDATA2LSB, 258, "loongarch64"},
		{ELFCLASS64, ELFDATA2LSB, 0x9026, "alpha"},
	};
	char name[ELFARCH_NAME_MAX];
	struct elfarch arch;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(parse(head(cases[i].class, cases[i].data, ET_DYN, cases[i].machine),
				&arch),
			  0);
		CHECK(elfarch_name(&arch, name));
		CHECK_STR(name, cases[i].name);
	}
}

TEST(test_elfarch__unknown_machine_has_its_number)
{
	char name[ELFARCH_NAME_MAX];
	struct elfarch arch;

	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2LSB, ET_EXEC, 65535), &arch), 0);
	CHECK(!elfarch_name(&arch, name));
	CHECK_STR(name, "machine-65535");
	CHECK_INT(parse(head(ELFCLASS32, ELFDATA2MSB, ET_EXEC, EM_NONE), &arch), 0);
	CHECK(!elfarch_name(&arch, name));
	CHECK_STR(name, "machine-0");
}

TEST(test_elfarch__only_programs)
{
	struct head h = head(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_AARCH64);
	struct elfarch arch;

	CHECK_INT(elfarch_parse(h.bytes, sizeof(Elf32_Ehdr), &arch), 0);
	CHECK_INT(elfarch_parse(h.bytes, sizeof(Elf32_Ehdr) - 1, &arch), -ENOEXEC);
	CHECK_INT(elfarch_parse("", 0, &arch), -ENOEXEC);
	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2LSB, ET_REL, EM_AARCH64), &arch), -ENOEXEC);
	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2LSB, ET_CORE, EM_AARCH64), &arch), -ENOEXEC);
	CHECK_INT(parse(head(3, ELFDATA2LSB, ET_EXEC, EM_AARCH64), &arch), -ENOEXEC);
	CHECK_INT(parse(head(ELFCLASS64, 0, ET_EXEC, EM_AARCH64), &arch), -ENOEXEC);
	h.bytes[3] = 'G';
	CHECK_INT(parse(h, &arch), -ENOEXEC);
	CHECK_INT(elfarch_parse("#!/bin/sh\n", 10, &arch), -ENOEXEC);
	CHECK(memcmp(arch.head, "#!/bin/sh\n", 11) == 0);
}

TEST(test_elfarch__same_whatever_else_differs)
{
	struct head h = head(ELFCLASS64, ELFDATA2LSB, ET_EXEC, EM_AARCH64);
	struct elfarch a, b;

	CHECK_INT(parse(h, &a), 0);
	h = head(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_AARCH64);
	h.bytes[EI_OSABI] = ELFOSABI_GNU;
	CHECK_INT(parse(h, &b), 0);
	CHECK(elfarch_is_same(&a, &b));
	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_AARCH64), &b), 0);
	CHECK(!elfarch_is_same(&a, &b));
	CHECK_INT(parse(head(ELFCLASS32, ELFDATA2LSB, ET_DYN, EM_AARCH64), &b), 0);
	CHECK(!elfarch_is_same(&a, &b));
	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_ARM), &b), 0);
	CHECK(!elfarch_is_same(&a, &b));
}

TEST(test_elfarch__native_is_what_runs_here)
{
	struct elfarch own, other;
	char name[ELFARCH_NAME_MAX];
	int before = personality(0xffffffff), fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (!CHECK(fd >= 0))
		return;
	CHECK_INT((int)lseek(fd, 1, SEEK_SET), 1);
	CHECK_INT(elfarch_read(fd, &own), 0);
	CHECK(elfarch_is_native(&own));
	close(fd);
	CHECK_INT(parse(head(ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_S390), &other), 0);
	CHECK_INT(elfarch_is_native(&other), elfarch_is_same(&own, &other));
	elfarch_name(&own, name);
	CHECK_INT(parse(head(ELFCLASS32, ELFDATA2LSB, ET_DYN, EM_386), &other), 0);
	CHECK_INT(elfarch_is_native(&other),
		  strcmp(name, "x86_64") == 0 || strcmp(name, "i386") == 0);
	/* As setarch(8) asks; twice, since the answer is kept. */
	CHECK_INT(parse(head(ELFCLASS32, ELFDATA2LSB, ET_DYN, EM_ARM), &other), 0);
	for (int i = 0; i < 2; i++)
		CHECK_INT(elfarch_is_native(&other),
			  strcmp(name, "arm") == 0 ||
				  (strcmp(name, "aarch64") == 0 &&
				   system("setarch linux32 true 2>/dev/null") == 0));
	CHECK_INT(personality(0xffffffff), before);
	CHECK_INT(parse(head(ELFCLASS32, ELFDATA2MSB, ET_DYN, EM_ARM), &other), 0);
	CHECK_INT(elfarch_is_native(&other), elfarch_is_same(&own, &other));
}

TEST(test_elfarch__a_file_that_cannot_be_read)
{
	struct elfarch arch;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	CHECK_INT(elfarch_read(fd, &arch), -EISDIR);
	close(fd);
	CHECK_INT(elfarch_read(-1, &arch), -EBADF);
}
