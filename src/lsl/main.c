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
#include "base/suggest.h"
#include "inheritance.h"
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

static struct options options = {.config = PATH_CONFIG};
static bool is_unfiltered, wants_help, wants_version;

static const struct known_option {
	const char *name;
	char letter; /* or 0 */
	unsigned int takes; /* only by these commands; 0: by all */
	bool *flag;
	const char **text; /* if it has an argument */
} known_options[] = {
	{"config", 'c', 0, NULL, &options.config},
	{"debug", 'd', 0, &options.debug, NULL},
	{"disable-seccomp", 's', 0, &is_unfiltered, NULL},
	{"help", 'h', 0, &wants_help, NULL},
	{"version", 'V', 0, &wants_version, NULL},
	{"kill", 0, TAKES_KILL, &options.kill, NULL},
	{"json", 0, TAKES_JSON, &options.json, NULL},
	{"follow", 0, TAKES_FOLLOW, &options.follow, NULL},
	{"from", 0, TAKES_SOURCE, NULL, &options.from},
	{"sha256", 0, TAKES_SOURCE, NULL, &options.sha256},
	{"passwords", 0, TAKES_SOURCE, &options.passwords, NULL},
	{"arch", 0, TAKES_IMAGE, NULL, &options.arch},
	{"server", 0, TAKES_IMAGE, NULL, &options.server},
	{"offline", 0, TAKES_IMAGE, &options.offline, NULL},
	{"yes", 0, TAKES_REMOVAL, &options.yes, NULL},
	{"keep-files", 0, TAKES_REMOVAL, &options.keep_files, NULL},
};

#define OPTION_COUNT (sizeof(known_options) / sizeof(known_options[0]))

/* What getopt_long(3) returns for --config; the others follow. */
#define FIRST_OPTION 256

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
	       "  --json                 print the result as JSON\n"
	       "\nOptions of create and images:\n"
	       "  --arch ARCH            images for this architecture, not for this machine's\n"
	       "  --server URL           the image server, instead of\n"
	       "                         %s\n"
	       "  --offline              use only what was downloaded before\n"
	       "\nOptions of remove:\n"
	       "  --keep-files           leave the root filesystem where it is\n"
	       "  --yes                  do not ask\n"
	       "  --json                 print the result as JSON\n"
	       "\nExit status: 0 done, 1 something failed, 2 wrong usage;\n"
	       "of check: 0 all is well, 1 warnings, 2 errors. See lsl(8).\n",
	       PATH_CONFIG, LSL_IMAGE_SERVER);
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

/* Takes the option for which getopt_long(3) has returned C. */
static void take_option(int c, const char *argument)
{
	const struct known_option *option = known_options;
	char *user;

	while (option < known_options + OPTION_COUNT && c != option->letter &&
	       c != FIRST_OPTION + (option - known_options))
		option++;
	if (option == known_options + OPTION_COUNT) {
		/* If letters follow, getopt(3) is not yet behind their word. */
		if (optopt > ' ' && optopt < 0x7f)
			usage("unknown option '-%c'", optopt);
		usage("unknown option '%s'", argument);
	}
	options.given |= option->takes;
	if (option->flag) {
		*option->flag = true;
		return;
	}
	/* So that no message, file or list of processes has a password. */
	if (option->text == &options.from || option->text == &options.server) {
		user = url_take_user(optarg);
		if (user)
			options.user = user;
		if (user && !url_user_valid(user))
			usage("a character of the user or the password in the address must be written as %%XX");
	}
	*option->text = optarg;
}

static void parse_options(int argc, char **argv)
{
	struct option long_options[OPTION_COUNT + 1] = {{NULL, 0, NULL, 0}};
	int i, c;

	for (i = 0; i < (int)OPTION_COUNT; i++)
		long_options[i] = (struct option){
			known_options[i].name,
			known_options[i].text ? required_argument : no_argument,
			NULL,
			FIRST_OPTION + i,
		};
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":c:dshV", long_options, NULL)) != -1) {
		if (c == ':')
			usage("option '%s' needs an argument", argv[optind - 1]);
		take_option(c, argv[optind - 1]);
		if (wants_help)
			print_help();
		if (wants_version)
			printf("lsl %s\n", PACKAGE_VERSION);
		if (wants_help || wants_version)
			exit(lsl_flush() ? LSL_OK : LSL_FAILED);
	}
	options.seccomp = !is_unfiltered;
	options.names = argv + optind;
	options.name_count = (size_t)(argc - optind);
}

static const struct action *find_action(const char *name)
{
	size_t i, distance, nearest = 0, best = SUGGEST_MAX;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		distance = suggest_distance(name, actions[i].name);
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
		if (distance < best) {
			best = distance;
			nearest = i;
		}
	}
	if (suggest_is_near(best) && best < strlen(name))
		usage("there is no command '%s': did you mean %s?", name, actions[nearest].name);
	usage("there is no command '%s'", name);
}

static void check_arguments(const struct action *action)
{
	const char *const *names = (const char *const *)options.names;
	size_t i;

	for (i = 0; i < sizeof(option_rules) / sizeof(option_rules[0]); i++)
		if (options.given & ~action->takes & option_rules[i].takes)
			usage("%s", option_rules[i].is_option_of);
	if (options.json && !(action->takes & TAKES_JSON))
		usage("--json is not an option of %s", action->name);
	if (action->takes & TAKES_PROGRAM) {
		if (options.name_count != 1)
			usage("%s takes the name of one program", action->name);
		if (!command_program_valid(names[0]))
			usage("'%s' cannot be a program's name%s", names[0],
			      strchr(names[0], '/') ? ": give it without directories" : "");
		return;
	}
	if (action->takes & TAKES_PATTERN) {
		if (options.name_count > 1)
			usage("%s takes one pattern", action->name);
		return;
	}
	if (action->takes & TAKES_NAME && options.name_count != 1)
		usage("%s takes the name of one container", action->name);
	if (options.name_count && !(action->takes & (TAKES_NAMES | TAKES_NAME)))
		usage("%s takes no arguments", action->name);
	for (i = 0; i < options.name_count; i++)
		if (!container_name_valid(names[i], strlen(names[i])))
			usage("'%s' cannot be a container's name: it has letters A-Z and a-z, digits, '_', and after the first also '.' and '-', 48 at most",
			      names[i]);
}

/* The command is the first word, and is taken from the names. */
static const struct action *take_action(void)
{
	const struct action *action;

	if (options.name_count == 0)
		usage("no command given");
	action = find_action(options.names[0]);
	options.names++;
	options.name_count--;
	check_arguments(action);
	return action;
}

int main(int argc, char **argv)
{
	const struct action *action;

	if (inheritance_occupy() < 0)
		return LSL_FAILED;
	parse_options(argc, argv);
	action = take_action();

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
