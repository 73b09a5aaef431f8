#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl check finds why commands would not run or not be listed: an executor
# without privilege or on a mount that withholds it, a missing helper, no FUSE,
# a command directory that is dead, not mounted or in use.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/findings.sh"
needs jq

container debian

finds "setuid root" ok "$EXECUTOR: setuid root*"
finds "the helper" ok "$HELPER: *"
finds "FUSE" ok "/dev/fuse: *"
finds "the kernel" ok "Linux *"
run setarch --uname-2.6 "$T/usr/bin/lsl" $LSL_FLAGS check
like "... is asked for its calls, whatever it says of its version" "$out" "*ok *Linux 2.6.* has what is needed*"
finds "inotify" ok "inotify *"
finds "nothing is started" ok "$LINKSDIR: not mounted: nothing is started"

chmod 0755 "$EXECUTOR"
finds "neither setuid nor capabilities" error "$EXECUTOR: *no privilege*"
like "... and how to arm it" "$out" "*sudo chown root:root $EXECUTOR; sudo chmod 4755 $EXECUTOR*"
setcap cap_sys_admin+ep "$EXECUTOR"
finds "one of two capabilities" error "$EXECUTOR: *no privilege*"
setcap cap_sys_admin,cap_sys_chroot+p "$EXECUTOR"
finds "capabilities that are not effective" error "$EXECUTOR: *no privilege*"
setcap cap_sys_admin,cap_sys_chroot+ep "$EXECUTOR"
finds "file capabilities" ok "$EXECUTOR: armed with file capabilities*"
setcap -r "$EXECUTOR"
chown alice "$EXECUTOR"
chmod 4755 "$EXECUTOR"
finds "setuid, but somebody else's" error "$EXECUTOR: $EXECUTOR is writable by users other than root*"
chown root "$EXECUTOR"
chmod 4755 "$EXECUTOR"
chmod 0777 "$T/usr/bin"
finds "a directory that everybody may write" error "$EXECUTOR: $T/usr/bin is writable by users other than root*"
chmod 0755 "$T/usr/bin"
mount --bind "$EXECUTOR" "$EXECUTOR"
mount -o remount,bind,nosuid "$EXECUTOR"
finds "mounted nosuid" error "$EXECUTOR: *nosuid*"
mount -o remount,bind,suid,noexec "$EXECUTOR"
finds "mounted noexec" error "$EXECUTOR: *noexec*"
umount "$EXECUTOR"
mv "$EXECUTOR" "$W/away"
finds "no executor" error "$EXECUTOR: *installed*"
mv "$W/away" "$EXECUTOR"
mv "$HELPER" "$W/away"
finds "no helper" error "$HELPER: *installed*"
mv "$W/away" "$HELPER"

mount -t tmpfs lsl-dev "$T/home"
mknod "$T/home/fuse" c 10 0 # of nobody
mount --bind "$T/home/fuse" /dev/fuse
finds "no FUSE in the kernel" error "/dev/fuse: *no FUSE*"
umount /dev/fuse
umount "$T/home"

echo >"$LINKSDIR/file"
finds "something in the command directory" error "$LINKSDIR*empty*"
rm "$LINKSDIR/file"
chmod 0777 "$LINKSDIR"
finds "a command directory that everybody may write" error "$LINKSDIR*writable by users other than root*"
chmod 0511 "$LINKSDIR"
lsl start
finds "mounted" ok "$LINKSDIR: mounted and alive"
# shellcheck disable=SC2046 # one or more
hold $(lslfs_pids)
finds "not answering" error "$LINKSDIR: its daemon does not answer*"
is "... told by status too" "$(lsl status --json | jq -r .command_directory.state)" hung
# shellcheck disable=SC2046 # one or more
kill -CONT $(lslfs_pids)
finds "answering again" ok "$LINKSDIR: mounted and alive"
kill_lslfs
finds "dead" error "$LINKSDIR: its daemon is gone"
lsl start
umount "$LINKSDIR"
finds "not mounted" error "$LINKSDIR: not mounted*"
like "... with a remedy" "$out" "*sudo lsl start*"
lsl stop

mkdir "$MNTDIR"
chmod 0777 "$MNTDIR"
finds "a state directory that everybody may write" error "$MNTDIR: *writable by users other than root*"
rmdir "$MNTDIR"

mount -t tmpfs lsl-inotify /proc/sys/fs/inotify
echo 3 >/proc/sys/fs/inotify/max_user_watches
echo 128 >/proc/sys/fs/inotify/max_user_instances
finds "too few watches" warning "fs.inotify.max_user_watches is 3,*"
like "... with a remedy" "$out" "*sudo sysctl -w fs.inotify.max_user_watches=*"
umount /proc/sys/fs/inotify
