#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: resource limits under which some call of a privileged program fails that it takes for granted.
# Origin: CVE-2006-2607 (setuid and RLIMIT_NPROC), CVE-2017-1000364 (stack), CVE-2005-4890.
#
# Either the program runs with nothing but the caller's rights, or there is a message, or the kernel kills it.
. "$(dirname "$0")/../lib.sh"

helper caller
container debian
lsl start
program "$T/rootfs/debian/bin/rights" 'while read -r key value; do
	case $key in Uid: | CapPrm: | CapEff:) echo "$key $value" ;; esac
done </proc/self/status'
rights=$(as_user debian:rights)
like "without a limit" "$rights" "Uid: $USERID	$USERID	$USERID	$USERID
CapPrm: 0000000000000000
CapEff: 0000000000000000"

# under NAME VALUE
under() {
	run as_user timeout 20 "$W/caller" limit "$1" "$2" "$EXECUTOR" lslExecutor debian rights
	case $1:$status:$out in
	"$1:0:$rights") pass "$1=$2: it runs, as the caller" ;;
	*:*:?*) fail "$1=$2: it runs, as the caller" ;;
	*:12[567]:)
		if [ -n "$err" ]; then pass "$1=$2: a message"; else fail "$1=$2: a message"; fi
		;;
	# It crashed there once, before it had given anything up.
	nofile:13[0-9]:*) fail "$1=$2: it does not crash" ;;
	*)
		# Killed by the kernel or given up by a C library; or the helper's or the container's shell has no room.
		case $status in
		1 | 2 | 99 | 13[0-9] | 153) pass "$1=$2: nothing runs" ;;
		*) fail "$1=$2: nothing runs" ;;
		esac
		;;
	esac
}
for value in 0 2 3 4 5 6; do
	under nofile $value
done
for value in 0 65536 300000 1000000; do
	under as $value
	under data $value
done
for value in 0 32768 131072 8388608; do
	under stack $value
done
under fsize 0
under nproc 0
under nproc 1
