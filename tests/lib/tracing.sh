# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Traces system calls of a daemon, or makes them fail or take long. For tests
# that source this after lib.sh.

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

# mask BIT...: a set of capabilities, as in /proc/PID/status.
mask() {
	bits=0
	for bit; do
		bits=$((bits | 1 << bit))
	done
	printf '%016x' $bits
}

# field PID NAME: the value of that line of /proc/PID/status.
field() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}
