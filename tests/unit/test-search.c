/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything is tested below a root directory given by an fd, and, as
 * test-ownroot (compiled with TEST_OWN_ROOT), in a process with that root, like
 * lslExecutor.
 */
#include "config.h"
#include "search.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "child.h"
#include "inroot.h"
#include "search_visit.h"
#include "tree.h"
#include "unit.h"

static struct tree tree;
static int root;

#ifdef TEST_OWN_ROOT

static int outside = -1;

static void enter_root(void)
{
	outside = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_require(outside >= 0 && chroot(tree.path) == 0 && chdir("/") == 0, "chroot");
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_require(root >= 0, "root");
}

static int stat_below(int dir, const char *path, struct stat *st)
{
	(void)dir;
	return stat(path, st) < 0 ? -errno : 0;
}

static void leave_root(void)
{
	tree_require(fchdir(outside) == 0 && chroot(".") == 0, "chroot");
	close(outside);
	close(root);
}

static const char *why_not(void)
{
	if (geteuid() == 0 || unshare(CLONE_NEWUSER) == 0)
		return NULL;
	return "needs root, or a user namespace";
}

#else

#define stat_below inroot_stat

static void enter_root(void)
{
	root = openat(tree.fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	tree_require(root >= 0, "root");
}

static void leave_root(void)
{
	close(root);
}

static const char *why_not(void)
{
	return NULL;
}

#endif

/*
 * A root filesystem with a bin and a sbin, into which tests put files before
 * enter_root.
 */
static void begin(void)
{
	tree_make(&tree);
	tree_dir(&tree, "bin", 0755);
	tree_dir(&tree, "sbin", 0755);
	tree_file(&tree, "bin/tool", 0755, "");
}

static void end(void)
{
	leave_root();
	tree_remove(&tree);
}

/* BINS with a ';' between elements, in TEXT as they are in a record. */
static struct record_list list_of(const char *bins, char *text)
{
	struct record_list list = {text, text};

	strcpy(text, bins);
	if (*bins)
		list.end = text + strlen(text) + 1;
	for (; *text; text++)
		if (*text == ';')
			*text = '\0';
	return list;
}

static char found[PATH_MAX];

static int find(const char *bins, const char *program)
{
	char text[2 * PATH_MAX];
	int fds = child_open_fds();
	int status =
		search_find(stat_below, root, list_of(bins, text), program, found, sizeof(found));

	CHECK_INT(child_open_fds(), fds);
	return status;
}

static void check_found(const char *bins, const char *program, const char *path)
{
	memset(found, 'x', sizeof(found));
	if (!CHECK_INT(find(bins, program), 0) || !CHECK_STR(found, path))
		printf("\"%s\" in \"%.60s\"\n", program, bins);
}

/* Something has the name, at PATH. */
static void check_refused(const char *bins, const char *program, const char *path)
{
	memset(found, 'x', sizeof(found));
	if (!CHECK_INT(find(bins, program), -EACCES) || !CHECK_STR(found, path))
		printf("\"%s\" in \"%.60s\"\n", program, bins);
}

static void check_not_found(const char *bins, const char *program)
{
	if (!CHECK_INT(find(bins, program), -ENOENT))
		printf("\"%s\" in \"%.60s\"\n", program, bins);
}

/*
 * Visits, noted as a list in order with a '|' after each.
 */

struct visits {
	char *names[2000];
	size_t count;
};

static int note(const char *name, void *arg)
{
	struct visits *visits = arg;

	if (!name)
		return 0;
	visits->names[visits->count] = strdup(name);
	tree_require(visits->names[visits->count++], "memory");
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void forget(struct visits *visits)
{
	while (visits->count > 0)
		free(visits->names[--visits->count]);
}

static void check_visits(const char *bin, const char *expected)
{
	static struct visits visits;
	char text[4000] = "";
	int fds = child_open_fds();

	CHECK_INT(search_visit(root, bin, note, &visits), 0);
	CHECK_INT(child_open_fds(), fds);
	qsort(visits.names, visits.count, sizeof(visits.names[0]), by_name);
	for (size_t i = 0; i < visits.count; i++) {
		strcat(text, visits.names[i]);
		strcat(text, "|");
	}
	if (!CHECK_STR(text, expected))
		printf("in \"%s\"\n", bin);
	forget(&visits);
}

TEST(test_search_is_program__a_file_that_somebody_may_execute)
{
	static const mode_t others[] = {S_IFDIR, S_IFLNK, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK};

	for (mode_t mode = 0; mode <= 07777; mode++) {
		struct stat st = {.st_mode = S_IFREG | mode};

		CHECK_INT(search_is_program(&st), (mode & 0111) != 0);
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
			st.st_mode = others[i] | mode;
			CHECK(!search_is_program(&st));
		}
	}
}

TEST(test_search_find__takes_the_first_bin_that_has_it)
{
	begin();
	tree_file(&tree, "sbin/tool", 0755, "");
	tree_file(&tree, "sbin/other", 0755, "");
	enter_root();
	check_found("/bin;/sbin", "tool", "/bin/tool");
	check_found("/sbin;/bin", "tool", "/sbin/tool");
	check_found("/bin;/sbin", "other", "/sbin/other");
	check_found("/nowhere;/bin/tool/x;/sbin", "other", "/sbin/other");
	check_not_found("/bin", "other");
	check_not_found("/nowhere", "tool");
	check_not_found("", "tool");
	end();
}

TEST(test_search_find__takes_single_files)
{
	begin();
	tree_dir(&tree, "opt", 0755);
	tree_file(&tree, "opt/one", 0755, "");
	tree_file(&tree, "opt/two", 0755, "");
	tree_file(&tree, "opt/text", 0644, "");
	tree_link(&tree, "/opt/one", "opt/alias");
	enter_root();
	check_found("/opt/one", "one", "/opt/one");
	check_found("/bin;/opt/one;/opt/two", "two", "/opt/two");
	check_found("/opt/alias", "alias", "/opt/alias");
	check_not_found("/opt/alias", "one");
	check_not_found("/opt/one", "two");
	check_not_found("/opt/one", "on");
	check_not_found("/opt/one;/opt/nowhere", "opt");
	check_not_found("/opt/nowhere", "nowhere");
	check_refused("/opt/text", "text", "/opt/text");
	check_found("/opt/one;/bin", "tool", "/bin/tool");
	end();
}

/* Also one with the name of its bin. */
TEST(test_search_find__a_directory_is_no_program)
{
	begin();
	tree_dir(&tree, "bin/dir", 0755);
	tree_link(&tree, "dir", "bin/to-dir");
	tree_link(&tree, "/bin", "bin/loop-dir");
	tree_dir(&tree, "opt", 0755);
	tree_file(&tree, "opt/bin", 0755, "");
	tree_dir(&tree, "opt/opt", 0755);
	tree_file(&tree, "opt/opt/opt", 0755, "");
	enter_root();
	check_not_found("/bin", "dir");
	check_not_found("/bin", "to-dir");
	check_not_found("/bin", "bin");
	check_not_found("/bin", "loop-dir");
	check_found("/bin;/opt", "bin", "/opt/bin");
	check_not_found("/opt", "opt");
	check_found("/opt/opt", "opt", "/opt/opt/opt");
	check_found("/opt;/opt/opt", "opt", "/opt/opt/opt");
	end();
}

TEST(test_search_find__follows_links_inside_the_root)
{
	begin();
	tree_link(&tree, "/bin/tool", "sbin/absolute");
	tree_link(&tree, "../bin/tool", "sbin/relative");
	tree_link(&tree, "../../../../bin/tool", "sbin/far-up");
	tree_link(&tree, "relative", "sbin/chain");
	tree_link(&tree, "/sbin", "linked");
	tree_link(&tree, "linked/../sbin", "linked-twice");
	enter_root();
	check_found("/sbin", "absolute", "/sbin/absolute");
	check_found("/sbin", "relative", "/sbin/relative");
	check_found("/sbin", "far-up", "/sbin/far-up");
	check_found("/sbin", "chain", "/sbin/chain");
	check_found("/linked", "chain", "/linked/chain");
	check_found("/linked-twice", "absolute", "/linked-twice/absolute");
	check_found("/linked/absolute", "absolute", "/linked/absolute");
	check_visits("/linked-twice", "absolute|chain|far-up|relative|");
	end();
}

/* It leads to a program only on the host, so it does not count. */
TEST(test_search_find__does_not_follow_links_out_of_the_root)
{
	struct tree host;
	char *program;

	tree_make(&host);
	tree_file(&host, "program", 0755, "");
	program = tree_path(&host, "program");
	begin();
	tree_link(&tree, program, "bin/out");
	tree_link(&tree, host.path, "host");
	tree_link(&tree, "../../../../../../../bin/sh", "bin/sh");
	enter_root();
	check_not_found("/bin", "out");
	check_not_found("/bin", "sh");
	check_not_found("/host", "program");
	check_not_found("/../host", "program");
	check_not_found(program, "program");
	check_visits("/bin", "tool|");
	check_visits("/host", "");
	check_visits(program, "");
	end();
	free(program);
	tree_remove(&host);
}

TEST(test_search_find__passes_over_links_that_lead_nowhere)
{
	begin();
	tree_link(&tree, "nowhere", "bin/dangling");
	tree_link(&tree, "loop", "bin/loop");
	tree_link(&tree, "two", "bin/one");
	tree_link(&tree, "/bin/one", "bin/two");
	tree_link(&tree, "tool/x", "bin/below-a-file");
	tree_link(&tree, "tool/", "bin/slash");
	tree_file(&tree, "sbin/loop", 0755, "");
	tree_file(&tree, "sbin/dangling", 0755, "");
	tree_link(&tree, "loop-dir", "loop-dir");
	enter_root();
	check_not_found("/bin", "dangling");
	check_not_found("/bin", "loop");
	check_not_found("/bin", "one");
	check_not_found("/bin", "below-a-file");
	check_not_found("/bin", "slash");
	check_found("/bin;/sbin", "loop", "/sbin/loop");
	check_found("/loop-dir;/bin;/sbin", "dangling", "/sbin/dangling");
	check_visits("/bin", "tool|");
	end();
}

TEST(test_search_find__says_what_cannot_be_executed)
{
	begin();
	tree_file(&tree, "bin/text", 0644, "");
	tree_file(&tree, "bin/both", 0644, "");
	tree_file(&tree, "sbin/both", 0755, "");
	tree_file(&tree, "sbin/text", 0600, "");
	tree_link(&tree, "text", "bin/to-text");
	enter_root();
	check_refused("/bin", "text", "/bin/text");
	check_refused("/bin", "to-text", "/bin/to-text");
	check_refused("/bin;/sbin", "text", "/bin/text");
	check_refused("/sbin;/bin", "text", "/sbin/text");
	check_refused("/bin/text;/bin", "text", "/bin/text");
	check_refused("/nowhere;/bin", "both", "/bin/both");
	/* execvp(3) goes on too. */
	check_found("/bin;/sbin", "both", "/sbin/both");
	end();
}

/* Whether the rights of a directory of the tree count for this process. */
static bool is_closed(const char *dir)
{
	int fd = openat(tree.fd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0;
}

TEST(test_search_find__says_what_cannot_be_looked_at)
{
	begin();
	tree_dir(&tree, "closed", 0700);
	tree_file(&tree, "closed/hidden", 0755, "");
	tree_link(&tree, "/closed/hidden", "bin/to-hidden");
	tree_file(&tree, "sbin/hidden", 0755, "");
	tree_require(fchmodat(tree.fd, "closed", 0, 0) == 0, "chmod");
	enter_root();
	child_look_as_user();
	if (!is_closed("closed")) {
		SKIP("sees everything here");
	} else {
		check_refused("/closed", "hidden", "/closed/hidden");
		check_refused("/closed", "nowhere", "/closed/nowhere");
		check_refused("/bin", "to-hidden", "/bin/to-hidden");
		check_found("/closed;/sbin", "hidden", "/sbin/hidden");
		check_refused("/closed/hidden", "hidden", "/closed/hidden/hidden");
		check_visits("/bin", "tool|");
	}
	child_look_as_self();
	end();
}

TEST(test_search_find__does_not_write_more_than_it_may)
{
	char text[] = "/bin";
	char *path = malloc(sizeof("/bin/tool"));

	tree_require(path, "memory");
	begin();
	enter_root();
	for (size_t size = 0; size < sizeof("/bin/tool"); size++)
		CHECK_INT(search_find(stat_below, root, (struct record_list){text, text + 5},
				      "tool", path, size),
			  -ENAMETOOLONG);
	CHECK_INT(search_find(stat_below, root, (struct record_list){text, text + 5}, "tool", path,
			      sizeof("/bin/tool")),
		  0);
	CHECK_STR(path, "/bin/tool");
	free(path);
	end();
}

/* Such a bin cannot be there; that is no reason not to look into the next. */
TEST(test_search_find__passes_over_a_bin_of_any_length)
{
	char bins[PATH_MAX + 500];

	begin();
	enter_root();
	for (size_t len = PATH_MAX - 10; len < PATH_MAX + 10; len += 3) {
		memset(bins, '/', len);
		memset(bins + len - 20, 'n', 20);
		strcpy(bins + len, ";/bin");
		check_found(bins, "tool", "/bin/tool");
	}
	end();
}

/* A link's own path too has to fit, or nobody can execute it. */
TEST(test_search_visit__shows_no_link_that_no_path_leads_to)
{
	char bin[PATH_MAX + 10];
	size_t len = PATH_MAX - 1 - strlen("/link");

	begin();
	tree_link(&tree, "/bin/tool", "sbin/link");
	enter_root();
	memset(bin, '/', len);
	strcpy(bin + len - strlen("sbin"), "sbin");
	check_visits(bin, "link|");
	CHECK_INT(find(bin, "link"), 0);
	strcpy(bin + len - strlen("sbin"), "/sbin");
	check_visits(bin, "");
	CHECK_INT(find(bin, "link"), -ENAMETOOLONG);
	end();
}

TEST(test_search_find__needs_no_more_than_an_execute_bit)
{
	static const mode_t modes[] = {0111, 0100, 010, 01, 0755, 04755, 02111, 06555, 0777};
	char name[32], expected[64];

	begin();
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		snprintf(name, sizeof(name), "sbin/%04o", modes[i]);
		tree_file(&tree, name, modes[i], "");
	}
	enter_root();
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		snprintf(name, sizeof(name), "%04o", modes[i]);
		snprintf(expected, sizeof(expected), "/sbin/%s", name);
		check_found("/sbin", name, expected);
	}
	check_visits("/sbin", "0001|0010|0100|0111|0755|0777|2111|4755|6555|");
	end();
}

