#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Any system call of lslExecutor may fail, at any place. Then the program runs
# as always, with its caller's ids and no other rights, or it does not run, with
# a message and an exit status. The same holds if a call that gives up privilege
# succeeds without an effect.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/faults.sh
. "$tests/lib/faults.sh"
needs strace

container debian
lsl start
rights_program "$T/rootfs/debian/bin/rights"
cd /tmp
usual=$(as_user "$EXECUTOR" debian rights)
like "without a fault it runs as the caller" "$usual" "Uid: $USERID	$USERID	$USERID	*CapPrm: 0000000000000000
*debian /*"

as="-u alice"
HOME=$T/home/alice USER=alice LOGNAME=alice
export HOME USER LOGNAME
faulty -e trace=all "$EXECUTOR" debian rights
is "strace changes nothing" "$status$err" 0
calls_traced 0 >"$W/calls"
is "there are calls enough ($(wc -l <"$W/calls"))" "$([ "$(wc -l <"$W/calls")" -gt 20 ] && echo yes)" yes
# Each place about once, with one error after the other.
[ "$LSL_TEST_PRIVILEGE" = setuid ] && step=6 || step=12
faults_of "$step" <"$W/calls" >"$W/faults"
grep -E '^(setresuid|setresgid|setfsuid|setfsgid|capset|setns|getresuid|getresgid|capget|read) ' "$W/calls" |
	while read -r call number; do echo "$call $number retval=0"; done >>"$W/faults"
sed -n 's/^read .*/& error=EINTR/p' "$W/calls" >>"$W/faults"

suffer "a user" "$W/faults" "0:$usual" "$EXECUTOR" debian rights
# shellcheck disable=SC2154 # by suffer
is "both were the case" "$([ $as_ever -gt 0 ] && [ $refused -gt 10 ] && echo yes)" yes

# Root keeps its privileges: other calls, or the same ones for another reason.
as=
usual=$("$EXECUTOR" debian rights)
like "without a fault it runs as root" "$usual" "Uid: 0	0	0	0*debian /*"
faulty -e trace=all "$EXECUTOR" debian rights
awk -F'(' '{ n[$1]++ } n["execve"] < 2 && $1 ~ /^((set|get)res|cap[gs]et|prctl)/ { print $1, n[$1], "error=EPERM" }' "$W/trace" >"$W/faults"
suffer root "$W/faults" "0:$usual" "$EXECUTOR" debian rights
is "... it was refused at every one" "$refused" "$(wc -l <"$W/faults")"

# An environment that needs a separate piece of memory, the last one that it
# takes.
large() {
	# shellcheck disable=SC2046 # words
	run env $(seq -f V%.0f= 20000) timeout 20 strace -qq -u alice -o "$W/trace" "$@" "$EXECUTOR" debian true
}
large -e trace=mmap,execve
last=$(awk '/^execve/ && n++ { exit } /^mmap/ { maps++ } END { print maps + 0 }' "$W/trace")
like "a large environment takes memory" "$last" "[1-9]*"
large -e trace=mmap -e "inject=mmap:error=ENOMEM:when=$last"
is "a missing container: it says so" "$status $out$err" "125 lslExecutor: not enough memory"
