/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "record.h"
#include "rundir_visit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "started/record_write.h"
#include "tree.h"
#include "unit.h"

/*
 * The record of debian(), byte for byte, as lsl writes it, and lslExecutor and
 * mount.lslfs read it.
 */
static const char debian_text[] = "lsl=1\n"
				  "name=debian\n"
				  "namespace=4:4026532208:131\n"
				  "bins=/usr/local/bin;/usr/bin\n"
				  "envPath=/usr/bin:/bin\n"
				  "interpreter=/usr/bin/qemu-aarch64-static\n"
				  "own=/run;/dev/shm\n"
				  "allow=suid-mnt\n"
				  "share=applications\n"
				  "path=/srv/rootfs/debian\n"
				  "mnt=/home:/home;/etc/passwd:/etc/passwd\n";

/* Only the required lines. */
static const char least_text[] = "lsl=1\nname=a\nbins=/b\npath=/r\nmnt=\n";

static const struct nsfile_id pinned = {4, 4026532208, 131}, none;

static char debian_name[] = "debian", debian_path[] = "/srv/rootfs/debian";
static char local_bin[] = "/usr/local/bin", usr_bin[] = "/usr/bin";
static char home[] = "/home", etc_passwd[] = "/etc/passwd";
static char *two_bins[] = {local_bin, usr_bin};
static struct bind two_binds[] = {
	{.source = home, .target = home},
	{.source = etc_passwd, .target = etc_passwd},
};

static struct container debian(void)
{
	return (struct container){
		.name = debian_name,
		.path = debian_path,
		.binds = two_binds,
		.bind_count = 2,
		.bins = two_bins,
		.bin_count = 2,
		.own = OWN_RUN | OWN_SHM,
		.allowed = ALLOW_SUID_MNT,
	};
}

/* The smallest possible container. */
static struct container least(char *name)
{
	static char bin[] = "/b", path[] = "/r";
	static char *bins[] = {bin};

	return (struct container){.name = name, .path = path, .bins = bins, .bin_count = 1};
}

/*
 * Text in memory of exactly its length and one more byte, so that checkers see
 * an access outside.
 */

static char *parsed;

static int parse_bytes(const void *text, size_t len, struct record *record)
{
	free(parsed);
	parsed = malloc(len + 1);
	tree_require(parsed, "memory");
	memcpy(parsed, text, len);
	return record_parse(parsed, len, record);
}

static int parse(const char *text, struct record *record)
{
	return parse_bytes(text, strlen(text), record);
}

static void forget_parsed(void)
{
	free(parsed);
	parsed = NULL;
}

/* That the elements of LIST, each with a '|' after it, are EXPECTED. */
static void check_list(struct record_list list, const char *expected)
{
	char text[4096] = "";

	for (const char *s = list.first; s != list.end; s = record_next(s)) {
		strncat(text, s, sizeof(text) - strlen(text) - 1);
		strncat(text, "|", sizeof(text) - strlen(text) - 1);
	}
	CHECK_STR(text, expected);
}

static void check_namespace(const struct record *r, uint64_t dev, uint64_t ino, uint64_t id)
{
	CHECK(r->ns.dev == dev && r->ns.ino == ino && r->ns.id == id);
}

TEST(test_record_parse__takes_a_record_apart)
{
	struct record r;

	if (!CHECK_INT(parse(debian_text, &r), 0))
		return;
	CHECK_STR(r.name, "debian");
	check_namespace(&r, 4, 4026532208, 131);
	check_list(r.bins, "/usr/local/bin|/usr/bin|");
	CHECK_STR(r.env_path, "/usr/bin:/bin");
	CHECK_STR(r.interpreter, "/usr/bin/qemu-aarch64-static");
	CHECK(r.shares_applications);
	CHECK_STR(r.path, "/srv/rootfs/debian");
	CHECK_STR(r.mnt, "/home:/home;/etc/passwd:/etc/passwd");
	CHECK_STR(r.own, "/run;/dev/shm");
	CHECK_STR(r.allow, "suid-mnt");
	CHECK_INT(r.size, sizeof(debian_text));
	forget_parsed();
}

TEST(test_record_parse__some_keys_need_not_be_there)
{
	struct record r;

	memset(&r, 'x', sizeof(r));
	if (!CHECK_INT(parse(least_text, &r), 0))
		return;
	check_namespace(&r, 0, 0, 0);
	CHECK_STR(r.env_path, NULL);
	CHECK_STR(r.interpreter, NULL);
	CHECK(!r.shares_applications);
	CHECK_STR(r.mnt, "");
	CHECK_STR(r.own, "");
	CHECK_STR(r.allow, "");
	check_list(r.bins, "/b|");
	forget_parsed();
}

