/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "base/debug.h"
#include "pathnames.h"
#include "create/url.h"

/* The arguments of a command. */
enum {
	TAKES_NAMES = 1, /* of containers */
	TAKES_KILL = 2,
	TAKES_JSON = 4,
	TAKES_PROGRAM = 8, /* one */
	TAKES_FOLLOW = 16,
	TAKES_NAME = 32, /* of one container */
	TAKES_SOURCE = 64, /* the source of a container */
	TAKES_IMAGE = 128, /* the choice of an image and a server */
	TAKES_REMOVAL = 256,
	TAKES_PATTERN = 512, /* of images' names */
};

/* The message for an option that a command does not take. */
static const struct {
	unsigned int takes;
	const char *is_option_of;
} option_rules[] = {
	{TAKES_KILL, "--kill is an option of stop, restart and remove"},
	{TAKES_FOLLOW, "--follow is an option of refresh"},
	{TAKES_SOURCE, "--from, --sha256 and --passwords are options of create"},
	{TAKES_IMAGE, "--arch, --server and --offline are options of create and images"},
	{TAKES_REMOVAL, "--yes and --keep-files are options of remove"},
};

static const struct action {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(const struct options *options);
	unsigned int takes;
} actions[] = {
	{"start", "[NAME...]", "start containers (all of them without NAME)", lsl_start,
	 TAKES_NAMES},
	{"stop", "[--kill] [NAME...]", "stop containers; --kill ends their programs", lsl_stop,
	 TAKES_NAMES | TAKES_KILL},
	{"restart", "[--kill] [NAME...]", "stop, then start", lsl_restart,
	 TAKES_NAMES | TAKES_KILL},
	{"refresh", "[--follow]", "update the host's files and mounts in containers", lsl_refresh,
	 TAKES_FOLLOW},
	{"status", "[--json] [NAME...]", "show containers and their problems", lsl_status,
	 TAKES_NAMES | TAKES_JSON},
	{"which", "[--json] PROGRAM", "show which containers have PROGRAM, and where", lsl_which,
	 TAKES_PROGRAM | TAKES_JSON},
	{"ps", "[--json] [NAME...]", "show the processes that run in containers", lsl_ps,
	 TAKES_NAMES | TAKES_JSON},
	{"check", "[--json]", "check the configuration and the installation", lsl_check,
	 TAKES_JSON},
	{"create", "NAME [--from SOURCE]", "make a container from an image or an archive",
	 lsl_create, TAKES_NAME | TAKES_SOURCE | TAKES_IMAGE | TAKES_JSON},
	{"images", "[--json] [PATTERN]", "show the images that create can use", lsl_images,
	 TAKES_PATTERN | TAKES_IMAGE | TAKES_JSON},
	{"remove", "[--kill] NAME", "remove a container that create made", lsl_remove,
	 TAKES_NAME | TAKES_REMOVAL | TAKES_KILL | TAKES_JSON},
	{"relink", "", "nothing to do: commands are listed live", lsl_relink, 0},
};

enum {
	OPTION_KILL = 256,
	OPTION_JSON,
	OPTION_FOLLOW,
	OPTION_FROM,
	OPTION_SHA256,
	OPTION_PASSWORDS,
	OPTION_ARCH,
	OPTION_SERVER,
	OPTION_OFFLINE,
	OPTION_YES,
	OPTION_KEEP_FILES,
};

