#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# If a file system that a started container needs stops answering, all commands
# end: other containers are stopped, restarted and removed, and have the host's
# newest files.
. "$(dirname "$0")/../../lib/lib.sh"
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"

mkdir "$T/net" "$T/etc.net"
mount -t tmpfs net "$T/net"
mount -t tmpfs etc "$T/etc.net"
busybox_rootfs "$T/net/rootfs"
echo one >"$T/hosts"
echo one >"$T/etc.net/file"
container plain "mnt=$T/hosts:/etc/hosts"
container deadcopy "mnt=$T/etc.net/file:/etc/file;$T/hosts:/etc/hosts"
container deadroot "path=$T/net/rootfs"
lsl start
tar -C "$T/rootfs/plain" -cf archive.tar .
sha256=$(sha256sum <archive.tar | cut -d ' ' -f 1)
lsl create made --from ./archive.tar --sha256 "$sha256" 2>/dev/null
# follower_waits: it waits for changes, in poll(2).
follower_waits() {
	one_follower && grep -q poll "/proc/$follower/wchan"
}
# Then the follower has seen the new containers.
echo seen >"$T/hosts"
retry grep -q seen "$T/rootfs/plain/etc/hosts"
retry grep -q seen "$T/rootfs/deadcopy/etc/hosts"
retry follower_waits
"$hangfs" "$T/net"
"$hangfs" "$T/etc.net"

# slowly CMD...: as retry, for a minute.
slowly() {
	retry "$@" || retry "$@" || retry "$@"
}
# soon ARG...: lsl, which ends in time.
soon() {
	run timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS "$@"
}
echo two >"$T/hosts"
# A file system may also stop answering while lsl writes. That takes longer.
ok "the host's files are refreshed in other containers" slowly grep -q two "$T/rootfs/plain/etc/hosts"
soon refresh
is "lsl refresh fails" "$status" 1
for name in deadcopy deadroot; do
	like "... and says it of $name" "$err" "*$name: not refreshed: one of its file systems does not answer*"
done
soon restart deadroot plain
is "lsl restart fails" "$status" 1
like "... and says it of the container" "$err" "*deadroot is not restarted*"
says "... and restarts another one" "" plain:true
soon remove made --yes
is "lsl remove refuses if it cannot see what another container needs" "$status" 1
like "... and says which container, and what to do" "$err" \
	"*made: not removed: cannot see whether dead* needs its root filesystem: a file system does not answer (--keep-files keeps it)"
soon remove made --yes --keep-files
is "... as it says" "$status" 0
soon stop plain
is "lsl stop of another one ends" "$status" 0
soon stop
like "lsl stop ends" "$status" "[01]"
is "... and stops all" "$(ls "$MNTDIR" 2>/dev/null)" ""
soon stop
is "... and again, with nothing started: it does not wait for what is not started" "$status $err" "0 "
# shellcheck disable=SC2046 # two
kill -KILL $(pgrep -x hangfs)