TEST(test_record_parse__passes_over_keys_that_it_does_not_know)
{
	struct record r;

	if (!CHECK_INT(parse("color=red\nmnt=\npath=/r\nbins=/b\nno key\n\nname=a\nlsl=1\n"
			     "pathx=/x\nxpath=/x\nPATH=/x\npath /x\n",
			     &r),
		       0))
		return;
	CHECK_STR(r.name, "a");
	CHECK_STR(r.path, "/r");
	forget_parsed();
}

TEST(test_record_parse__what_names_no_namespace_is_none)
{
	static const char *const values[] = {
		"",
		":",
		"4",
		"4:",
		":4",
		"4:4026532208 ",
		" 4:4026532208",
		"4:-1",
		"+4:1",
		"4:0x10",
		"4;4026532208",
		"4:4026532208:",
		"4:4026532208:1:",
		"4:4026532208:-1",
		"4:4026532208:18446744073709551616",
		"4::131",
		"4:18446744073709551616",
		"18446744073709551616:4",
		"4:99999999999999999999999999",
		"mnt:[4026532208]",
	};
	char text[200];
	struct record r;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(text, sizeof(text), "%snamespace=%s\n", least_text, values[i]);
		if (!CHECK_INT(parse(text, &r), 0))
			continue;
		if (r.ns.ino != 0)
			printf("%s\n", values[i]);
		check_namespace(&r, 0, 0, 0);
		forget_parsed();
	}
	snprintf(text, sizeof(text), "%snamespace=18446744073709551599:1844674407370955160\n",
		 least_text);
	if (CHECK_INT(parse(text, &r), 0)) {
		check_namespace(&r, 18446744073709551599U, 1844674407370955160, 0);
		forget_parsed();
	}
}

TEST(test_record_parse__leaves_values_as_they_are)
{
	struct record r;

	if (!CHECK_INT(parse("lsl=1\nname=a\nbins= /a b ;#;/a=b;/\303\274;/a:b\npath==\\ \"#\t\n"
			     "mnt=/a b:/c;;/=\nenvPath=\n",
			     &r),
		       0))
		return;
	check_list(r.bins, " /a b |#|/a=b|/\303\274|/a:b|");
	CHECK_STR(r.path, "=\\ \"#\t");
	CHECK_STR(r.mnt, "/a b:/c;;/=");
	CHECK_STR(r.env_path, "");
	forget_parsed();
}

TEST(test_record_parse__a_list_may_be_long)
{
	char *text = NULL;
	size_t size, count = 0;
	FILE *out = open_memstream(&text, &size);
	struct record r;

	tree_require(out, "memory");
	fprintf(out, "lsl=1\nname=a\npath=/r\nmnt=\nbins=/0");
	for (int i = 1; i < 4000; i++)
		fprintf(out, ";/%d", i);
	fprintf(out, "\n");
	tree_require(fclose(out) == 0, "memory");
	if (CHECK_INT(parse_bytes(text, size, &r), 0))
		for (const char *s = r.bins.first; s != r.bins.end; s = record_next(s))
			CHECK_INT(atoi(s + 1), (int)count++);
	CHECK_INT(count, 4000);
	forget_parsed();
	free(text);
}

TEST(test_record_parse__refuses_what_is_no_record_of_this_version)
{
	static const char *const texts[] = {
		"",
		"\n",
		"name=a\nbins=/b\npath=/r\nmnt=\n",
		"lsl=\nname=a\nbins=/b\npath=/r\nmnt=\n",
		"lsl=2\nname=a\nbins=/b\npath=/r\nmnt=\n",
		"lsl=11\nname=a\nbins=/b\npath=/r\nmnt=\n",
		"lsl=1 \nname=a\nbins=/b\npath=/r\nmnt=\n",
		"lsl=1\nbins=/b\npath=/r\nmnt=\n",
		"lsl=1\nname=a\npath=/r\nmnt=\n",
		"lsl=1\nname=a\nbins=\npath=/r\nmnt=\n",
		"lsl=1\nname=a\nbins=/b\nmnt=\n",
		"lsl=1\nname=a\nbins=/b\npath=/r\n",
	};
	struct record r;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!CHECK_INT(parse(texts[i], &r), -EINVAL))
			printf("%s", texts[i]);
	forget_parsed();
}

