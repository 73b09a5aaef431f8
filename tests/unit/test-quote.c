/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "base/quote.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static void check_quoted(const char *text, const char *expected)
{
	char *quoted = quote_shell(text);

	CHECK_STR(quoted, expected);
	free(quoted);
}

TEST(test_quote_shell__leaves_simple_words_alone)
{
	check_quoted("/srv/rootfs/debian-12_x.y", "/srv/rootfs/debian-12_x.y");
	check_quoted("debian", "debian");
	check_quoted("a=b:c,d@e%f+g", "a=b:c,d@e%f+g");
}

TEST(test_quote_shell__one_word_whatever_it_is)
{
	check_quoted("", "''");
	check_quoted("a b", "'a b'");
	check_quoted("it's", "'it'\\''s'");
	check_quoted("'", "\\'");
	check_quoted("a\\b", "'a'\\\\'b'");
	check_quoted("x$(id>pwned)`id`${y:=z}", "'x$(id>pwned)`id`${y:=z}'");
	check_quoted("~", "'~'");
	check_quoted("=ls", "'=ls'");
	check_quoted("%1", "'%1'");
	check_quoted("caf\303\251", "'caf\303\251'");
}

TEST(test_quote_shell__control_characters_are_spelled)
{
	check_quoted("a\nb", "'a'$'\\012''b'");
	check_quoted("\033[2J", "$'\\033''[2J'");
	check_quoted("\233", "$'\\233'");
	check_quoted("\342\200\256x", "$'\\342'$'\\200'$'\\256''x'");
}

/* The argument that SHELL makes of it. */
static void ask_shell(const char *shell, const char *text, char *answer, size_t size)
{
	char *quoted = quote_shell(text), *line;
	int output[2];
	ssize_t n, len = 0;
	pid_t pid;

	if (!quoted || asprintf(&line, "printf '<%%s>' %s", quoted) < 0 || pipe(output) < 0)
		abort();
	pid = fork();
	if (pid == 0) {
		dup2(output[1], STDOUT_FILENO);
		close(output[0]);
		close(output[1]);
		execlp(shell, shell, "-c", line, (char *)NULL);
		_exit(127);
	}
	close(output[1]);
	while ((n = read(output[0], answer + len, size - 1 - (size_t)len)) > 0)
		len += n;
	answer[len] = '\0';
	close(output[0]);
	waitpid(pid, NULL, 0);
	free(quoted);
	free(line);
}

static void check_shell(const char *shell, bool knows_octal)
{
	static const char *const texts[] = {
		"plain",       "",           " a  b ",
		"it's",        "\\",         "a\\'b\\\\c",
		"\\n",         "*?[a]{b,c}", "$HOME `id` $(id) ${x:=y}",
		"~root",       "!!",         "#c",
		"a;b&c|d>e<f", "\"q\"",      "-n",
		"=ls",         "%self",      "^a^b",
		"caf\303\251",
	};
	static const char *const odd[] = {"a\nb\n", "\033[2J\007", "\233x", "\342\200\256", "\n1"};
	char answer[256], expected[256];
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ask_shell(shell, texts[i], answer, sizeof(answer));
		snprintf(expected, sizeof(expected), "<%s>", texts[i]);
		CHECK_STR(answer, expected);
	}
	for (i = 0; knows_octal && i < sizeof(odd) / sizeof(*odd); i++) {
		ask_shell(shell, odd[i], answer, sizeof(answer));
		snprintf(expected, sizeof(expected), "<%s>", odd[i]);
		CHECK_STR(answer, expected);
	}
}

static bool is_installed(const char *shell)
{
	char path[64];

	snprintf(path, sizeof(path), "/usr/bin/%s", shell);
	return access(path, X_OK) == 0;
}

TEST(test_quote_shell__sh_reads_it_back)
{
	check_shell("sh", false);
}

TEST(test_quote_shell__bash_reads_it_back)
{
	if (!is_installed("bash")) {
		SKIP("bash is not installed");
		return;
	}
	check_shell("bash", true);
}

TEST(test_quote_shell__zsh_reads_it_back)
{
	if (!is_installed("zsh")) {
		SKIP("zsh is not installed");
		return;
	}
	check_shell("zsh", true);
}

TEST(test_quote_shell__fish_reads_it_back)
{
	if (!is_installed("fish")) {
		SKIP("fish is not installed");
		return;
	}
	setenv("HOME", "/nonexistent", 1);
	check_shell("fish", false);
}
