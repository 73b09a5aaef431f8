#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: start a privileged program with standard descriptors closed, so that a file it opens becomes
# its standard error and is written to.
# Origin: CVE-2002-0572 (BSD), sudo's fix_fds.
#
# Whatever of 0, 1 and 2 is closed is closed in the program, or /dev/null: nothing of lslExecutor's is there.
. "$(dirname "$0")/../lib.sh"

container debian
lsl start
# Each in a child of its own: a redirection or a pipe of the shell's would land on what is closed.
program "$T/rootfs/debian/bin/look" 'for fd in 0 1 2; do (readlink /proc/$$/fd/$fd || echo closed) >>"$1"; done'
out=$W/seen
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	for who in "" as_user; do
		rm -f "$out"
		$who sh -c "debian:look '/oldRoot$out' $closed" </dev/null >/dev/null 2>/dev/null || :
		is "closed $closed${who:+, by a user}: nothing else is there" "$(grep -v -x -e closed -e /dev/null "$out")" ""
		is "... of all three" "$(wc -l <"$out")" 3
	done
done
for closed in '2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
	before=$(find "$MNTDIR" -type f -printf '%p %s %T@ ')
	run as_user sh -c "'$EXECUTOR' debian nosuch $closed"
	is "closed $closed: a message goes nowhere" "$status$out$err" 127
	is "... and not into a file of lsl's" "$(find "$MNTDIR" -type f -printf '%p %s %T@ ')" "$before"
done
