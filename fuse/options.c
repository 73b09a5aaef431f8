/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

const char options_help[] =
	"Usage: mount.lslfs [options] SPEC DIR\n"
	"Mounts the command directory of lsl on DIR; usually called by mount(8).\n"
	"\n"
	"  -o OPTION,...      debug, noseccomp, and mount(8)'s own, which change nothing\n"
	"  -f                 do everything but the mount\n"
	"  -n, -v, -t TYPE    ignored\n"
	"  -s                 ignore unknown options in -o\n"
	"  -N NAMESPACE       mount in that mount namespace (a file or a process ID)\n"
	"      --foreground   do not go to the background\n"
	"  -h, --help         show this\n"
	"  -V, --version      show the version\n";

/*
 * Options of mount(8) and fstab(5) that mount(8) handles itself, or that are
 * always true of this file system. An asterisk stands for any text.
 */
static const char tolerated[] =
	"_netdev allow_other async atime auto default_permissions defaults dev diratime dirsync "
	"exec group iversion lazytime loud mand noatime noauto nodev nodiratime noexec nofail "
	"nogroup noiversion nolazytime nomand noowner norelatime nostrictatime nosuid nouser "
	"nousers owner relatime ro rw silent strictatime suid sync user users "
	"comment=* uhelper=* helper=* user=* x-* X-*";

static bool is_tolerated(const char *word)
{
	const char *next;
	size_t n;

	for (next = tolerated; *next; next += n + strspn(next + n, "* ")) {
		n = strcspn(next, "* ");
		if (strncmp(word, next, n) == 0 && (next[n] == '*' || !word[n]))
			return true;
	}
	return false;
}

/* Parses the words after -o; splits them in place. */
static void parse_words(char *words, struct options *options)
{
	const char *word;

	while ((word = strsep(&words, ","))) {
		if (strcmp(word, "debug") == 0)
			options->debug = true;
		else if (strcmp(word, "noseccomp") == 0)
			options->seccomp = false;
		else if (*word && !is_tolerated(word))
			options->unknown = word;
	}
}

static const struct option long_options[] = {
	{"foreground", no_argument, NULL, 'F'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static void take_mount_option(int option, char *argument, struct options *options)
{
	options->is_fake |= option == 'f';
	options->is_sloppy |= option == 's';
	options->is_foreground |= option == 'F';
	options->wants_help |= option == 'h';
	options->wants_version |= option == 'V';
	if (option == 'N')
		options->ns = argument;
	if (option == 'o')
		parse_words(argument, options);
}

/*
 * If several letters are in one word, getopt is still at that word, so the
 * message can name only the letter.
 */
static int refuse_option(char *argv[], struct failure *failure)
{
	static const char hint[] = "(try mount.lslfs --help)";

	if (optopt > ' ' && optopt < 0x7f)
		return failure_say(failure, EINVAL, "bad option '-%c' %s", optopt, hint);
	return failure_say(failure, EINVAL, "bad option '%s' %s", argv[optind - 1], hint);
}

int options_parse(int argc, char *argv[], struct options *options, struct failure *failure)
{
	int option;
	size_t len;

	*options = (struct options){.seccomp = true};
	/*
	 * 0 and not 1, because only 0 resets getopt's position within a word of
	 * several letters.
	 */
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "sfnvN:o:t:hV", long_options, NULL)) != -1) {
		if (option == '?')
			return refuse_option(argv, failure);
		take_mount_option(option, optarg, options);
	}
	if (options->wants_help || options->wants_version)
		return 0;
	if (argc - optind != 2)
		return failure_say(failure, EINVAL,
				   "a source and a directory are needed (try mount.lslfs --help)");
	options->spec = argv[optind];
	options->dir = argv[optind + 1];
	for (len = strlen(options->dir); len > 1 && options->dir[len - 1] == '/'; len--)
		argv[optind + 1][len - 1] = '\0';
	if (options->unknown && !options->is_sloppy)
		return failure_say(failure, EINVAL, "unknown mount option '%s' (-s ignores it)",
				   options->unknown);
	return 0;
}
