#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: start a privileged program with standard descriptors closed, so that a
# file it opens becomes its standard error and is written to. Origin:
# CVE-2002-0572 (BSD), sudo's fix_fds.
#
# Each of 0, 1 and 2 that is closed is closed in the program, too, or /dev/null:
# it has no file of lslExecutor. An O_PATH descriptor, which a C library's
# start-up takes for closed, is unchanged.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs perl

container debian
lsl start
# Each in a child: a redirection or a pipe of the shell would use the closed
# descriptor.
program "$T/rootfs/debian/bin/look" 'for fd in 0 1 2; do (readlink /proc/$$/fd/$fd || echo closed) >>"$1"; done'
out=$W/seen
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	for who in "" as_user; do
		rm -f "$out"
		$who sh -c "debian:look '/oldRoot$out' $closed" </dev/null >/dev/null 2>/dev/null || :
		is "closed $closed${who:+, by a user}: no other file is open there" "$(grep -v -x -e closed -e /dev/null "$out")" ""
		is "... of all three" "$(wc -l <"$out")" 3
	done
done
for closed in '2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
	before=$(find "$MNTDIR" -type f -printf '%p %s %T@ ')
	run as_user sh -c "'$EXECUTOR' debian nosuch $closed"
	is "closed $closed: a message is written to no file" "$status$out$err" 127
	is "... and not into a file of lsl's" "$(find "$MNTDIR" -type f -printf '%p %s %T@ ')" "$before"
done

program "$T/rootfs/debian/bin/paths" 'for fd in 0 1 2 3 4 5 6 7 8 9; do
	[ ! -h /proc/$$/fd/$fd ] || echo "$fd $(busybox grep -c "^flags:.010000000" /proc/$$/fdinfo/$fd)" >>"$1"
done'
seen=$W/seen
for fds in 0 1 2 "0 1" "0 1 2"; do
	expected=$(for fd in 0 1 2; do case $fds in *$fd*) echo "$fd 1" ;; *) echo "$fd 0" ;; esac done)
	for who in "" as_user; do
		rm -f "$seen"
		# shellcheck disable=SC2016 # perl's
		$who perl -MPOSIX -e 'sysopen P, "/", 010000000; POSIX::dup2(fileno P, $_) for split / /, shift; exec @ARGV' \
			"$fds" "$LINKSDIR/debian:paths" "/oldRoot$seen" </dev/null >/dev/null 2>/dev/null || :
		is "O_PATH descriptors $fds${who:+, by a user}: they are kept, and no other file is open there" "$(cat "$seen")" "$expected"
	done
done