TEST(test_record_parse__refuses_a_name_that_no_container_has)
{
	static const char *const names[] = {
		"",
		".",
		"..",
		"../a",
		"/a",
		"a/b",
		"-a",
		"a:b",
		"a b",
		"\303\274",
		"a ",
		" a",
		"1234567890123456789012345678901234567890123456789",
	};
	char text[200];
	struct record r;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "lsl=1\nname=%s\nbins=/b\npath=/r\nmnt=\n", names[i]);
		if (!CHECK_INT(parse(text, &r), -EINVAL))
			printf("\"%s\"\n", names[i]);
	}
	forget_parsed();
}

/* Cut off anywhere, or with a NUL anywhere, it is none. */
TEST(test_record_parse__refuses_a_piece_of_a_record)
{
	char text[sizeof(debian_text)];
	struct record r;

	for (size_t len = 0; len < sizeof(debian_text) - 1; len++)
		CHECK_INT(parse_bytes(debian_text, len, &r), -EINVAL);
	CHECK_INT(parse_bytes(debian_text, sizeof(debian_text) - 1, &r), 0);
	CHECK_INT(parse_bytes(debian_text, sizeof(debian_text), &r), -EINVAL);
	for (size_t at = 0; at < sizeof(debian_text) - 1; at++) {
		strcpy(text, debian_text);
		text[at] = '\0';
		CHECK_INT(parse_bytes(text, sizeof(debian_text) - 1, &r), -EINVAL);
	}
	forget_parsed();
}

TEST(test_rundir_record_name__tells_records_from_other_files)
{
	static const char *const no_records[] = {
		"",
		"debian",
		":record",
		"debian:",
		"debian.record",
		"debian:record.new",
		"debian:records",
		"debian:Record",
		"debian:recor",
		"a:b:record",
		".:record",
		"..:record",
		"-a:record",
		"../a:record",
		"a b:record",
		"debian:record:record",
	};
	static const char longest[] = "123456789012345678901234567890123456789012345678:record";

	CHECK_INT(rundir_record_name("debian:record"), 6);
	CHECK_INT(rundir_record_name("a:record"), 1);
	CHECK_INT(rundir_record_name("debian.record:record"), 13);
	CHECK_INT(rundir_record_name("record:record"), 6);
	CHECK_INT(rundir_record_name(longest), CONTAINER_NAME_MAX);
	CHECK_INT(rundir_record_name("1234567890123456789012345678901234567890123456789:record"),
		  0);
	for (size_t i = 0; i < sizeof(no_records) / sizeof(no_records[0]); i++)
		if (!CHECK_INT(rundir_record_name(no_records[i]), 0))
			printf("\"%s\"\n", no_records[i]);
}

/*
 * A directory with records.
 */

static struct tree rundir;

static char *read_back(const char *name)
{
	char *text = calloc(1, RECORD_SIZE_MAX + 100);
	int fd = openat(rundir.fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	tree_require(text && fd >= 0 && read(fd, text, RECORD_SIZE_MAX + 99) >= 0, name);
	close(fd);
	return text;
}

static void check_text(const char *name, const char *expected)
{
	char *text = read_back(name);

	CHECK_STR(text, expected);
	free(text);
}

static void check_listing(const char *expected)
{
	char *listing = tree_list(&rundir);

	CHECK_STR(listing, expected);
	free(listing);
}

/* 0 or the errno of record_read, which never leaves a file open. */
static int read_status(const char *name)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct record record;
	int fds = child_open_fds();
	int status = record_read(rundir.fd, name, text, sizeof(text), &record);

	CHECK_INT(child_open_fds(), fds);
	return status;
}

/* The result for the same file: only root's files are trusted. */
static int if_root(int status)
{
	return geteuid() == 0 ? status : -EPERM;
}

TEST(test_record_write__writes_what_the_header_says)
{
	struct container c = debian();
	char interpreter[] = "/usr/bin/qemu-aarch64-static", env_path[] = "/usr/bin:/bin";

	tree_make(&rundir);
	CHECK_INT(record_write(rundir.fd, &c, &pinned, NULL), 0);
	check_text("debian:record", "lsl=1\n"
				    "name=debian\n"
				    "namespace=4:4026532208:131\n"
				    "bins=/usr/local/bin;/usr/bin\n"
				    "own=/run;/dev/shm\n"
				    "allow=suid-mnt\n"
				    "path=/srv/rootfs/debian\n"
				    "mnt=/home:/home;/etc/passwd:/etc/passwd\n");
	c.interpreter = interpreter;
	c.shares_applications = true;
	c.env_path = env_path;
	CHECK_INT(record_write(rundir.fd, &c, &pinned, NULL), 0);
	check_text("debian:record", debian_text);
	c = least((char[]){"a"});
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	check_text("a:record", least_text);
	tree_remove(&rundir);
}

