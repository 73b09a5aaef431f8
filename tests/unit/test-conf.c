/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration. Files of ordinary lines, and every mistake, are in
 * tests/unit/data/conf: NAME.conf and its expected result. Here is the rest:
 * lines of all lengths, odd bytes, checks that depend on configure's paths.
 */
#include "config.h"
#include "conf/conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pathnames.h"
#include "record.h"
#include "started/record_write.h"
#include "unit.h"

static void require(bool holds)
{
	if (!holds) {
		perror("test-conf");
		abort();
	}
}

/* Parsing a text, and printing the result. */

static void parse_bytes(struct conf *conf, const void *text, size_t size)
{
	FILE *file = tmpfile();

	require(file && fwrite(text, 1, size, file) == size);
	rewind(file);
	CHECK_INT(conf_parse(file, "conf", conf), 0);
	fclose(file);
}

static void parse(struct conf *conf, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void parse(struct conf *conf, const char *format, ...)
{
	va_list args;
	char *text;
	int size;

	va_start(args, format);
	size = vasprintf(&text, format, args);
	va_end(args);
	require(size >= 0);
	parse_bytes(conf, text, (size_t)size);
	free(text);
}

static void dump_container(FILE *out, const struct container *c)
{
	fprintf(out, "[%s] line %u%s\n", c->name, c->line, c->has_errors ? ", has errors" : "");
	fprintf(out, "  path '%s' line %u\n", c->path ? c->path : "", c->path_line);
	for (size_t i = 0; i < c->bind_count; i++)
		fprintf(out, "  mnt '%s' -> '%s' line %u\n", c->binds[i].source, c->binds[i].target,
			c->binds[i].line);
	for (size_t i = 0; i < c->bin_count; i++)
		fprintf(out, "  bins '%s'%s\n", c->bins[i], i == 0 ? " first" : "");
	if (c->bin_count > 0)
		fprintf(out, "  bins line %u\n", c->bins_line);
	if (c->env_path)
		fprintf(out, "  envPath '%s'\n", c->env_path);
	if (c->interpreter)
		fprintf(out, "  interpreter '%s' line %u\n", c->interpreter, c->interpreter_line);
	if (c->own)
		fprintf(out, "  own%s%s\n", c->own & OWN_RUN ? " /run" : "",
			c->own & OWN_SHM ? " /dev/shm" : "");
	if (c->shares_applications)
		fprintf(out, "  shares applications, line %u\n", c->share_line);
	if (c->people)
		fprintf(out, "  people %s\n", c->people);
	if (c->allowed)
		fprintf(out, "  allow%s%s%s\n",
			c->allowed & ALLOW_SHARED_ROOTFS ? " shared-rootfs" : "",
			c->allowed & ALLOW_EMPTY_ROOT_PASSWORD ? " empty-root-password" : "",
			c->allowed & ALLOW_SUID_MNT ? " suid-mnt" : "");
}

static char *dump(const struct conf *conf)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	require(out);
	for (size_t i = 0; i < conf->container_count; i++)
		dump_container(out, conf->containers[i]);
	for (size_t i = 0; i < conf->mistake_count; i++) {
		const struct conf_mistake *m = &conf->mistakes[i];

		fprintf(out, "%u: %s%s%s%s\n", m->line, m->container ? "(" : "",
			m->container ? m->container->name : "", m->container ? ") " : "", m->text);
	}
	require(fclose(out) == 0);
	return text;
}

static void check_no_mistake(const struct conf *conf, size_t containers)
{
	CHECK_INT(conf->container_count, containers);
	for (size_t i = 0; i < conf->mistake_count; i++)
		CHECK_STR(conf->mistakes[i].text, NULL);
	for (size_t i = 0; i < conf->container_count; i++)
		CHECK(!conf->containers[i]->has_errors);
}

/* That there is one mistake, in LINE, and that its text has PART in it. */
static void check_mistake(const struct conf *conf, unsigned int line, const char *part)
{
	if (!CHECK_INT(conf->mistake_count, 1)) {
		char *text = dump(conf);

		printf("%s", text);
		free(text);
		return;
	}
	CHECK_INT(conf->mistakes[0].line, line);
	if (!CHECK(strstr(conf->mistakes[0].text, part) != NULL))
		printf("no \"%s\" in \"%s\"\n", part, conf->mistakes[0].text);
}

/*
 * Golden files.
 */

