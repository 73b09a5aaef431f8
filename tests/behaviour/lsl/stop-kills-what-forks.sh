#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl stop --kill ends programs that constantly start others: it searches until
# nothing is left in the namespace. It names processes that cannot be ended, and
# exits with 1.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
program "$T/rootfs/debian/usr/bin/breeder" 'trap "" TERM' 'while :; do sleep 1003 & sleep 0.01; done'
# Each of its processes lives for some milliseconds.
program "$T/rootfs/debian/usr/bin/runner" 'trap "" TERM' '"$0" & exit'
program "$T/rootfs/debian/usr/bin/heir" 'trap "sleep 1004 & exit" TERM' 'while :; do sleep 0.05; done'

# in_namespace INODE: processes that are in that mount namespace.
in_namespace() {
	for ns in /proc/[0-9]*/ns/mnt; do
		[ "$(stat -Lc %i "$ns" 2>/dev/null)" != "$1" ] || echo "$ns"
	done
}

for name in breeder heir runner; do
	lsl start debian
	inode=$(stat -Lc %i "$MNTDIR/debian")
	setsid debian:$name </dev/null >/dev/null 2>&1 &
	retry sh -c "pgrep -f '/usr/bin/$name\$'"
	run lsl stop --kill debian
	is "$name: stop --kill exits 0" "$status" 0
	is "$name: nothing is left" "$(in_namespace "$inode")" ""
done
