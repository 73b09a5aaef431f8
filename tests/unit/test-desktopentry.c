/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "menus/desktopentry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"
#include "tree.h"
#include "unit.h"

#define COMMAND PATH_LINKSDIR "/c:prog"
#define HEAD "[Desktop Entry]\nType=Application\n"
#define TAIL "X-LSL-Container=c\n"

/* The container has prog, /usr/bin/prog and the icon /i.png. */
static int find_program(const char *word, char name[NAME_MAX + 1], void *arg)
{
	(void)arg;
	if (strcmp(word, "prog") != 0 && strcmp(word, "/usr/bin/prog") != 0)
		return -ENOENT;
	strcpy(name, "prog");
	return 0;
}

static int find_icon(const char *path, char name[NAME_MAX + 1], void *arg)
{
	(void)arg;
	if (strcmp(path, "/i.png") != 0)
		return -ENOENT;
	strcpy(name, "i");
	return 0;
}

static int find_named_icon(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 0;
}

/* What becomes of the SIZE bytes at TEXT, or NULL. The caller's. */
static char *rewrite(const char *text, size_t size, const char *clash)
{
	static const struct desktopentry_source source = {
		.container = "c",
		.program = find_program,
		.icon = find_icon,
		.named_icon = find_named_icon,
	};
	char *copy = malloc(size + 1), *result = NULL;
	size_t result_size;
	FILE *file = open_memstream(&result, &result_size);
	int status;

	tree_require(copy && file, "memory");
	memcpy(copy, text, size);
	copy[size] = '\0';
	status = desktopentry_rewrite(copy, size, &source, clash, file);
	tree_require(fclose(file) == 0, "memory");
	free(copy);
	if (status == 0)
		return result;
	free(result);
	return NULL;
}

static void check_clash(const char *text, const char *clash, const char *expected)
{
	char *result = rewrite(text, strlen(text), clash);

	if (!CHECK(result && strcmp(result, expected) == 0))
		printf("of\n%scame\n%s\n", text, result ? result : "nothing");
	free(result);
}

static void check(const char *text, const char *expected)
{
	check_clash(text, NULL, expected);
}

static void check_refused(const char *text)
{
	char *result = rewrite(text, strlen(text), NULL);

	if (!CHECK(!result))
		printf("of\n%scame\n%s\n", text, result);
	free(result);
}

TEST(test_desktopentry_rewrite__makes_commands_of_programs)
{
	check(HEAD "Exec=prog\n", HEAD "Exec=" COMMAND "\n" TAIL);
	check(HEAD "Exec=/usr/bin/prog %U\n", HEAD "Exec=" COMMAND " %U\n" TAIL);
	check(HEAD "Exec=\"prog\" \"a b\"\n", HEAD "Exec=" COMMAND " \"a b\"\n" TAIL);
	check(HEAD "Exec = prog\nTryExec=prog\n",
	      HEAD "Exec=" COMMAND "\nTryExec=" COMMAND "\n" TAIL);
	check(HEAD "Exec=prog \"\\\\$a\" %%\n", HEAD "Exec=" COMMAND " \"\\\\$a\" %%\n" TAIL);
	check(HEAD "Exec=prog\n\n[Desktop Action a]\nName=A\nExec=prog -a\n",
	      HEAD "Exec=" COMMAND "\n" TAIL "\n[Desktop Action a]\nName=A\nExec=" COMMAND " -a\n");
}

TEST(test_desktopentry_rewrite__leaves_out_what_means_nothing_outside)
{
	check(HEAD
	      "Exec=prog\nPath=/x\nDBusActivatable=true\nImplements=a.b;\nX-KDE-Username=root\n",
	      HEAD "Exec=" COMMAND "\n" TAIL);
	check("# comment\n" HEAD "Exec=prog\nIcon=/i.png\nIcon[de]=j\n",
	      HEAD "Exec=" COMMAND "\nIcon=i\nIcon[de]=j\n" TAIL);
}

