#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: kill the privileged program at any system call, so that it leaves
# something half done. Origin: lock and temporary files of setuid programs in
# general; those of sudo, screen and firejail.
#
# Whenever it is killed, nothing is left and nothing has changed.
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"

helper caller
container debian
lsl start
state() {
	find "$MNTDIR" -printf '%p %y %i %m %u %g %s %T@ %C@ %l\n' | sort
	find "$T/run" "$T/etc" "$T/rootfs" -newer "$W/mark"
	cut -d' ' -f4- /proc/self/mountinfo
}
touch "$W/mark"
before=$(state)
number=0
died=137
while [ "$died" = 137 ]; do
	number=$((number + 1))
	died=0
	(cd / && "$W/caller" kill $number "$USERID" "$USERID" "$EXECUTOR" lslExecutor debian true) || died=$?
done
is "without a kill it succeeds" "$died" 0
is "it could be killed at many calls ($number)" "$([ $number -gt 15 ] && echo yes)" yes
is "nothing has changed" "$(state)" "$before"
gives "and it runs" 0 ran "" as_user debian:echo ran
