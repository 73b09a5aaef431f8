#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Whichever system call of lslExecutor fails, at whichever place: the program runs as it always does, by its
# caller and with no more rights, or it does not run and there is a message and an exit status.
# The same where a call that gives privilege up only claims to have done so.
#
#	LSL_FAULTS=all	every call with every error, not a sample (minutes)
. "$(dirname "$0")/lib.sh"
needs strace

container debian
lsl start
program "$T/rootfs/debian/bin/rights" 'while read -r key value; do
	case $key in Uid: | Gid: | Cap???: | NoNewPrivs:) echo "$key $value" ;; esac
done </proc/self/status
echo "$LSL_CONTAINER $(busybox pwd)"'
cd /tmp
usual=$(as_user "$EXECUTOR" debian rights)
like "without a fault it runs as the caller" "$usual" "Uid: $USERID	$USERID	$USERID	*CapPrm: 0000000000000000
*debian /*"

# faulty INJECTION...: strace is root's, so that the kernel gives alice's lslExecutor its privilege.
faulty() {
	# shellcheck disable=SC2086 # two words or none
	run timeout 20 strace -qq $as -o "$W/trace" "$@" "$EXECUTOR" debian rights
}
as="-u alice"
HOME=$T/home/alice USER=alice LOGNAME=alice
export HOME USER LOGNAME
faulty -e trace=all
is "strace changes nothing" "$status$err" 0
# Up to and with the execution of the program: what each call is called, and the how manyth of that name it is.
awk -F'(' 'NF > 1 { n[$1]++; if (n["execve"] > 1 && $1 != "execve") exit; if (!(NR == 1 || $1 ~ /^exit/)) print $1, n[$1] }' "$W/trace" >"$W/calls"
is "there are calls enough ($(wc -l <"$W/calls"))" "$([ "$(wc -l <"$W/calls")" -gt 20 ] && echo yes)" yes

while read -r call number; do
	for error in EPERM ENOMEM EINTR ENOSYS EMFILE; do
		echo "$call $number error=$error"
	done
done <"$W/calls" >"$W/faults"
if [ "${LSL_FAULTS:-}" != all ]; then
	# Each place once, with one error after the other.
	[ "$LSL_TEST_PRIVILEGE" = setuid ] && step=6 || step=16
	awk -v step="$step" 'NR % step == 1' "$W/faults" >"$W/sample"
	mv "$W/sample" "$W/faults"
fi
grep -E '^(setresuid|setresgid|setfsuid|setfsgid|capset|setns|getresuid|getresgid|capget) ' "$W/calls" |
	while read -r call number; do echo "$call $number retval=0"; done >>"$W/faults"

# suffer WHOSE FAULTS-FILE: each of them.
suffer() {
	ran_well=0 refused=0 wrong=
	while read -r call number fault; do
		faulty -e trace="$call" -e inject="$call:$fault:when=$number" </dev/null
		case $status:$out in
		"0:$usual") ran_well=$((ran_well + 1)) ;;
		12[567]:)
			refused=$((refused + 1))
			# What could not be written, is not there; and one C library ends itself without a word before main.
			[ -n "$err" ] || [ "$call" = write ] || wrong="$wrong
$call number $number with $fault: status $status without a word"
			;;
		# Only a C library's start-up makes these calls, and that is how it ends when they fail; brk glibc's alone.
		134: | 139:) case "$call $status" in
			"poll 139" | "ppoll 139" | "arch_prctl 139" | "brk 134" | "brk 139") ;;
			*) wrong="$wrong
$call number $number with $fault: it crashes" ;;
			esac ;;
		*) wrong="$wrong
$call number $number with $fault: status $status, $out" ;;
		esac
	done <"$2"
	ran=
	is "$1: at $(wc -l <"$2") faults it ran as ever ($ran_well times) or was refused with a message ($refused times)" "$wrong" ""
}
suffer "a user" "$W/faults"
is "both were the case" "$([ $ran_well -gt 0 ] && [ $refused -gt 10 ] && echo yes)" yes

# Root keeps what root had: other calls, or the same ones for another reason.
as=
usual=$("$EXECUTOR" debian rights)
like "without a fault it runs as root" "$usual" "Uid: 0	0	0	0*debian /*"
faulty -e trace=all
awk -F'(' '{ n[$1]++ } n["execve"] < 2 && $1 ~ /^((set|get)res|cap[gs]et|prctl)/ { print $1, n[$1], "error=EPERM" }' "$W/trace" >"$W/faults"
suffer root "$W/faults"
is "... it was refused at every one" "$refused" "$(wc -l <"$W/faults")"

# An environment that needs memory of its own, which is the last that it asks for.
large() {
	# shellcheck disable=SC2046 # words
	run env $(seq -f V%.0f= 20000) timeout 20 strace -qq -u alice -o "$W/trace" "$@" "$EXECUTOR" debian true
}
large -e trace=mmap,execve
last=$(awk '/^execve/ && n++ { exit } /^mmap/ { maps++ } END { print maps + 0 }' "$W/trace")
like "a large environment takes memory" "$last" "[1-9]*"
large -e trace=mmap -e "inject=mmap:error=ENOMEM:when=$last"
is "there is none: it says so" "$status $out$err" "125 lslExecutor: not enough memory"
