#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every container has the host's /dev, /run, /proc and /sys with all mounts
# below them, and the host's root at /oldRoot, without a line in the
# configuration. Mounting something twice is no mistake.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

echo content >"$T/run/file"
container debian "mnt=/proc;/dev/;$T/home;$T/home;$T/home/;$T/run:/srv/run"
gives "start says nothing" 0 "" "" lsl start

for dir in /dev /dev/pts /dev/shm /dev/mqueue /dev/hugepages /run /proc /sys; do
	is_mounted "$dir" || [ "$dir" = /run ] || continue
	[ -d "$dir" ] || continue
	is "$dir is the host's own" "$(debian:stat -c %d:%i "$dir")" "$(stat -c %d:%i "$dir")"
done
is "/oldRoot is the host's root" "$(debian:stat -c %d:%i /oldRoot)" "$(stat -c %d:%i /)"
is "/oldRoot has what is mounted there" "$(debian:stat -c %d:%i "/oldRoot$T/home")" "$(stat -c %d:%i "$T/home")"
is "a directory of mnt is the host's own" "$(debian:stat -c %d:%i "$T/home")" "$(stat -c %d:%i "$T/home")"
gives "... also at another place" 0 content "" debian:cat /srv/run/file
is "a directory that is named twice is mounted once" "$(debian:grep -c " $T/home " /proc/self/mountinfo)" 1
is "/ is the root filesystem" "$(debian:ls /)" "$(ls "$T/rootfs/debian")"
is "a file made inside exists on the host" "$(debian:touch /root/inside && ls "$T/rootfs/debian/root")" inside
is "the devices work" "$(debian:dd if=/dev/zero bs=1 count=3 2>/dev/null | od -An -tx1)" " 00 00 00"
is "the host name stays the host's: nothing is isolated" "$(debian:hostname)" "$(hostname)"
for ns in cgroup ipc net pid user uts; do
	is "the $ns namespace is the caller's" "$(debian:readlink "/proc/self/ns/$ns")" "$(readlink "/proc/self/ns/$ns")"
done
like "the mount namespace is its own" "$(debian:readlink /proc/self/ns/mnt)" "mnt:?$(stat -Lc %i "$MNTDIR/debian")?"

# Programs that sandbox themselves need the root of the namespace.
if as_user unshare --user --map-root-user true 2>/dev/null; then
	gives "a user's program can make a user namespace, as on the host" 0 0 "" \
		as_user debian:unshare -U -r id -u
else
	skip_check "a user's program can make a user namespace, as on the host" "this host forbids it to users"
fi