TEST(test_record_write__everybody_may_read_it_and_root_alone_may_write_it)
{
	static const mode_t umasks[] = {0, 022, 077, 0777};
	struct container c = least((char[]){"a"});
	mode_t before = umask(0);

	tree_make(&rundir);
	for (size_t i = 0; i < sizeof(umasks) / sizeof(umasks[0]); i++) {
		umask(umasks[i]);
		CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
		check_listing("a:record 100644\n");
		CHECK_INT(record_remove(rundir.fd, "a"), 0);
	}
	umask(before);
	tree_remove(&rundir);
}

/* A process that has the earlier file open still reads all of it. */
TEST(test_record_write__replaces_in_one_step)
{
	struct container c = least((char[]){"debian"});
	char text[sizeof(debian_text)] = "";
	int fd;

	tree_make(&rundir);
	tree_file(&rundir, "debian:record", 0644, debian_text);
	fd = openat(rundir.fd, "debian:record", O_RDONLY | O_CLOEXEC);
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	CHECK_INT(read(fd, text, sizeof(text)), strlen(debian_text));
	CHECK_STR(text, debian_text);
	check_text("debian:record", "lsl=1\nname=debian\nbins=/b\npath=/r\nmnt=\n");
	check_listing("debian:record 100644\n");
	close(fd);
	tree_remove(&rundir);
}

/* Remains of a killed start are no obstacle. */
TEST(test_record_write__goes_over_a_temporary_file)
{
	struct container c = least((char[]){"a"});

	tree_make(&rundir);
	tree_file(&rundir, "a:record.new", 0600, debian_text);
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	check_text("a:record", least_text);
	check_listing("a:record 100644\n");
	tree_remove(&rundir);
}

TEST(test_record_write__follows_no_link)
{
	struct container c = least((char[]){"a"});
	struct tree outside;
	char *canary;

	tree_make(&outside);
	tree_file(&outside, "canary", 0600, "alive");
	canary = tree_path(&outside, "canary");
	tree_make(&rundir);
	tree_link(&rundir, canary, "a:record");
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	check_text("a:record", least_text);
	tree_link(&rundir, canary, "a:record.new");
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), -ELOOP);
	check_text("a:record", least_text);
	tree_remove(&rundir);
	free(canary);
	rundir = outside;
	check_text("canary", "alive");
	check_listing("canary 100600\n");
	tree_remove(&outside);
}

TEST(test_record_write__keeps_path_and_mnt_of_a_running_container)
{
	struct container c = least((char[]){"debian"});
	struct container in_force = debian();

	tree_make(&rundir);
	CHECK_INT(record_write(rundir.fd, &c, &pinned, &in_force), 0);
	check_text("debian:record", "lsl=1\n"
				    "name=debian\n"
				    "namespace=4:4026532208:131\n"
				    "bins=/b\n"
				    "own=/run;/dev/shm\n"
				    "allow=suid-mnt\n"
				    "path=/srv/rootfs/debian\n"
				    "mnt=/home:/home;/etc/passwd:/etc/passwd\n");
	tree_remove(&rundir);
}

/* A path that makes the record of least("a") LEN bytes long. */
static char *path_for(size_t len)
{
	size_t path_len = len - (strlen(least_text) - strlen("/r"));
	char *path = malloc(path_len + 1);

	tree_require(path, "memory");
	memset(path, 'p', path_len);
	path[0] = '/';
	path[path_len] = '\0';
	return path;
}

TEST(test_record_write__refuses_a_record_that_could_not_be_read)
{
	struct container c = least((char[]){"a"});
	char *largest = path_for(RECORD_SIZE_MAX), *larger = path_for(RECORD_SIZE_MAX + 1);

	tree_make(&rundir);
	c.path = larger;
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), -EFBIG);
	check_listing("");
	c.path = largest;
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	CHECK_INT(read_status("a"), if_root(0));
	check_listing("a:record 100644\n");
	c.path = larger;
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), -EFBIG);
	check_listing("a:record 100644\n");
	CHECK_INT(read_status("a"), if_root(0));
	free(largest);
	free(larger);
	tree_remove(&rundir);
}