static const struct option long_options[] = {
	{"config", required_argument, NULL, 'c'},
	{"debug", no_argument, NULL, 'd'},
	{"disable-seccomp", no_argument, NULL, 's'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{"kill", no_argument, NULL, OPTION_KILL},
	{"json", no_argument, NULL, OPTION_JSON},
	{"follow", no_argument, NULL, OPTION_FOLLOW},
	{"from", required_argument, NULL, OPTION_FROM},
	{"sha256", required_argument, NULL, OPTION_SHA256},
	{"passwords", no_argument, NULL, OPTION_PASSWORDS},
	{"arch", required_argument, NULL, OPTION_ARCH},
	{"server", required_argument, NULL, OPTION_SERVER},
	{"offline", no_argument, NULL, OPTION_OFFLINE},
	{"yes", no_argument, NULL, OPTION_YES},
	{"keep-files", no_argument, NULL, OPTION_KEEP_FILES},
	{NULL, 0, NULL, 0},
};

static void print_help(void)
{
	size_t i;

	printf("Usage: lsl [OPTION...] COMMAND [NAME...]\n"
	       "Makes every program of every root filesystem a command: container:program.\n"
	       "\nCommands:\n");
	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		printf("  %-8s%-22s%s\n", actions[i].name, actions[i].arguments,
		       actions[i].summary);
	printf("\nOptions:\n"
	       "  -c, --config FILE      read FILE instead of %s\n"
	       "  -d, --debug            show decisions and system calls on stderr\n"
	       "  -s, --disable-seccomp  run without the system call filter\n"
	       "  -h, --help             print this and exit\n"
	       "  -V, --version          print the version and exit\n"
	       "\nOptions of create:\n"
	       "  --from SOURCE          an image (debian/13), an archive (./rootfs.tar.xz, -,\n"
	       "                         or an https address), a directory, mmdebstrap:SUITE,\n"
	       "                         docker://REGISTRY/IMAGE, oci:DIRECTORY,\n"
	       "                         docker-archive:FILE; without it, the image NAME\n"
	       "  --sha256 HEX           the SHA-256 that the archive must have\n"
	       "  --passwords            the host's people keep their passwords in it\n"
	       "\nOptions of create and images:\n"
	       "  --arch ARCH            images for this architecture, not for this machine's\n"
	       "  --server URL           the image server, instead of\n"
	       "                         %s\n"
	       "  --offline              use only what was downloaded before\n"
	       "\nOptions of remove:\n"
	       "  --keep-files           leave the root filesystem where it is\n"
	       "  --yes                  do not ask\n"
	       "\nExit status: 0 done, 1 something failed, 2 wrong usage;\n"
	       "of check: 0 all is well, 1 warnings, 2 errors. See lsl(8).\n",
	       PATH_CONFIG, LSL_IMAGE_SERVER);
}

static _Noreturn void finish_output(void)
{
	exit(lsl_flush() ? LSL_OK : LSL_FAILED);
}

static _Noreturn void usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void usage(const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	lsl_say("%s (try lsl --help)", text);
	exit(LSL_USAGE);
}

/* So that no message, no file and no list of processes has a password. */
static void take_user(struct options *options, char *address)
{
	char *user = url_take_user(address);

	if (user)
		options->user = user;
}

/* Options of single commands. */
static bool take_option(struct options *options, int c)
{
	static const struct {
		int option;
		unsigned int takes;
	} bits[] = {
		{OPTION_KILL, TAKES_KILL},          {OPTION_JSON, TAKES_JSON},
		{OPTION_FOLLOW, TAKES_FOLLOW},      {OPTION_FROM, TAKES_SOURCE},
		{OPTION_SHA256, TAKES_SOURCE},      {OPTION_PASSWORDS, TAKES_SOURCE},
		{OPTION_ARCH, TAKES_IMAGE},         {OPTION_SERVER, TAKES_IMAGE},
		{OPTION_OFFLINE, TAKES_IMAGE},      {OPTION_YES, TAKES_REMOVAL},
		{OPTION_KEEP_FILES, TAKES_REMOVAL},
	};
	size_t i = 0;

	while (i < sizeof(bits) / sizeof(bits[0]) && bits[i].option != c)
		i++;
	if (i == sizeof(bits) / sizeof(bits[0]))
		return false;
	options->given |= bits[i].takes;
	options->kill |= c == OPTION_KILL;
	options->json |= c == OPTION_JSON;
	options->follow |= c == OPTION_FOLLOW;
	options->passwords |= c == OPTION_PASSWORDS;
	options->offline |= c == OPTION_OFFLINE;
	options->yes |= c == OPTION_YES;
	options->keep_files |= c == OPTION_KEEP_FILES;
	if (c == OPTION_FROM || c == OPTION_SERVER)
		take_user(options, optarg);
	if (c == OPTION_FROM)
		options->from = optarg;
	if (c == OPTION_SHA256)
		options->sha256 = optarg;
	if (c == OPTION_ARCH)
		options->arch = optarg;
	if (c == OPTION_SERVER)
		options->server = optarg;
	return true;
}

static struct options parse_options(int argc, char **argv)
{
	struct options options = {.config = PATH_CONFIG, .seccomp = true};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":c:dshV", long_options, NULL)) != -1) {
		switch (c) {
		case 'c':
			options.config = optarg;
			break;
		case 'd':
			options.debug = true;
			break;
		case 's':
			options.seccomp = false;
			break;
		case 'h':
			print_help();
			finish_output();
		case 'V':
			printf("lsl %s\n", PACKAGE_VERSION);
			finish_output();
		case ':':
			usage("option '%s' needs an argument", argv[optind - 1]);
		default:
			if (!take_option(&options, c))
				usage("unknown option '%s'", argv[optind - 1]);
		}
	}
	options.names = argv + optind;
	options.name_count = (size_t)(argc - optind);
	return options;
}

static const struct action *find_action(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	usage("there is no command '%s'", name);
}

static void check_arguments(const struct action *action, const struct options *options)
{
	const char *const *names = (const char *const *)options->names;
	size_t i;

	for (i = 0; i < sizeof(option_rules) / sizeof(option_rules[0]); i++)
		if (options->given & ~action->takes & option_rules[i].takes)
			usage("%s", option_rules[i].is_option_of);
	if (options->json && !(action->takes & TAKES_JSON))
		usage("--json is not an option of %s", action->name);
	if (action->takes & TAKES_PROGRAM) {
		if (options->name_count != 1)
			usage("%s takes the name of one program", action->name);
		if (!command_program_valid(names[0]))
			usage("'%s' cannot be a program's name", names[0]);
		return;
	}
	if (action->takes & TAKES_PATTERN) {
		if (options->name_count > 1)
			usage("%s takes one pattern", action->name);
		return;
	}
	if (action->takes & TAKES_NAME && options->name_count != 1)
		usage("%s takes the name of one container", action->name);
	if (options->name_count && !(action->takes & (TAKES_NAMES | TAKES_NAME)))
		usage("%s takes no arguments", action->name);
	for (i = 0; i < options->name_count; i++)
		if (!container_name_valid(names[i], strlen(names[i])))
			usage("'%s' cannot be a container's name", names[i]);
}

/* The command is the first word, and is taken from the names. */
static const struct action *take_action(struct options *options)
{
	const struct action *action;

	if (options->name_count == 0)
		usage("no command given");
	action = find_action(options->names[0]);
	options->names++;
	options->name_count--;
	check_arguments(action, options);
	return action;
}

int main(int argc, char **argv)
{
	struct options options = parse_options(argc, argv);
	const struct action *action = take_action(&options);

	/*
	 * Both would be inherited: a caller that ignores SIGCHLD makes waitpid
	 * fail.
	 */
	signal(SIGCHLD, SIG_DFL);
	umask(022);
	if (options.debug)
		debug_enable();
	return action->run(&options);
}