static char *read_file(const char *dir, const char *name)
{
	char *path = NULL, *text = NULL;
	size_t size;
	FILE *in, *out = open_memstream(&text, &size);
	int c;

	require(out && asprintf(&path, "%s/%s", dir, name) > 0);
	in = fopen(path, "r");
	if (CHECK(in)) {
		while ((c = getc(in)) != EOF)
			putc(c, out);
		fclose(in);
	} else {
		printf("there is no %s\n", path);
	}
	require(fclose(out) == 0);
	free(path);
	return text;
}

static void check_golden_file(const char *dir, const char *name)
{
	char *text = read_file(dir, name);
	char *expected_name, *expected, *got;
	struct conf conf;

	require(asprintf(&expected_name, "%.*s.expected", (int)strlen(name) - 5, name) > 0);
	expected = read_file(dir, expected_name);
	parse_bytes(&conf, text, strlen(text));
	got = dump(&conf);
	if (!CHECK(strcmp(got, expected) == 0))
		printf("of %s/%s came\n%s\n", dir, name, got);
	conf_clear(&conf);
	free(text);
	free(expected_name);
	free(expected);
	free(got);
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

TEST(test_conf_parse__as_expected_in_the_golden_files)
{
	const char *srcdir = getenv("srcdir");
	struct dirent **entries;
	char *dir;
	int count;

	require(asprintf(&dir, "%s/tests/unit/data/conf", srcdir ? srcdir : ".") > 0);
	count = scandir(dir, &entries, is_conf, alphasort);
	if (!CHECK(count > 0))
		printf("nothing in %s\n", dir);
	for (int i = 0; i < count; i++) {
		check_golden_file(dir, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(dir);
}

/*
 * Lengths.
 */

static char *join_bins(const struct container *c)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	require(out);
	for (size_t i = 0; i < c->bin_count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : ";", c->bins[i]);
	require(fclose(out) == 0);
	return text;
}

/*
 * A path of LEN bytes with every byte that a path may have; no blank at the
 * end.
 */
static void fill_path(char *path, size_t len, size_t seed)
{
	static const char bytes[] = "a b#c:d=e[f]\tg,h i  j\303\251k\"l'm\\n$o\342\202\254 #";

	for (size_t at = 0; at < len; at++)
		path[at] = bytes[(seed + at) % strlen(bytes)];
	path[len - 1] = 'z';
	path[0] = '/';
	path[len] = '\0';
}

TEST(test_conf_parse__keeps_a_path_of_any_length_byte_for_byte)
{
	char path[601];
	struct conf conf;

	/* Of one byte there is only "/". */
	for (size_t len = 2; len <= 600; len++) {
		fill_path(path, len, len * 7);
		parse(&conf, "[a]\npath=%s\nbins = %s\n[b]\npath=/b\nbins=/b\n", path, path);
		check_no_mistake(&conf, 2);
		if (conf.container_count == 2 && conf.containers[0]->bin_count == 1) {
			CHECK_STR(conf.containers[0]->path, path);
			CHECK_STR(conf.containers[0]->bins[0], path);
			CHECK_INT(conf.containers[1]->line, 4);
		}
		conf_clear(&conf);
	}
}

/*
 * LEN bytes of elements of different lengths; a number in each, so that none is
 * there twice.
 */
static void fill_list(char *list, size_t len, size_t seed)
{
	for (size_t at = 0, n = 0; at < len; n++) {
		size_t element = 6 + (n * 5 + seed) % 37;
		char number[8];

		if (at + element + strlen(";/00/z") > len)
			element = len - at;
		fill_path(list + at, element, n + seed);
		snprintf(number, sizeof(number), "%02zu/", n);
		if (element >= strlen("/00/z"))
			memcpy(list + at + 1, number, strlen(number));
		at += element;
		if (at < len)
			list[at++] = ';';
	}
}

TEST(test_conf_parse__keeps_a_list_of_any_length_byte_for_byte)
{
	char list[640], *joined;
	struct conf conf;

	for (size_t len = 1; len <= 600; len++) {
		fill_list(list, len, len);
		parse(&conf, "[a]\npath=/a\nbins=%s", list);
		check_no_mistake(&conf, 1);
		if (conf.container_count == 1) {
			joined = join_bins(conf.containers[0]);
			CHECK_STR(joined, list);
			free(joined);
		}
		conf_clear(&conf);
	}
}

/* inih strips and cuts at these, wherever its buffer happens to end. */
TEST(test_conf_parse__keeps_every_byte_at_every_offset)
{
	static const char bytes[] = " \t#=:[]\"'\\";
	char path[501];
	struct conf conf;

	for (const char *byte = bytes; *byte != '\0'; byte++) {
		for (size_t at = 1; at < sizeof(path) - 2; at++) {
			memset(path, 'x', sizeof(path) - 1);
			path[0] = '/';
			path[sizeof(path) - 1] = '\0';
			path[at] = *byte;
			parse(&conf, "[a]\nbins=/a\n\tpath=%s\n", path);
			check_no_mistake(&conf, 1);
			if (conf.container_count == 1)
				CHECK_STR(conf.containers[0]->path, path);
			conf_clear(&conf);
		}
	}
}

TEST(test_conf_parse__finds_the_end_of_an_element_at_every_offset)
{
	char list[501];
	struct conf conf;

	for (size_t at = 2; at < sizeof(list) - 3; at++) {
		memset(list, 'x', sizeof(list) - 1);
		list[sizeof(list) - 1] = '\0';
		list[0] = list[at + 1] = '/';
		list[at] = ';';
		parse(&conf, "[a]\npath=/a\nbins=/first\n\t%s\n", list);
		check_no_mistake(&conf, 1);
		if (conf.container_count == 1 && CHECK_INT(conf.containers[0]->bin_count, 3)) {
			CHECK_INT(strlen(conf.containers[0]->bins[1]), at);
			CHECK_STR(conf.containers[0]->bins[2], list + at + 1);
		}
		conf_clear(&conf);
	}
}

/*
 * A run of bytes with which no piece may begin or end, longer than inih's
 * buffer.
 */
TEST(test_conf_parse__keeps_a_long_run_of_blanks_or_hashes)
{
	static const char bytes[] = " \t#=:";
	char path[3001];
	struct conf conf;

	for (const char *byte = bytes; *byte != '\0'; byte++) {
		memset(path, *byte, sizeof(path) - 1);
		path[0] = '/';
		path[sizeof(path) - 2] = 'x';
		path[sizeof(path) - 1] = '\0';
		parse(&conf, "[a]\nbins=/a\npath=%s\n", path);
		check_no_mistake(&conf, 1);
		if (conf.container_count == 1)
			CHECK_STR(conf.containers[0]->path, path);
		conf_clear(&conf);
	}
}

TEST(test_conf_parse__tolerates_a_long_run_of_empty_elements)
{
	char run[3001];
	struct conf conf;

	memset(run, ';', sizeof(run) - 1);
	run[sizeof(run) - 1] = '\0';
	parse(&conf, "[a]\npath=/a\nbins=%s/bin%s\n", run, run);
	check_no_mistake(&conf, 1);
	if (conf.container_count == 1 && CHECK_INT(conf.containers[0]->bin_count, 1))
		CHECK_STR(conf.containers[0]->bins[0], "/bin");
	conf_clear(&conf);
}

TEST(test_conf_parse__tolerates_a_long_run_of_blanks_around_a_value)
{
	struct conf conf;

	parse(&conf, "[a]\npath=%1000s%1000s\n%1000s\nbins=/bin%1000s\n", "/a", "", "", "\r");
	check_no_mistake(&conf, 1);
	if (conf.container_count == 1)
		CHECK_STR(conf.containers[0]->path, "/a");
	conf_clear(&conf);
}

/* COUNT elements "/e00001", separated as SEPARATOR says. */
static char *make_elements(size_t count, const char *separator)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	require(out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s/e%05zu", i == 0 ? "" : separator, i);
	require(fclose(out) == 0);
	return text;
}

static void check_elements(const char *text, size_t count)
{
	struct conf conf;
	char name[32];

	parse(&conf, "[a]\npath=/a\nbins=%s\nmnt=/home\n[b]\npath=/b\nbins=/b\n", text);
	check_no_mistake(&conf, 2);
	if (conf.container_count == 2 && CHECK_INT(conf.containers[0]->bin_count, count))
		for (size_t i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "/e%05zu", i);
			CHECK_STR(conf.containers[0]->bins[i], name);
		}
	conf_clear(&conf);
}

TEST(test_conf_parse__takes_5000_elements_on_one_line)
{
	char *text = make_elements(5000, ";");

	check_elements(text, 5000);
	free(text);
}

TEST(test_conf_parse__takes_5000_elements_on_as_many_lines)
{
	char *text = make_elements(5000, "\n  ");

	check_elements(text, 5000);
	free(text);
}

TEST(test_conf_parse__takes_a_mnt_line_of_10000_bytes)
{
	char *text = make_elements(1250, ";"), name[32];
	struct conf conf;

	CHECK_INT(strlen(text), 9999);
	parse(&conf, "[a]\npath=/a\nmnt=%s\nbins=/bin\n", text);
	free(text);
	check_no_mistake(&conf, 1);
	if (conf.container_count == 1 && CHECK_INT(conf.containers[0]->bind_count, 1250))
		for (size_t i = 0; i < 1250; i++) {
			snprintf(name, sizeof(name), "/e%05zu", i);
			CHECK_STR(conf.containers[0]->binds[i].source, name);
			CHECK_STR(conf.containers[0]->binds[i].target, name);
			CHECK_INT(conf.containers[0]->binds[i].line, 3);
		}
	conf_clear(&conf);
}

TEST(test_conf_parse__refuses_a_line_of_a_megabyte_and_goes_on)
{
	char *text = malloc(1024 * 1024 + 1);
	static const char *const lines[] = {"path", "bins", "mnt", "envPath", "interpreter"};
	struct conf conf;

	require(text);
	memset(text, 'x', 1024 * 1024);
	text[0] = '/';
	text[1024 * 1024] = '\0';
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		parse(&conf, "[a]\n%s%s\n%s=%s\n[b]\npath=/b\nbins=/b\n", i == 0 ? "" : "path=/a\n",
		      i == 1 ? "" : "bins=/bin", lines[i], text);
		check_mistake(&conf, i == 0 || i == 1 ? i + 3 : 4, "more than 65536 bytes");
		if (CHECK_INT(conf.container_count, 2)) {
			CHECK(conf.containers[0]->has_errors);
			CHECK(!conf.containers[1]->has_errors);
		}
		conf_clear(&conf);
	}
	free(text);
}

