/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "files/safepath_find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

static struct tree tree;

/* False where it cannot be tested. */
static bool begin(void)
{
	if (geteuid() != 0) {
		SKIP("only root has files that are root's");
		return false;
	}
	tree_make(&tree);
	tree_dir(&tree, "usr", 0755);
	tree_dir(&tree, "usr/bin", 0755);
	tree_file(&tree, "usr/bin/tool", 0755, "text");
	return true;
}

/* No group is taken for empty. */
static struct account_roots none;

static void check_way(const char *path, int status, const char *place)
{
	struct unsafe_place way;

	CHECK_INT(safepath_find_unsafe(tree.fd, path, &none, &way), status);
	CHECK_STR(way.place, place);
}

TEST(test_safepath_find__what_is_roots_is_well)
{
	if (!begin())
		return;
	check_way("/", 0, "/");
	check_way("/usr/bin", 0, "/usr/bin");
	check_way("/usr/bin/tool", 0, "/usr/bin/tool");
	check_way("//usr/./bin//", 0, "/usr/bin");
	tree_link(&tree, "usr/bin", "bin");
	tree_link(&tree, "/usr", "usr/absolute");
	check_way("/bin/tool", 0, "/usr/bin/tool");
	check_way("/usr/absolute/bin/../../bin", 0, "/usr/bin");
	check_way("/../../usr", 0, "/usr");
	tree_remove(&tree);
}

TEST(test_safepath_find__finds_the_first_that_others_write_to)
{
	if (!begin())
		return;
	tree_dir(&tree, "open", 0775);
	tree_dir(&tree, "open/sub", 0777);
	check_way("/open/sub", 1, "/open");
	check_way("/usr/../open", 1, "/open");
	tree_file(&tree, "usr/bin/writable", 0757, "text");
	check_way("/usr/bin/writable", 1, "/usr/bin/writable");
	tree_require(fchownat(tree.fd, "usr/bin", 4711, 0, 0) == 0, "chown");
	check_way("/usr/bin/tool", 1, "/usr/bin");
	tree_require(fchmod(tree.fd, 0777) == 0, "chmod");
	check_way("/usr", 1, "/");
	tree_remove(&tree);
}

TEST(test_safepath_find__the_places_of_links_count)
{
	if (!begin())
		return;
	tree_dir(&tree, "open", 0777);
	tree_link(&tree, "/usr/bin", "open/link");
	tree_link(&tree, "open/link", "bin");
	check_way("/bin", 1, "/open");
	tree_remove(&tree);
}

TEST(test_safepath_find__sticky_directories_are_on_the_way_only)
{
	if (!begin())
		return;
	tree_dir(&tree, "tmp", 01777);
	tree_dir(&tree, "tmp/root", 0755);
	check_way("/tmp/root", 0, "/tmp/root");
	check_way("/tmp", 1, "/tmp");
	tree_link(&tree, "/usr", "tmp/link");
	check_way("/tmp/link", 0, "/usr");
	tree_require(fchownat(tree.fd, "tmp/link", 4711, 0, AT_SYMLINK_NOFOLLOW) == 0, "chown");
	check_way("/tmp/link", 1, "/tmp/link");
	tree_remove(&tree);
}

TEST(test_safepath_find__what_cannot_be_followed)
{
	char path[PATH_MAX + 1];
	struct unsafe_place way;

	if (!begin())
		return;
	check_way("/usr/none/deeper", -ENOENT, "/usr/none");
	check_way("/usr/bin/tool/deeper", -ENOTDIR, "/usr/bin/tool/deeper");
	tree_link(&tree, "circle", "circle");
	CHECK_INT(safepath_find_unsafe(tree.fd, "/circle", &none, &way), -ELOOP);
	memset(path, 'x', PATH_MAX);
	path[0] = '/';
	path[PATH_MAX] = '\0';
	CHECK_INT(safepath_find_unsafe(tree.fd, path, &none, &way), -ENAMETOOLONG);
	tree_remove(&tree);
}
