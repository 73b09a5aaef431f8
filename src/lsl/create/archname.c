/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/archname.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/utsname.h>

/* For a name that several have, the first is meant. */
static const struct archname names[] = {
	{"amd64", "x86_64", "amd64", NULL},
	{"arm64", "aarch64", "arm64", "v8"},
	{"armhf", "arm", "arm", "v7"},
	{"armel", "arm", "arm", "v5"},
	{"i386", "i386", "386", NULL},
	{"loong64", "loongarch64", "loong64", NULL},
	{"mips64el", "mips64el", "mips64le", NULL},
	{"mipsel", "mipsel", "mipsle", NULL},
	{"ppc64el", "ppc64le", "ppc64le", NULL},
	{"riscv64", "riscv64", "riscv64", NULL},
	{"s390x", "s390x", "s390x", NULL},
	/* names of uname(2) */
	{"armhf", "armv7l", "arm", "v7"},
	{"armhf", "armv8l", "arm", "v7"},
	{"armel", "armv6l", "arm", "v5"},
	{"i386", "i686", "386", NULL},
};

static bool has_name(const struct archname *names_of, const char *name)
{
	return strcmp(names_of->debian, name) == 0 || strcmp(names_of->qemu, name) == 0 ||
	       strcmp(names_of->go, name) == 0;
}

const struct archname *archname_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (has_name(&names[i], name))
			return &names[i];
	return NULL;
}

const struct archname *archname_wanted(const char *name, struct failure *failure)
{
	const struct archname *arch = NULL;
	struct utsname host;

	if (name)
		arch = archname_find(name);
	else if (uname(&host) == 0)
		arch = archname_find(host.machine);
	if (!arch)
		failure_say(failure, EINVAL, "%s is not an architecture (amd64, arm64, ...)",
			    name ? name : "this machine's");
	return arch;
}
