#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: resource limits that make calls of a privileged program fail. Origin:
# CVE-2006-2607 (setuid and RLIMIT_NPROC), CVE-2017-1000364 (stack),
# CVE-2005-4890.
#
# The program runs with only the caller's rights, or there is a message, or the
# kernel kills it.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"

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
	run as_user timeout 20 env -i "$W/caller" limit "$1" "$2" "$EXECUTOR" lslExecutor debian rights
	case $1:$status:$out in
	"$1:0:$rights") pass "$1=$2: it runs, as the caller" ;;
	*:*:?*) fail "$1=$2: it runs, as the caller" ;;
	*:12[567]:)
		if [ -n "$err" ]; then pass "$1=$2: a message"; else fail "$1=$2: a message"; fi
		;;
	# It once crashed there before it had given up privilege.
	nofile:13[0-9]:*) fail "$1=$2: it does not crash" ;;
	stack:13[0-9]:*)
		# The kernel and a C library's start take three pages.
		if [ "$2" -lt 16384 ]; then pass "$1=$2: nothing runs"; else fail "$1=$2: it does not crash"; fi
		;;
	*)
		# The kernel killed it, or a C library gave up; or the helper or
		# the container's shell had no room.
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
for value in 0 16384 32768 131072 8388608; do
	under stack $value
done
# On a small stack: rare calls, too.
small() {
	what=$1 want=$2
	shift 2
	run as_user env -i "$W/caller" limit stack 16384 "$@"
	is "stack=16384, $what" "$status" "$want"
}
ln -s "$LINKSDIR/debian:true" "$W/0"
for n in $(seq 1 20); do ln -s "$W/$((n - 1))" "$W/$n"; done
ln -s "$LINKSDIR/debian" "$W/directory"
printf '#!/no/such/perl\n' >"$T/rootfs/debian/bin/orphan"
cp /bin/true "$T/rootfs/debian/bin/dynamic"
chmod 0755 "$T/rootfs/debian/bin/orphan"
cp "$EXECUTOR" "$W/unarmed"
chmod 0755 "$W/unarmed"
small "a chain of links" 0 "$W/20" "$W/20"
small "a link to a directory" 0 "$W/directory/true" true
small "a path" 0 "$EXECUTOR" lslExecutor debian /bin/true
small "no such program" 127 "$EXECUTOR" lslExecutor debian nosuch
small "no such container" 125 "$EXECUTOR" lslExecutor nosuch true
small "a script whose interpreter does not exist" 126 "$EXECUTOR" lslExecutor debian orphan
small "a program whose loader does not exist" 126 "$EXECUTOR" lslExecutor debian dynamic
small "no privilege" 125 "$W/unarmed" lslExecutor debian true
under fsize 0
under nproc 0
under nproc 1