/* A file system that is full at any byte. */
static void write_under_a_limit(void)
{
	struct container c = debian();
	struct rlimit limit = {.rlim_max = RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	tree_require(getrlimit(RLIMIT_FSIZE, &limit) == 0, "getrlimit");
	for (rlim_t size = 0; size < 50; size += 7) {
		limit.rlim_cur = size;
		tree_require(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
		CHECK_INT(record_write(rundir.fd, &c, &none, NULL), -EFBIG);
		limit.rlim_cur = limit.rlim_max;
		tree_require(setrlimit(RLIMIT_FSIZE, &limit) == 0, "setrlimit");
		check_listing("debian:record 100644\n");
		check_text("debian:record", "lsl=1\nname=debian\nbins=/b\npath=/r\nmnt=\n");
	}
}

TEST(test_record_write__what_fails_leaves_the_earlier_one)
{
	struct container c = least((char[]){"debian"});

	tree_make(&rundir);
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), 0);
	child_run(write_under_a_limit, "");
	tree_remove(&rundir);
}

TEST(test_record_write__fails_where_there_is_no_such_directory)
{
	struct container c = least((char[]){"a"});

	CHECK_INT(record_write(-1, &c, &none, NULL), -EBADF);
}

TEST(test_record_write__leaves_nothing_where_it_cannot_replace)
{
	struct container c = least((char[]){"a"});

	tree_make(&rundir);
	tree_dir(&rundir, "a:record", 0755);
	CHECK_INT(record_write(rundir.fd, &c, &none, NULL), -EISDIR);
	check_listing("a:record 40755\n");
	tree_remove(&rundir);
}

TEST(test_record_write__names_do_not_meet)
{
	struct container debian_record = least((char[]){"debian.record"});
	struct container record = least((char[]){"record"}), d = least((char[]){"debian"});
	struct container longest =
		least((char[]){"123456789012345678901234567890123456789012345678"});

	tree_make(&rundir);
	CHECK_INT(record_write(rundir.fd, &d, &none, NULL), 0);
	CHECK_INT(record_write(rundir.fd, &debian_record, &none, NULL), 0);
	CHECK_INT(record_write(rundir.fd, &record, &none, NULL), 0);
	CHECK_INT(record_write(rundir.fd, &longest, &none, NULL), 0);
	check_listing("123456789012345678901234567890123456789012345678:record 100644\n"
		      "debian.record:record 100644\n"
		      "debian:record 100644\n"
		      "record:record 100644\n");
	CHECK_INT(read_status(longest.name), if_root(0));
	CHECK_INT(read_status("debian"), if_root(0));
	CHECK_INT(record_remove(rundir.fd, "debian"), 0);
	CHECK_INT(read_status("debian"), -ENOENT);
	CHECK_INT(read_status("debian.record"), if_root(0));
	tree_remove(&rundir);
}

TEST(test_record_read__reads_what_was_written)
{
	static char text[RECORD_SIZE_MAX + 1];
	struct container c = debian();
	struct record r;

	tree_make(&rundir);
	CHECK_INT(record_write(rundir.fd, &c, &pinned, NULL), 0);
	if (CHECK_INT(record_read(rundir.fd, "debian", text, sizeof(text), &r), if_root(0)) &&
	    geteuid() == 0) {
		CHECK_STR(r.name, "debian");
		check_list(r.bins, "/usr/local/bin|/usr/bin|");
		CHECK_STR(r.env_path, NULL);
		CHECK_STR(r.interpreter, NULL);
		CHECK_STR(r.path, "/srv/rootfs/debian");
		CHECK_STR(r.mnt, "/home:/home;/etc/passwd:/etc/passwd");
	}
	tree_remove(&rundir);
}

TEST(test_record_read__is_enoent_where_nothing_is_started)
{
	tree_make(&rundir);
	CHECK_INT(read_status("debian"), -ENOENT);
	tree_file(&rundir, "debian:record.new", 0644, debian_text);
	tree_file(&rundir, "debian", 0644, debian_text);
	CHECK_INT(read_status("debian"), -ENOENT);
	tree_remove(&rundir);
}