/* Time and memory would grow with the square of it. */
TEST(test_conf_parse__takes_no_more_elements_than_a_record_holds)
{
	char *text = make_elements(100000, ";");
	struct conf conf;

	parse(&conf, "[a]\npath=/a\nbins=%s\n", text);
	check_mistake(&conf, 3, "bins: more than 65536 bytes");
	if (CHECK_INT(conf.container_count, 1))
		CHECK(conf.containers[0]->bin_count < RECORD_SIZE_MAX / strlen("/e00000;"));
	conf_clear(&conf);
	parse(&conf, "[a]\npath=/a\nbins=/b\nmnt=%s\n", text);
	check_mistake(&conf, 4, "mnt: more than 65536 bytes");
	conf_clear(&conf);
	free(text);
}

TEST(test_conf_parse__takes_a_comment_of_a_megabyte)
{
	char *text = malloc(1024 * 1024 + 1);
	struct conf conf;

	require(text);
	memset(text, '=', 1024 * 1024);
	text[1024 * 1024] = '\0';
	parse(&conf, "#%s\n[a] ;%s\npath=/a ;%s\nbins=/b\n", text, text, text);
	free(text);
	check_no_mistake(&conf, 1);
	conf_clear(&conf);
}

/* As long as one can be. */
static const struct nsfile_id pinned = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