TEST(test_desktopentry_rewrite__tells_entries_with_one_id_apart)
{
	check_clash(HEAD "Name=A\nName[de]=B\nExec=prog\n[Desktop Action a]\nName=A\nExec=prog\n",
		    "org.a.desktop",
		    HEAD "Name=A (c)\nName[de]=B (c)\nExec=" COMMAND "\nStartupWMClass=org.a\n" TAIL
			 "\n[Desktop Action a]\nName=A\nExec=" COMMAND "\n");
	check_clash(HEAD "Exec=prog\nStartupWMClass=x\n", "a.desktop",
		    HEAD "Exec=" COMMAND "\nStartupWMClass=x\n" TAIL);
}

TEST(test_desktopentry_rewrite__refuses_what_is_no_command)
{
	static const char *const values[] = {
		"",
		"other",
		"/bin/prog",
		"prog;id",
		"prog ; id",
		"prog $(id)",
		"prog `id`",
		"prog 'a'",
		"prog a\\\\b",
		"prog \"a",
		"prog \"$a\"",
		"prog \"`a`\"",
		"prog %z",
		"prog %",
		"prog a\\nb",
		"\"prog",
		"\"prog\"x",
		"%f",
		"prog > x",
		"prog | sh",
		"prog & id",
		"prog ~",
		"prog *",
		"prog ?",
		"prog #",
		"pr\\sog",
		"a=b prog",
		"prog \"a\\\\b\"",
	};
	char text[200];
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(text, sizeof(text), HEAD "Exec=%s\n", values[i]);
		check_refused(text);
		snprintf(text, sizeof(text), HEAD "Exec=prog\n[Desktop Action a]\nExec=%s\n",
			 values[i]);
		check_refused(text);
	}
	check_refused(HEAD "Exec=prog\nTryExec=other\n");
	check_refused(HEAD "Exec=prog\nTryExec=prog a\n");
}

TEST(test_desktopentry_rewrite__refuses_what_is_no_entry)
{
	check_refused("");
	check_refused(HEAD);
	check_refused("Exec=prog\n" HEAD);
	check_refused("[Desktop Entry]\nExec=prog\n");
	check_refused("[Desktop Entry]\nType=Link\nExec=prog\n");
	check_refused("[Other]\nType=Application\nExec=prog\n");
	check_refused(HEAD "Exec=prog\nHidden=true\n");
	check_refused(HEAD "Exec=prog\n[Desktop Entry]\n");
	check_refused(HEAD "Exec=prog\n[x\n");
	check_refused(HEAD "Exec=prog\n[]\n");
	check_refused(HEAD "Exec=prog\n[a]b]\n");
	check_refused(HEAD "Exec=prog\n=x\n");
	check_refused(HEAD "Exec=prog\nno key\n");
	check_refused(HEAD "Exec=prog\nName[]=x\n");
	check_refused(HEAD "Exec=prog\nName[de=x\n");
	check_refused(HEAD "Exec=prog\nName[de]x=x\n");
	check_refused(HEAD "Exec=prog\nName[a/b]=x\n");
	check_refused(HEAD "Exec=prog\nMimeType=a/b=c;\n");
	check_refused(HEAD "Exec=prog\nIcon=/etc/shadow\n");
	check_refused(HEAD "Exec=prog\nIcon=../x\n");
}

TEST(test_desktopentry_rewrite__refuses_text_that_deceives)
{
	static const char *const texts[] = {"\033[31m",     "a\tb",         "a\rb",
					    "\177",         "\302\233",     "\377",
					    "\342\200\256", "\342\201\246", "\342\200\250",
					    "\300\200"};
	char text[200];
	char *result;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(text, sizeof(text), HEAD "Exec=prog\nName=%s\n", texts[i]);
		check_refused(text);
	}
	result = rewrite(HEAD "Exec=prog\n\0", sizeof(HEAD "Exec=prog\n"), NULL);
	CHECK(!result);
	free(result);
	check(HEAD "Exec=prog\nName=\303\244 \357\277\275\n",
	      HEAD "Exec=" COMMAND "\nName=\303\244 \357\277\275\n" TAIL);
}
