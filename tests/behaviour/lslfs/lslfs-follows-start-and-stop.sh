#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A container's commands appear when it is started and disappear when it is
# stopped, without a remount, also for processes that have looked before.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
container arch
program "$T/rootfs/debian/bin/tool" 'echo $LSL_CONTAINER'
cp "$T/rootfs/debian/bin/tool" "$T/rootfs/arch/bin/tool"
lsl start debian
daemon=$(lslfs_pids)

names() {
	ls "$LINKSDIR" | sed 's/:.*//' | sort -u | tr '\n' ' '
}
stale=0
for _ in $(seq 20); do
	[ "$(names)" = "debian " ] || stale=$((stale + 1))
	[ ! -e "$LINKSDIR/arch:tool" ] && [ ! -h "$LINKSDIR/arch:tool" ] && [ ! -d "$LINKSDIR/arch" ] || stale=$((stale + 1))
	lsl start arch
	[ -h "$LINKSDIR/arch:tool" ] && [ -h "$LINKSDIR/arch/tool" ] || stale=$((stale + 1))
	[ "$(names)" = "arch debian " ] || stale=$((stale + 1))
	[ "$(arch:tool)" = arch ] || stale=$((stale + 1))
	lsl stop arch
done
is "20 times, nothing is stale after lsl start or lsl stop" $stale 0
is "the daemon is the same all the time" "$(lslfs_pids)" "$daemon"

mv "$T/rootfs/arch" "$T/rootfs/arch2"
busybox_rootfs "$T/rootfs/arch"
lsl start arch
not_ok "a restarted container shows its present programs" ls "$LINKSDIR/arch:tool"

sed -i 's,^bins=.*,bins=/opt,' "$CONFIG"
mkdir "$T/rootfs/debian/opt"
program "$T/rootfs/debian/opt/tool" 'echo $LSL_CONTAINER in opt'
lsl start
is "changed bins are listed at once" "$(ls "$LINKSDIR/debian")" tool
gives "... and meant" 0 "debian in opt" "" debian:tool