/*
 * Whether BEFORE, ELEMENT and AFTER are accepted; then the container's record
 * can be written.
 */
static bool can_be_started(int dir, const char *before, const char *element, const char *after)
{
	struct conf conf;
	bool can;

	parse(&conf, "%s%s%s\n", before, element, after);
	can = conf.mistake_count == 0;
	if (can && CHECK_INT(conf.container_count, 1)) {
		CHECK_INT(record_write(dir, conf.containers[0], &pinned, NULL), 0);
		CHECK_INT(record_remove(dir, conf.containers[0]->name), 0);
	} else {
		check_mistake(&conf, 4, "more than 65536 bytes for one container");
	}
	conf_clear(&conf);
	return can;
}

TEST(test_conf_parse__limits_a_container_to_what_a_record_holds)
{
	static const struct {
		const char *before, *after;
		size_t least;
	} cases[] = {
		{"[a]\npath=/a\nbins=/b\nmnt=", "", RECORD_SIZE_MAX / 2 - 90},
		{"[a]\npath=/a\nbins=/b\nmnt=", ":/x", RECORD_SIZE_MAX - 200},
		{"[a]\npath=/a\nbins=/b\nenvPath=", "", RECORD_SIZE_MAX - 200},
		{"[a]\npath=/a\nbins=/b\ninterpreter=", "", RECORD_SIZE_MAX - 200},
		{"[a]\npath=/a\n\nbins=", "", RECORD_SIZE_MAX - 200},
		{"[a]\nbins=/b\n\npath=", "", RECORD_SIZE_MAX - 200},
	};
	char name[] = "/tmp/test-conf.XXXXXX", element[RECORD_SIZE_MAX + 1];
	int dir;

	require(mkdtemp(name) != NULL);
	dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	require(dir >= 0);
	memset(element, 'x', sizeof(element));
	element[0] = '/';
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = cases[i].least;
		bool can = true;

		for (; can && len < RECORD_SIZE_MAX; len++) {
			element[len] = '\0';
			can = can_be_started(dir, cases[i].before, element, cases[i].after);
			element[len] = 'x';
		}
		CHECK(!can && len > cases[i].least + 1);
	}
	close(dir);
	rmdir(name);
}

