/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulator of a container's programs, if they are for another architecture.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <unistd.h>

#include "foreign/binfmt.h"
#include "foreign/interpreter.h"
#include "foreign/rootfs_arch.h"

static struct diag_place interpreter_place(const struct container *container)
{
	return check_place("interpreter", container,
			   container->interpreter_line ? container->interpreter_line
						       : container->line);
}

/* ARCH is foreign, and the container has no interpreter. */
static void look_for_handler(struct check *check, const struct container *container,
			     const struct elfarch *arch)
{
	char name[ELFARCH_NAME_MAX], handler[BINFMT_NAME_MAX], path[INTERPRETER_PATH_MAX];
	struct diag_place place = interpreter_place(container);

	elfarch_name(arch, name);
	if (binfmt_is_there(arch, handler)) {
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "its programs are for %s, which %s of binfmt_misc runs", name, handler);
		return;
	}
	diag_add(
		&check->diags, SEVERITY_ERROR, &place,
		"its programs are for %s, and it has no interpreter to run them (Debian has QEMU's in qemu-user-static, newer releases in qemu-user)",
		name);
	if (interpreter_usual_path(arch, path))
		diag_line(&check->diags, "interpreter=%s", path);
}

/* The interpreter is unusable, for the reason in FAILURE, or cannot be seen. */
static void report_unusable(struct check *check, const struct container *container,
			    const struct failure *failure)
{
	struct diag_place place = interpreter_place(container);
	enum severity severity = SEVERITY_ERROR;

	if (access(container->interpreter, R_OK) < 0)
		severity = check_severity(check, errno, severity);
	diag_add(&check->diags, severity, &place, "%s", failure->text);
}

static void report_usable(struct check *check, const struct container *container,
			  const struct interpreter *interpreter)
{
	struct diag_place place = interpreter_place(container);
	char name[ELFARCH_NAME_MAX];

	if (interpreter->use == INTERPRETER_UNKNOWN) {
		diag_add(
			&check->diags, check_severity(check, interpreter->unknown, SEVERITY_OK),
			&place,
			"interpreter %s: static, writable only by root; no program shows its architecture",
			container->interpreter);
		return;
	}
	elfarch_name(&interpreter->arch, name);
	if (interpreter->use == INTERPRETER_UNNEEDED)
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"it needs no interpreter: its programs are for %s, like the host's (remove the line)",
			name);
	else
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "interpreter %s: static, writable only by root, for %s programs",
			 container->interpreter, name);
}

void check_interpreter(struct check *check, const struct container *container)
{
	struct interpreter interpreter;
	struct elfarch arch;

	if (!container->path)
		return;
	interpreter_look(container, &interpreter);
	if (interpreter.use == INTERPRETER_UNUSABLE)
		report_unusable(check, container, &interpreter.failure);
	else if (interpreter.use != INTERPRETER_UNSET)
		report_usable(check, container, &interpreter);
	else if (rootfs_arch_sample(container, &arch) == ROOTFS_FOREIGN)
		look_for_handler(check, container, &arch);
}