static const char *const odd_names[] = {"two words", " ",        "-x",   "--help", "[",   "a:b",
					":",         "\303\274", "\377", "a\nb",   "...", ".hidden",
					"*",         "$x",       "\\",   "'",      "\"",  "=",
					"~",         "#",        "%s",   "\033[m"};
#define ODD_NAMES (sizeof(odd_names) / sizeof(odd_names[0]))

TEST(test_search_find__takes_any_name)
{
	char name[NAME_MAX + 10] = "bin/", path[NAME_MAX + 20], visited[NAME_MAX + 20];

	begin();
	for (size_t i = 0; i < ODD_NAMES; i++) {
		snprintf(path, sizeof(path), "bin/%s", odd_names[i]);
		tree_file(&tree, path, 0755, "");
	}
	memset(name + 4, 'n', NAME_MAX);
	name[4 + NAME_MAX] = '\0';
	tree_file(&tree, name, 0755, "");
	tree_dir(&tree, "b i:n\303\274", 0755);
	tree_file(&tree, "b i:n\303\274/tool", 0755, "");
	enter_root();
	for (size_t i = 0; i < ODD_NAMES; i++) {
		snprintf(path, sizeof(path), "/bin/%s", odd_names[i]);
		check_found("/bin", odd_names[i], path);
		check_found(path, odd_names[i], path);
		snprintf(visited, sizeof(visited), "%s|", odd_names[i]);
		check_visits(path, visited);
	}
	snprintf(path, sizeof(path), "/%s", name);
	check_found("/bin", name + 4, path);
	check_found("/b i:n\303\274", "tool", "/b i:n\303\274/tool");
	check_visits("/b i:n\303\274", "tool|");
	end();
}