TEST(test_conf_parse__shows_only_the_beginning_of_a_long_text)
{
	struct conf conf;

	for (size_t i = 0; i < 4; i++) {
		char text[1001];

		for (size_t at = 0; at < 1000; at++)
			text[at] = at < i ? 'x' : "\342\202\254"[(at - i) % 3];
		text[1000] = '\0';
		parse(&conf, "[a]\npath=/a\nbins=/b\nmnt=%s\n", text);
		check_mistake(&conf, 4, "\342\202\254...' is not absolute");
		CHECK(conf.mistake_count == 1 && strlen(conf.mistakes[0].text) < 250);
		conf_clear(&conf);
	}
}

/* Mistakes that inih does not see or report. */

TEST(test_conf_parse__sees_the_whole_name_of_a_section)
{
	struct conf conf;

	/* Cut after 49 bytes, these would be the same one. */
	parse(&conf, "[%060d1]\npath=/a\nbins=/a\n[%060d2]\npath=/b\nbins=/b\n", 0, 0);
	CHECK_INT(conf.container_count, 0);
	if (CHECK_INT(conf.mistake_count, 2)) {
		CHECK(strstr(conf.mistakes[0].text, "01' cannot be part of") != NULL);
		CHECK(strstr(conf.mistakes[1].text, "02' cannot be part of") != NULL);
		CHECK(!conf.mistakes[0].container && !conf.mistakes[1].container);
	}
	conf_clear(&conf);
}

TEST(test_conf_parse__counts_lines_whatever_they_hold)
{
	struct conf conf;

	parse(&conf, "\n# c\n;c\n   \n[a]\n\npath=/%01000d\n\nbins=/b\n\t/%0500d\n\n\nx=1", 1, 2);
	check_mistake(&conf, 13, "unknown key 'x'");
	if (CHECK_INT(conf.container_count, 1)) {
		CHECK_INT(conf.containers[0]->line, 5);
		CHECK_INT(conf.containers[0]->path_line, 7);
		CHECK_INT(conf.containers[0]->bins_line, 9);
	}
	conf_clear(&conf);
}

/*
 * A key that does not fit into inih's buffer is not taken apart at a wrong
 * place.
 */
TEST(test_conf_parse__refuses_a_key_of_any_length)
{
	struct conf conf;

	for (int len = 1; len < 600; len++) {
		parse(&conf, "[a]\npath=/a\nbins=/b\n%0*d=/c;bins=/x\n\t/y\n", len, 0);
		check_mistake(&conf, 4, len < 100 ? "unknown key '0" : "key");
		if (CHECK_INT(conf.container_count, 1))
			CHECK_INT(conf.containers[0]->bin_count, 1);
		conf_clear(&conf);
	}
}

TEST(test_conf_parse__refuses_control_characters)
{
	char text[] = "[a]\npath=/a\nbins=/b?/c\n[b]\npath=/b\nbins=/b\n";
	char *byte = strchr(text, '?');
	struct conf conf;

	for (int c = 0; c < 256; c++) {
		bool is_refused = (c < ' ' && c != '\t') || c == 127;

		if (c == '\n')
			continue;
		*byte = (char)c;
		parse_bytes(&conf, text, sizeof(text) - 1);
		if (is_refused)
			check_mistake(&conf, 3, "a control character");
		else
			check_no_mistake(&conf, 2);
		if (CHECK_INT(conf.container_count, 2)) {
			CHECK_INT(conf.containers[0]->has_errors, is_refused);
			CHECK(!conf.containers[1]->has_errors);
		}
		conf_clear(&conf);
	}
}

