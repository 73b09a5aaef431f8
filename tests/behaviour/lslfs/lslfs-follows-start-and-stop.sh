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
is_there() {
	[ -h "$LINKSDIR/arch:tool" ] && [ -h "$LINKSDIR/arch/tool" ]
}
is_gone() {
	[ ! -e "$LINKSDIR/arch:tool" ] && [ ! -h "$LINKSDIR/arch:tool" ] && [ ! -d "$LINKSDIR/arch" ]
}
# The daemon cannot invalidate names in an older kernel, which keeps looked up
# names for 10 seconds at most. A listing is always new.
rounds=20 looked_up=
linux_is 6.16 || rounds=3 looked_up=retry
stale=0
for _ in $(seq $rounds); do
	[ "$(names)" = "debian " ] || stale=$((stale + 1))
	$looked_up is_gone || stale=$((stale + 1))
	lsl start arch
	[ "$(names)" = "arch debian " ] || stale=$((stale + 1))
	$looked_up is_there || stale=$((stale + 1))
	[ "$(arch:tool)" = arch ] || stale=$((stale + 1))
	lsl stop arch
done
is "$rounds times, nothing is stale after lsl start or lsl stop" $stale 0
is "the daemon is the same all the time" "$(lslfs_pids)" "$daemon"

mv "$T/rootfs/arch" "$T/rootfs/arch2"
busybox_rootfs "$T/rootfs/arch"
lacks_tool() {
	[ ! -h "$LINKSDIR/arch:tool" ]
}
lsl start arch
ok "a restarted container shows its present programs" $looked_up lacks_tool

sed -i 's,^bins=.*,bins=/opt,' "$CONFIG"
mkdir "$T/rootfs/debian/opt"
program "$T/rootfs/debian/opt/tool" 'echo $LSL_CONTAINER in opt'
lsl start
is "changed bins are listed at once" "$(ls "$LINKSDIR/debian")" tool
gives "... and meant" 0 "debian in opt" "" debian:tool