TEST(test_record_read__trusts_no_file_that_another_could_write)
{
	static const mode_t bad[] = {0664, 0646, 0666, 0622, 0602, 0620};
	static const mode_t good[] = {0644, 0600, 0444, 0755, 0640, 01644};

	tree_make(&rundir);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tree_file(&rundir, "debian:record", bad[i], debian_text);
		CHECK_INT(read_status("debian"), -EPERM);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		unlinkat(rundir.fd, "debian:record", 0);
		tree_file(&rundir, "debian:record", good[i], debian_text);
		CHECK_INT(read_status("debian"), if_root(0));
	}
	if (geteuid() == 0 && fchownat(rundir.fd, "debian:record", CHILD_NOBODY, 0, 0) == 0)
		CHECK_INT(read_status("debian"), -EPERM);
	tree_remove(&rundir);
}

/* Nor does any of them hang. */
TEST(test_record_read__takes_regular_files_only)
{
	tree_make(&rundir);
	tree_file(&rundir, "good", 0644, least_text);
	tree_link(&rundir, "good", "a:record");
	CHECK_INT(read_status("a"), -ELOOP);
	tree_link(&rundir, "nowhere", "b:record");
	CHECK_INT(read_status("b"), -ELOOP);
	tree_dir(&rundir, "c:record", 0755);
	CHECK_INT(read_status("c"), -EPERM);
	tree_require(mkfifoat(rundir.fd, "d:record", 0644) == 0, "mkfifo");
	CHECK_INT(read_status("d"), -EPERM);
	tree_remove(&rundir);
}

TEST(test_record_read__takes_the_record_of_that_container_only)
{
	tree_make(&rundir);
	tree_file(&rundir, "a:record", 0644, least_text);
	tree_file(&rundir, "b:record", 0644, least_text);
	tree_file(&rundir, "aa:record", 0644, least_text);
	tree_file(&rundir, "empty:record", 0644, "");
	CHECK_INT(read_status("a"), if_root(0));
	CHECK_INT(read_status("b"), if_root(-EINVAL));
	CHECK_INT(read_status("aa"), if_root(-EINVAL));
	CHECK_INT(read_status("empty"), if_root(-EINVAL));
	tree_remove(&rundir);
}

TEST(test_record_read__refuses_one_that_is_too_large)
{
	char *text = malloc(RECORD_SIZE_MAX + 2), *exact;
	size_t len = strlen(debian_text);
	struct record r;

	tree_require(text, "memory");
	tree_make(&rundir);
	memset(text, '\n', RECORD_SIZE_MAX + 1);
	memcpy(text, "lsl=1\nname=a\nbins=/b\npath=/r\nmnt=\n", strlen(least_text));
	text[RECORD_SIZE_MAX + 1] = '\0';
	tree_file(&rundir, "a:record", 0644, text);
	CHECK_INT(read_status("a"), if_root(-EFBIG));
	text[RECORD_SIZE_MAX] = '\0';
	tree_file(&rundir, "a:record", 0644, text);
	CHECK_INT(read_status("a"), if_root(0));
	free(text);

	/* The text needs room for one byte more. */
	tree_file(&rundir, "debian:record", 0644, debian_text);
	exact = malloc(len + 1);
	tree_require(exact, "memory");
	CHECK_INT(record_read(rundir.fd, "debian", exact, len, &r), if_root(-EFBIG));
	CHECK_INT(record_read(rundir.fd, "debian", exact, len + 1, &r), if_root(0));
	free(exact);
	tree_remove(&rundir);
}

TEST(test_record_remove__leaves_nothing_of_that_container)
{
	tree_make(&rundir);
	CHECK_INT(record_remove(rundir.fd, "a"), 0);
	tree_file(&rundir, "a", 0600, "");
	tree_file(&rundir, "a:record", 0644, least_text);
	tree_file(&rundir, "a:record.new", 0644, least_text);
	tree_file(&rundir, "aa:record", 0644, "");
	CHECK_INT(record_remove(rundir.fd, "a"), 0);
	check_listing("a 100600\naa:record 100644\n");
	tree_file(&rundir, "a:record.new", 0644, least_text);
	CHECK_INT(record_remove(rundir.fd, "a"), 0);
	check_listing("a 100600\naa:record 100644\n");
	tree_remove(&rundir);
}

TEST(test_record_remove__says_what_cannot_be_removed)
{
	tree_make(&rundir);
	tree_dir(&rundir, "a:record", 0755);
	CHECK(record_remove(rundir.fd, "a") < 0);
	check_listing("a:record 40755\n");
	tree_remove(&rundir);
}