TEST(test_conf_parse__does_not_mind_control_characters_in_comments)
{
	static const char text[] = "#\0\1\n[a] ;\0\npath=/a ;\033[0m\nbins=/b\n;\0";
	struct conf conf;

	parse_bytes(&conf, text, sizeof(text) - 1);
	check_no_mistake(&conf, 1);
	conf_clear(&conf);
}

TEST(test_conf_parse__refuses_nul_everywhere_else)
{
	static const char text[] =
		"[a\0]\npath=/a\nbins=/b\n[b]\0\npath=/b\nb\0ins=/b\n\0\nbins=/c\n";
	struct conf conf;

	parse_bytes(&conf, text, sizeof(text) - 1);
	CHECK_INT(conf.container_count, 1);
	if (CHECK(conf.mistake_count >= 4)) {
		CHECK_INT(conf.mistakes[0].line, 1);
		CHECK_INT(conf.mistakes[1].line, 4);
		CHECK_INT(conf.mistakes[2].line, 6);
		CHECK_INT(conf.mistakes[conf.mistake_count - 1].line, 7);
	}
	conf_clear(&conf);
}

TEST(test_conf_parse__tolerates_crlf_and_a_byte_order_mark)
{
	struct conf conf;

	parse(&conf, "\357\273\277[a]\r\npath=/a\r\n\r\nbins=/b;\r\n\t/c\r\nenvPath=/b:/c\r\n");
	check_no_mistake(&conf, 1);
	if (conf.container_count == 1 && CHECK_INT(conf.containers[0]->bin_count, 2)) {
		CHECK_STR(conf.containers[0]->path, "/a");
		CHECK_STR(conf.containers[0]->bins[1], "/c");
		CHECK_STR(conf.containers[0]->env_path, "/b:/c");
	}
	conf_clear(&conf);
}

TEST(test_conf_parse__needs_no_newline_at_the_end)
{
	struct conf conf;

	parse(&conf, "[a]\npath=/a\nbins=/b\n\t/c");
	check_no_mistake(&conf, 1);
	if (conf.container_count == 1)
		CHECK_INT(conf.containers[0]->bin_count, 2);
	conf_clear(&conf);
	parse(&conf, "[a]");
	CHECK_INT(conf.container_count, 1);
	CHECK_INT(conf.mistake_count, 2);
	conf_clear(&conf);
}

/*
 * The command directory, which is configure's.
 */

TEST(test_conf_parse__keeps_the_command_directory_out_of_mnt)
{
	static const char *const bad[] = {
		PATH_LINKSDIR,
		PATH_LINKSDIR "/",
		"/" PATH_LINKSDIR "/debian",
		PATH_LINKSDIR ":/commands",
	};
	struct conf conf;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(&conf, "[a]\npath=/a\nbins=/b\nmnt=%s\n", bad[i]);
		check_mistake(&conf, 4, "is the command directory");
		conf_clear(&conf);
	}
	parse(&conf, "[a]\npath=/a\nbins=/b\nmnt=%sToo;/home:%s\n", PATH_LINKSDIR, PATH_LINKSDIR);
	check_no_mistake(&conf, 1);
	conf_clear(&conf);
}

TEST(test_conf_parse__keeps_the_command_directory_out_of_bins)
{
	static const char *const bad[] = {
		PATH_LINKSDIR,
		PATH_LINKSDIR "/debian/",
		PATH_OLDROOT PATH_LINKSDIR,
		PATH_OLDROOT "/" PATH_LINKSDIR "/debian:ls",
	};
	struct conf conf;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(&conf, "[a]\npath=/a\nbins=/b;%s\n", bad[i]);
		check_mistake(&conf, 3, "is the command directory");
		conf_clear(&conf);
	}
	parse(&conf, "[a]\npath=/a\nbins=%sToo;%s;%s/usr/bin\n", PATH_LINKSDIR, PATH_OLDROOT,
	      PATH_OLDROOT);
	check_no_mistake(&conf, 1);
	conf_clear(&conf);
}

/*
 * Containers and mistakes.
 */

