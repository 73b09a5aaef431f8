/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lsl's files in a root filesystem (journal.h): those that the container has
 * replaced by newer ones, and those that were never taken out.
 */
#include "config.h"

#include "check/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "inroot.h"
#include "etc/journal.h"
#include "etc/mntsplit.h"

static const char check_name[] = "journal";

/* How many files are named; an administrator's journal has no more. */
#define SHOWN_MAX 32

/*
 * Reads the journal of the root filesystem ROOT; false if there is no readable
 * one.
 */
static bool read_journal(int root, struct journal *journal)
{
	int etc = root < 0 ? -1 : inroot_open(root, "/etc", O_RDONLY | O_DIRECTORY);
	bool is_read = etc >= 0 && journal_read(etc, journal) == 0;

	if (etc >= 0)
		close(etc);
	return is_read;
}

/*
 * Returns the targets of copies that a package of the container has replaced,
 * the first ones of many. The caller frees the text; NULL: none.
 */
static char *list_own(const struct journal *journal)
{
	char *list = NULL, *longer;
	size_t i, count = 0;

	for (i = 0; i < journal->count && count < SHOWN_MAX; i++) {
		if (!journal->entry[i].is_own)
			continue;
		count++;
		if (asprintf(&longer, "%s%s%s", list ? list : "", list ? ", " : "",
			     journal->entry[i].target) < 0)
			return list;
		free(list);
		list = longer;
	}
	return list;
}

void check_journal(struct check *check, const struct container *container, bool is_started)
{
	struct diag_place place = check_place(check_name, container, container->path_line);
	struct journal journal;
	char *own;

	if (!read_journal(check->root, &journal))
		return;
	own = is_started ? list_own(&journal) : NULL;
	if (own) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"%s: a package of the container installed its own version, which stays instead of the host's",
			own);
		diag_line(&check->diags,
			  "to have the host's, remove it in the container, then sudo lsl start %s",
			  container->name);
	}
	if (!is_started && journal.count &&
	    !mntsplit_is_shared(check->rundir, container->name, container->path)) {
		diag_add(
			&check->diags, SEVERITY_WARNING, &place,
			"it is not started, but files and people of the host are still in %s (was the machine switched off?)",
			container->path);
		diag_command(&check->diags, "sudo lsl stop %s", container->name);
	}
	free(own);
	journal_clear(&journal);
}