/*
 * Whatever lies in a bin: what is visited is found there, and nothing else is.
 */
static void check_visits_what_is_found(const char *bin, const char *dir)
{
	static struct visits visits;
	struct dirent **entries;
	int count = tree_scan(tree.fd, dir, &entries);

	CHECK_INT(search_visit(root, bin, note, &visits), 0);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		size_t times = 0;

		for (size_t v = 0; v < visits.count; v++)
			times += strcmp(visits.names[v], name) == 0;
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    !CHECK_INT(times, find(bin, name) == 0))
			printf("\"%s\" in \"%s\"\n", name, bin);
		free(entries[i]);
	}
	free(entries);
	forget(&visits);
}

static void make_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", tree.fd, path);
	tree_require(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0, path);
	close(fd);
}

TEST(test_search_visit__shows_exactly_what_would_be_found)
{
	char path[64], target[64];

	begin();
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "bin/file%d", i);
		tree_file(&tree, path, i % 3 ? 0755 : 0644, "");
		snprintf(path, sizeof(path), "bin/link%d", i);
		snprintf(target, sizeof(target), i % 2 ? "/bin/file%d" : "file%d", i * 7 % 330);
		tree_link(&tree, target, path);
	}
	for (size_t i = 0; i < ODD_NAMES; i++) {
		snprintf(path, sizeof(path), "bin/%s", odd_names[i]);
		tree_file(&tree, path, i % 3 ? 0755 : 0644, "");
	}
	tree_dir(&tree, "bin/dir", 0755);
	tree_link(&tree, "dir", "bin/to-dir");
	tree_link(&tree, "loop", "bin/loop");
	tree_link(&tree, "..", "bin/up");
	tree_require(mkfifoat(tree.fd, "bin/fifo", 0755) == 0, "fifo");
	tree_link(&tree, "fifo", "bin/to-fifo");
	make_socket("bin/socket");
	tree_require(fchmodat(tree.fd, "bin/socket", 0755, 0) == 0, "socket");
	tree_link(&tree, "bin", "linked");
	enter_root();
	check_visits_what_is_found("/bin", "bin");
	check_visits_what_is_found("/linked", "bin");
	check_visits_what_is_found("/linked/../bin/up/bin", "bin");
	end();
}