TEST(test_conf_parse__disables_only_the_container_with_the_mistake)
{
	struct conf conf;

	parse(&conf, "[a]\npath=/a\nbins=/b\n[b]\npath=b\nbins=/b\n[c]\npath=/c\nbins=/b\n");
	check_mistake(&conf, 5, "'b' is not absolute");
	if (CHECK_INT(conf.container_count, 3)) {
		CHECK(!conf.containers[0]->has_errors);
		CHECK(conf.containers[1]->has_errors);
		CHECK(!conf.containers[2]->has_errors);
		CHECK(conf.mistakes[0].container == conf.containers[1]);
	}
	conf_clear(&conf);
}

TEST(test_conf_parse__tells_mistakes_in_the_order_of_lines)
{
	struct conf conf;

	parse(&conf, "[a]\nx=1\n?\nmnt=\nenvPath=:/b\ny=1\n[b]\nz=1\n");
	CHECK(conf.mistake_count == 10);
	for (size_t i = 1; i < conf.mistake_count; i++)
		CHECK(conf.mistakes[i - 1].line <= conf.mistakes[i].line);
	conf_clear(&conf);
}

TEST(test_conf_parse__takes_a_thousand_containers)
{
	char *text = NULL, name[32];
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct conf conf;

	require(out);
	for (int i = 0; i < 1000; i++)
		fprintf(out, "[c%d]\npath=/srv/%d\nbins=/bin\n", i, i);
	require(fclose(out) == 0);
	parse_bytes(&conf, text, size);
	free(text);
	check_no_mistake(&conf, 1000);
	for (size_t i = 0; i < conf.container_count; i++) {
		snprintf(name, sizeof(name), "c%zu", i);
		CHECK_STR(conf.containers[i]->name, name);
		CHECK(conf_find(&conf, name) == conf.containers[i]);
	}
	conf_clear(&conf);
}

TEST(test_conf_find__finds_the_first_of_a_name_or_none)
{
	struct conf conf;

	parse(&conf, "[a]\n[b]\n[b]\n");
	if (CHECK_INT(conf.container_count, 3)) {
		CHECK(conf_find(&conf, "a") == conf.containers[0]);
		CHECK(conf_find(&conf, "b") == conf.containers[1]);
	}
	CHECK(conf_find(&conf, "c") == NULL);
	CHECK(conf_find(&conf, "") == NULL);
	conf_clear(&conf);
	CHECK(conf_find(&conf, "a") == NULL);
	conf_clear(&conf);
}

static ssize_t read_then_fail(void *cookie, char *buf, size_t size)
{
	static const char text[] = "[a]\npath=/a\nbins=/b\n[b]\npath=/b\n";
	bool *has_failed = cookie;

	if (*has_failed || size < sizeof(text)) {
		errno = EUCLEAN;
		return -1;
	}
	*has_failed = true;
	memcpy(buf, text, sizeof(text) - 1);
	return sizeof(text) - 1;
}

/* Half a configuration is none. */
TEST(test_conf_parse__gives_nothing_on_a_read_error)
{
	bool has_failed = false;
	cookie_io_functions_t functions = {.read = read_then_fail};
	FILE *file = fopencookie(&has_failed, "r", functions);
	struct conf conf;

	require(file);
	CHECK_INT(conf_parse(file, "conf", &conf), -EUCLEAN);
	CHECK(conf.container_count == 0 && !conf.containers);
	CHECK(conf.mistake_count == 0 && !conf.mistakes);
	conf_clear(&conf);
	fclose(file);

	file = fopen("/", "r");
	require(file);
	CHECK_INT(conf_parse(file, "conf", &conf), -EISDIR);
	conf_clear(&conf);
	fclose(file);
}

/*
 * Opening.
 */

/* A directory with a file "conf" of MODE in it, or NULL if none can be made. */
static char *make_place(mode_t mode)
{
	char dir[] = "/tmp/test-conf.XXXXXX", *path = NULL;
	int fd;

	require(mkdtemp(dir) != NULL && asprintf(&path, "%s/conf", dir) > 0);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	require(fd >= 0 && fchmod(fd, mode) == 0 && close(fd) == 0);
	return path;
}

static void remove_place(char *path)
{
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	free(path);
}

