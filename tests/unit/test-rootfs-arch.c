/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "foreign/rootfs_arch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

static struct tree tree;

static void file_of(const char *path, const void *bytes, size_t len)
{
	int fd = openat(tree.fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	tree_require(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fchmod(fd, 0755) == 0,
		     path);
	close(fd);
}

/* A machine whose programs no kernel executes. */
static void foreign_program(const char *path)
{
	unsigned char head[ELFARCH_HEAD] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1};

	head[16] = ET_EXEC;
	head[18] = head[19] = 0xfe;
	file_of(path, head, sizeof(head));
}

static void native_program(const char *path)
{
	unsigned char head[ELFARCH_HEAD];
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	tree_require(fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head), path);
	close(fd);
	file_of(path, head, sizeof(head));
}

static void fill(void)
{
	tree_make(&tree);
	tree_dir(&tree, "scripts", 0755);
	tree_file(&tree, "scripts/script", 0755, "#!/bin/sh\n");
	tree_file(&tree, "scripts/empty", 0755, "");
	tree_dir(&tree, "native", 0755);
	tree_file(&tree, "native/script", 0755, "#!/bin/sh\n");
	native_program("native/program");
	tree_dir(&tree, "mixed", 0755);
	native_program("mixed/a");
	tree_link(&tree, "/one/program", "mixed/b");
	native_program("mixed/c");
	tree_dir(&tree, "one", 0755);
	foreign_program("one/program");
	tree_dir(&tree, "data", 0755);
	foreign_program("data/library");
	tree_require(fchmodat(tree.fd, "data/library", 0644, 0) == 0, "chmod");
}

/* The tree has no shell. */
static int find_in(const char *bin, struct elfarch *arch)
{
	char *bins[] = {strdup(bin)};
	const struct container container = {.path = tree.path, .bins = bins, .bin_count = 1};
	int found = rootfs_arch_find(&container, arch);

	free(bins[0]);
	return found;
}

TEST(test_rootfs_arch__one_foreign_program_is_enough)
{
	struct elfarch arch;
	char name[ELFARCH_NAME_MAX];

	CHECK_INT(find_in("/mixed", &arch), ROOTFS_FOREIGN);
	elfarch_name(&arch, name);
	CHECK_STR(name, "machine-65278");
	CHECK_INT(find_in("/one", &arch), ROOTFS_FOREIGN);
}

TEST(test_rootfs_arch__native_programs_are_not)
{
	struct elfarch arch;

	CHECK_INT(find_in("/native", &arch), ROOTFS_NATIVE);
	CHECK(elfarch_is_native(&arch));
}

TEST(test_rootfs_arch__a_single_file)
{
	struct elfarch arch;

	CHECK_INT(find_in("/one/program", &arch), ROOTFS_FOREIGN);
	CHECK_INT(find_in("/mixed/b", &arch), ROOTFS_FOREIGN);
	CHECK_INT(find_in("/native/program", &arch), ROOTFS_NATIVE);
	CHECK_INT(find_in("/native/script", &arch), -ENOEXEC);
}

TEST(test_rootfs_arch__without_programs)
{
	struct elfarch arch;

	CHECK_INT(find_in("/scripts", &arch), -ENOEXEC);
	CHECK_INT(find_in("/data", &arch), -ENOEXEC);
	CHECK_INT(find_in("/data/library", &arch), -ENOEXEC);
	CHECK_INT(find_in("/not/there", &arch), -ENOEXEC);
}

static char scripts[] = "/scripts", native[] = "/native", mixed[] = "/mixed", one[] = "/one";

/* MNT may be NULL. */
static struct container container_of(char **bins, size_t count, struct bind *mnt)
{
	return (struct container){.path = tree.path,
				  .bins = bins,
				  .bin_count = count,
				  .binds = mnt,
				  .bind_count = mnt ? 1 : 0};
}

TEST(test_rootfs_arch_find__goes_on_until_a_foreign_one)
{
	char *bins[] = {scripts, native, mixed};
	struct container container = container_of(bins, 3, NULL);
	struct elfarch arch;

	CHECK_INT(rootfs_arch_find(&container, &arch), ROOTFS_FOREIGN);
	container.bin_count = 2;
	CHECK_INT(rootfs_arch_find(&container, &arch), ROOTFS_NATIVE);
	container.bin_count = 1;
	CHECK_INT(rootfs_arch_find(&container, &arch), -ENOEXEC);
}

TEST(test_rootfs_arch_sample__is_the_first)
{
	char *bins[] = {scripts, native, one};
	struct container container = container_of(bins, 3, NULL);
	struct elfarch arch;

	CHECK_INT(rootfs_arch_sample(&container, &arch), ROOTFS_NATIVE);
	CHECK(elfarch_is_native(&arch));
	bins[1] = one;
	CHECK_INT(rootfs_arch_sample(&container, &arch), ROOTFS_FOREIGN);
	CHECK(!elfarch_is_native(&arch));
}

TEST(test_rootfs_arch_of__a_program_a_script_and_what_mnt_brings)
{
	char *bins[] = {one}, target[] = "/mnt", *source;
	struct bind mnt = {.target = target};
	struct container container = container_of(bins, 1, &mnt);
	struct elfarch arch;

	tree_require(asprintf(&source, "%s/native", tree.path) > 0, "a name");
	mnt.source = source;
	CHECK_INT(rootfs_arch_of(&container, "/native/program", &arch), 0);
	CHECK(elfarch_is_native(&arch));
	CHECK_INT(rootfs_arch_of(&container, "/native/script", &arch), 0);
	CHECK(!elfarch_is_native(&arch));
	CHECK_INT(rootfs_arch_of(&container, "/mnt/program", &arch), 0);
	CHECK(elfarch_is_native(&arch));
	free(source);
}

int main(void)
{
	int status;

	fill();
	status = unit_run();
	tree_remove(&tree);
	return status;
}