TEST(test_search_visit__shows_single_files)
{
	begin();
	tree_file(&tree, "bin/text", 0644, "");
	tree_link(&tree, "/bin/tool", "bin/alias");
	tree_require(mkfifoat(tree.fd, "bin/fifo", 0755) == 0, "fifo");
	tree_link(&tree, "/bin/fifo", "bin/to-fifo");
	enter_root();
	check_visits("/bin/tool", "tool|");
	check_visits("/bin/alias", "alias|");
	check_visits("/bin/text", "");
	/* It waits for no writer. */
	check_visits("/bin/fifo", "");
	check_visits("/bin/to-fifo", "");
	check_visits("/bin/tool/x", "");
	end();
}

TEST(test_search_visit__shows_nothing_where_nothing_is)
{
	begin();
	tree_link(&tree, "nowhere", "dangling");
	enter_root();
	check_visits("/sbin", "");
	check_visits("/nowhere", "");
	check_visits("/nowhere/bin", "");
	check_visits("/dangling", "");
	end();
}

static int stop(const char *name, void *arg)
{
	return name && ++*(int *)arg == 2 ? -1234 : 0;
}

TEST(test_search_visit__stops_where_it_is_told_to)
{
	int count = 0, fds;

	begin();
	tree_file(&tree, "bin/two", 0755, "");
	tree_file(&tree, "bin/three", 0755, "");
	enter_root();
	fds = child_open_fds();
	CHECK_INT(search_visit(root, "/bin", stop, &count), -1234);
	CHECK_INT(count, 2);
	count = 1;
	CHECK_INT(search_visit(root, "/bin/tool", stop, &count), -1234);
	CHECK_INT(child_open_fds(), fds);
	end();
}

TEST(test_search_visit__says_what_cannot_be_read)
{
	int count = 10;

	begin();
	tree_link(&tree, "loop", "loop");
	tree_dir(&tree, "closed", 0711);
	tree_file(&tree, "closed/tool", 0755, "");
	tree_require(fchmodat(tree.fd, "closed", 0311, 0) == 0, "chmod");
	enter_root();
	CHECK_INT(search_visit(root, "/loop", stop, &count), -ELOOP);
	child_look_as_user();
	if (!is_closed("closed")) {
		SKIP("reads everything here");
	} else {
		CHECK_INT(search_visit(root, "/closed", stop, &count), -EACCES);
		check_found("/closed", "tool", "/closed/tool");
	}
	child_look_as_self();
	CHECK_INT(count, 10);
	end();
}

int main(void)
{
	const char *reason = why_not();

	if (reason) {
		printf("SKIP: %s\n", reason);
		return 77;
	}
	return unit_run();
}
