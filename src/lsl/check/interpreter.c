/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What runs a container's programs if they are for another architecture.
 */
#include "config.h"

#include "check/check.h"

#include <errno.h>
#include <unistd.h>

#include "binfmt.h"
#include "interpreter.h"
#include "rootfs_arch.h"

static struct diag_place place_of(const struct container *container)
{
	return (struct diag_place){"interpreter", container->name, container->file,
				   container->interpreter_line ? container->interpreter_line
							       : container->line};
}

/* ARCH is foreign, and the container has no interpreter. */
static void look_for_handler(struct check *check, const struct container *container,
			     const struct elfarch *arch)
{
	char name[ELFARCH_NAME_MAX], handler[BINFMT_NAME_MAX], path[INTERPRETER_PATH_MAX];
	struct diag_place place = place_of(container);

	elfarch_name(arch, name);
	if (binfmt_is_there(arch, handler)) {
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "its programs are for %s, which %s of binfmt_misc runs", name, handler);
		return;
	}
	diag_add(
		&check->diags, SEVERITY_ERROR, &place,
		"its programs are for %s, and it has no interpreter to run them (Debian's package qemu-user-static brings QEMU's)",
		name);
	if (interpreter_usual_path(arch, path))
		diag_line(&check->diags, "interpreter=%s", path);
}

/* An interpreter that can do its work: whether that is the right one. */
static void compare(struct check *check, const struct container *container)
{
	struct diag_place place = place_of(container);
	char name[ELFARCH_NAME_MAX];
	struct elfarch arch;
	struct failure failure;
	int status = rootfs_arch_find(container, &arch);

	if (status >= 0)
		elfarch_name(&arch, name);
	if (status < 0)
		diag_add(
			&check->diags, check_severity(check, -status, SEVERITY_OK), &place,
			"interpreter %s: static, root's alone; for which architecture, no program says",
			container->interpreter);
	else if (status == 0)
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"it has no use for an interpreter: its programs are for %s, as the host's are (remove the line)",
			name);
	else if (interpreter_suits(container->interpreter, &arch, &failure) < 0)
		diag_add(&check->diags, SEVERITY_ERROR, &place, "%s", failure.text);
	else
		diag_add(&check->diags, SEVERITY_OK, &place,
			 "interpreter %s: static, root's alone, for %s programs",
			 container->interpreter, name);
}

/* An interpreter that cannot do its work, as FAILURE says, or that cannot be looked at. */
static void report(struct check *check, const struct container *container,
		   const struct failure *failure)
{
	struct diag_place place = place_of(container);
	enum severity severity = SEVERITY_ERROR;

	if (access(container->interpreter, R_OK) < 0)
		severity = check_severity(check, errno, severity);
	diag_add(&check->diags, severity, &place, "%s", failure->text);
}

void check_interpreter(struct check *check, const struct container *container)
{
	struct elfarch arch;
	struct failure failure;

	if (!container->path)
		return;
	if (!container->interpreter) {
		if (rootfs_arch_sample(container, &arch) == 1)
			look_for_handler(check, container, &arch);
		return;
	}
	if (interpreter_check(container->interpreter, &failure) == 0)
		compare(check, container);
	else
		report(check, container, &failure);
}
