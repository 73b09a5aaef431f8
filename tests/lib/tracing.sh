# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# A daemon whose system calls are traced, or made to fail or to take long, for
# tests that source this after lib.sh.

needs strace

# traced PID OPTION...: strace with OPTIONs, until untraced. Its lines are in
# $W/trace. False if strace cannot attach.
traced() {
	traced=$1
	shift
	strace -f -q -o "$W/trace" "$@" -p "$traced" 2>"$W/strace" &
	tracer=$!
	retry is_traced
}

# Each thread of it is.
is_traced() {
	! grep -L "^TracerPid:	$tracer" /proc/"$traced"/task/*/status | grep -q .
}

untraced() {
	kill "$tracer" 2>/dev/null || :
	wait "$tracer" 2>/dev/null || :
}