/* The result of conf_open for PATH; 0 also proves that the file can be read. */
static int try_open(const char *path)
{
	const char *why = NULL;
	FILE *file = NULL;
	int status = conf_open(path, &file, &why);

	if (status == 0) {
		CHECK(getc(file) == EOF && !ferror(file));
		CHECK(fcntl(fileno(file), F_GETFD) & FD_CLOEXEC);
		fclose(file);
	} else {
		CHECK(why && why[0] != '\0');
	}
	return status;
}

TEST(test_conf_open__takes_only_what_is_roots_alone)
{
	static const struct {
		mode_t mode;
		int status;
	} cases[] = {
		{0644, 0}, {0600, 0}, {0755, 0}, {0664, -EPERM}, {0646, -EPERM}, {0666, -EPERM},
	};
	char *path;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		path = make_place(cases[i].mode);
		CHECK_INT(try_open(path), geteuid() == 0 ? cases[i].status : -EPERM);
		remove_place(path);
	}
}

TEST(test_conf_open__refuses_a_file_or_directory_of_others)
{
	char *path, *slash;

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	path = make_place(0644);
	require(chown(path, 65534, 65534) == 0);
	CHECK_INT(try_open(path), -EPERM);
	require(chown(path, 0, 0) == 0);
	CHECK_INT(try_open(path), 0);

	slash = strrchr(path, '/');
	*slash = '\0';
	require(chown(path, 65534, 65534) == 0);
	*slash = '/';
	CHECK_INT(try_open(path), -EPERM);
	*slash = '\0';
	require(chown(path, 0, 0) == 0 && chmod(path, 01777) == 0);
	*slash = '/';
	CHECK_INT(try_open(path), -EPERM);
	remove_place(path);
}

TEST(test_conf_open__follows_no_link)
{
	char *path, *link, *slash;

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	path = make_place(0644);
	require(asprintf(&link, "%s.link", path) > 0 && symlink("conf", link) == 0);
	CHECK_INT(try_open(link), -ELOOP);
	require(unlink(link) == 0);
	free(link);

	slash = strrchr(path, '/');
	*slash = '\0';
	require(asprintf(&link, "%s.link/conf", path) > 0);
	slash = strrchr(link, '/');
	*slash = '\0';
	require(symlink(path, link) == 0);
	*slash = '/';
	CHECK_INT(try_open(link), -ELOOP);
	*slash = '\0';
	require(unlink(link) == 0);
	free(link);
	path[strlen(path)] = '/';
	remove_place(path);
}

TEST(test_conf_open__takes_only_a_regular_file_and_does_not_wait)
{
	char *path;

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	path = make_place(0644);
	require(unlink(path) == 0 && mkfifo(path, 0600) == 0);
	CHECK_INT(try_open(path), -EINVAL);
	require(unlink(path) == 0 && mkdir(path, 0755) == 0);
	CHECK_INT(try_open(path), -EISDIR);
	require(rmdir(path) == 0);
	CHECK_INT(try_open(path), -ENOENT);
	remove_place(path);
}

TEST(test_conf_open__takes_a_relative_path)
{
	char *path, *slash;
	int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (geteuid() != 0) {
		SKIP("needs root");
		return;
	}
	path = make_place(0644);
	slash = strrchr(path, '/');
	*slash = '\0';
	require(cwd >= 0 && chdir(path) == 0);
	*slash = '/';
	CHECK_INT(try_open("conf"), 0);
	CHECK_INT(try_open("./conf"), 0);
	CHECK_INT(try_open("nothing"), -ENOENT);
	require(fchdir(cwd) == 0 && close(cwd) == 0);
	remove_place(path);
}

TEST(test_conf_open__says_what_is_wrong_with_a_path)
{
	CHECK_INT(try_open("/no-such-directory/subsys.conf"), -ENOENT);
	CHECK_INT(try_open("/no-such-file"), -ENOENT);
	CHECK_INT(try_open(""), -ENOENT);
	CHECK_INT(try_open("/"), -EISDIR);
	CHECK_INT(try_open("/usr/"), -EISDIR);
	CHECK_INT(try_open("/usr/."), -EISDIR);
	CHECK_INT(try_open(".."), -EISDIR);
}

TEST(test_conf_open__gives_the_cause_of_any_other_error)
{
	char path[PATH_MAX] = "/";
	const char *why;
	FILE *file;

	memset(path + 1, 'a', NAME_MAX + 1);
	CHECK_INT(conf_open(path, &file, &why), -ENAMETOOLONG);
	CHECK_STR(why, strerror(ENAMETOOLONG));
}
