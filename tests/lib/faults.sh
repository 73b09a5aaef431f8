# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Makes system calls of lslExecutor fail. For tests that source this after
# lib.sh:
#
#	as	"-u alice", or nothing for root: whose process it is. strace is
#		root's, so that the kernel gives alice's lslExecutor its
#		privilege.
#
#	LSL_FAULTS=all	every call with every error, not a sample (minutes)

# rights_program FILE: prints its ids, its capabilities and its working
# directory.
rights_program() {
	program "$1" 'while read -r key value; do
	case $key in Uid: | Gid: | Cap???: | NoNewPrivs:) echo "$key $value" ;; esac
done </proc/self/status
echo "$LSL_CONTAINER $(busybox pwd)"'
}

# faulty STRACE-OPTION... CMD...
faulty() {
	# shellcheck disable=SC2086,SC2154 # two words or none; the sourcing script's
	run timeout 20 strace -qq $as -o "$W/trace" "$@"
}

# calls_traced [BEFORE]: the calls in the last trace from the execution of
# lslExecutor, before which BEFORE programs were executed, to that of the
# program: the name of each call, and its number among those of that name, as
# strace counts. It does not count its own execve, which is the first in the
# trace.
calls_traced() {
	awk -F'(' -v before="${1:-0}" 'BEGIN { n["execve"] = -1 } NF > 1 {
		n[$1]++
		if ($1 == "execve" && / = 0$/) executed++
		if ((executed > before || $1 == "execve") && n[$1] > before * ($1 == "execve") && $1 !~ /^exit/) print $1, n[$1]
		if (executed > before + 1) exit
	}' "$W/trace"
}

# faults_of STEP <CALLS: each with every error; one in STEP of them unless
# LSL_FAULTS=all.
faults_of() {
	[ "${LSL_FAULTS:-}" != all ] || set -- 1
	while read -r call number; do
		for error in EPERM ENOMEM EINTR ENOSYS EMFILE; do
			echo "$call $number error=$error"
		done
	done | awk -v step="$1" 'NR % step == 1 % step'
}

# suffer WHAT FAULTS-FILE USUAL [STRACE-OPTION...] CMD...: tries each fault.
# USUAL is the exit status, a colon and the output without a fault. strace
# injects into calls that it traces, and an option may be about execve.
suffer() {
	what=$1 faults=$2 usual=$3
	shift 3
	as_ever=0 refused=0 wrong=
	while read -r call number fault; do
		faulty -e trace="$call,execve" -e inject="$call:$fault:when=$number" "$@" </dev/null
		# shellcheck disable=SC2154 # by run, in lib.sh
		case $status:$out in
		"$usual") as_ever=$((as_ever + 1)) ;;
		12[567]:) refused=$((refused + 1)) ;;
		# Only a C library's start-up makes these calls, and it ends so
		# when they fail; only glibc's calls brk.
		134: | 139:) case "$call $status" in
			"poll 139" | "ppoll 139" | "arch_prctl 139" | "brk 134" | "brk 139") ;;
			*) wrong="$wrong
$call number $number with $fault: it crashes" ;;
			esac ;;
		*) wrong="$wrong
$call number $number with $fault: status $status, $out" ;;
		esac
		# A refusal has its usual message, too, unless the write failed.
		# shellcheck disable=SC2154
		case $status$err in
		12[567]) [ "$call" = write ] || wrong="$wrong
$call number $number with $fault: status $status without a word" ;;
		esac
	done <"$faults"
	is "$what: at $(wc -l <"$faults") faults it was as ever ($as_ever times) or refused with a message ($refused times)" \
		"$wrong" ""
}
