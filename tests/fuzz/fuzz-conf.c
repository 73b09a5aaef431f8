/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For libFuzzer: for any configuration, the result keeps the promises of conf.h
 * and container.h, and gives the same result when it is written and read again.
 *
 *	clang -fsanitize=fuzzer,address,undefined ... tests/fuzz/fuzz-conf.c
 */
#include "config.h"
#include "conf/conf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pathnames.h"
#include "record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void parse(const void *text, size_t size, struct conf *conf)
{
	FILE *file = tmpfile();

	require(file && fwrite(text, 1, size, file) == size);
	rewind(file);
	require(conf_parse(file, "conf", conf) == 0);
	fclose(file);
}

static void check_path(const char *path)
{
	char *slashed;

	require(path && path[0] == '/' && strstr(path, "//") == NULL);
	require(path[1] == '\0' || path[strlen(path) - 1] != '/');
	require(asprintf(&slashed, "%s/", path) > 0);
	require(strstr(slashed, "/./") == NULL && strstr(slashed, "/../") == NULL);
	free(slashed);
	for (; *path != '\0'; path++)
		require((unsigned char)*path >= ' ' || *path == '\t');
}

static void check_container(const struct container *c)
{
	require(container_name_valid(c->name, strlen(c->name)) && c->line > 0);
	if (c->has_errors)
		return;
	check_path(c->path);
	require(strcmp(c->path, "/") != 0 && c->path_line > 0);
	require(c->bin_count > 0 && c->bins_line > 0);
	for (size_t i = 0; i < c->bin_count; i++) {
		check_path(c->bins[i]);
		for (size_t j = 0; j < i; j++)
			require(strcmp(c->bins[i], c->bins[j]) != 0);
	}
	for (size_t i = 0; i < c->bind_count; i++) {
		check_path(c->binds[i].source);
		check_path(c->binds[i].target);
		require(c->binds[i].line > c->line && strcmp(c->binds[i].target, "/") != 0);
		for (size_t j = 0; j < i; j++)
			require(strcmp(c->binds[i].target, c->binds[j].target) != 0);
	}
	if (c->interpreter)
		check_path(c->interpreter);
	require(!c->interpreter == (c->interpreter_line == 0));
}

static void check_mistakes(const struct conf *conf)
{
	for (size_t i = 0; i < conf->mistake_count; i++) {
		const struct conf_mistake *m = &conf->mistakes[i];
		bool is_known = !m->container;

		require(m->text[0] != '\0' && strchr(m->text, '\n') == NULL);
		require(i == 0 || m->line >= conf->mistakes[i - 1].line);
		for (size_t j = 0; j < conf->container_count; j++)
			is_known = is_known || conf->containers[j] == m->container;
		require(is_known && (!m->container || m->container->has_errors));
	}
}

/* What keeps a blank at the end of PATH. */
static const char *slash_for(const char *path)
{
	char last = path[strlen(path) - 1];

	return last == ' ' || last == '\t' ? "/" : "";
}

static void write_path(FILE *file, const char *before, const char *path)
{
	fprintf(file, "%s%s%s", before, path, slash_for(path));
}

static void write_container(FILE *file, const struct container *c)
{
	fprintf(file, "[%s]\n", c->name);
	write_path(file, "path=", c->path);
	for (size_t i = 0; i < c->bin_count; i++)
		write_path(file, i == 0 ? "\nbins=" : ";", c->bins[i]);
	for (size_t i = 0; i < c->bind_count; i++) {
		write_path(file, i == 0 ? "\nmnt=" : ";", c->binds[i].source);
		write_path(file, ":", c->binds[i].target);
	}
	if (c->env_path)
		fprintf(file, "\nenvPath=%s", c->env_path);
	if (c->interpreter)
		write_path(file, "\ninterpreter=", c->interpreter);
	fprintf(file, "\n");
}

static char *write_conf(const struct conf *conf, size_t *size)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, size);

	require(file);
	for (size_t i = 0; i < conf->container_count; i++)
		if (!conf->containers[i]->has_errors)
			write_container(file, conf->containers[i]);
	require(fclose(file) == 0);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf conf, again;
	char *text, *text_again;
	size_t text_size, text_again_size;

	parse(data, size, &conf);
	for (size_t i = 0; i < conf.container_count; i++)
		check_container(conf.containers[i]);
	check_mistakes(&conf);

	text = write_conf(&conf, &text_size);
	parse(text, text_size, &again);
	require(again.mistake_count == 0);
	text_again = write_conf(&again, &text_again_size);
	require(text_size == text_again_size && memcmp(text, text_again, text_size) == 0);

	free(text);
	free(text_again);
	conf_clear(&conf);
	conf_clear(&again);
	return 0;
}
