/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lsl.h"

#include "binfmt.h"
#include "interpreter.h"
#include "rootfs_arch.h"
#include "debug.h"

static void say_useless(const struct container *container, const struct failure *failure)
{
	lsl_say("%s:%u: %s; foreign programs of %s do not run", container->file,
		container->interpreter_line, failure->text, container->name);
}

void lsl_emulate(int rundir, const struct container *container)
{
	char name[ELFARCH_NAME_MAX];
	struct elfarch arch;
	struct failure failure;
	int status;

	if (!container->interpreter)
		return;
	if (interpreter_check(container->interpreter, &failure) < 0) {
		say_useless(container, &failure);
		return;
	}
	status = rootfs_arch_find(container, &arch);
	if (status == 0) {
		elfarch_name(&arch, name);
		lsl_say("%s:%u: %s has no use for an interpreter: its programs are for %s, as the host's are",
			container->file, container->interpreter_line, container->name, name);
		return;
	}
	if (status < 0) {
		lsl_say("%s: what its programs start does not run under the interpreter: bins has no program yet by which to know their architecture (sudo lsl start %s, once it has)",
			container->name, container->name);
		return;
	}
	if (interpreter_suits(container->interpreter, &arch, &failure) < 0) {
		say_useless(container, &failure);
		return;
	}
	elfarch_name(&arch, name);
	debug("%s: its programs are for %s", container->name, name);
	status = binfmt_begin(rundir, container->name, &arch, container->interpreter, &failure);
	if (status < 0)
		lsl_say("%s: its %s programs run, but not what they start: %s", container->name,
			name, failure.text);
	else if (status == 1)
		lsl_say("%s: %s", container->name, failure.text);
}

bool lsl_emulate_no_more(int rundir)
{
	struct failure failure;

	if (binfmt_end(rundir, &failure) == 0)
		return true;
	lsl_say("%s", failure.text);
	return false;
}
