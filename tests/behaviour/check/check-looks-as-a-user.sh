#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# If root can use a container and other users cannot, lsl check says so,
# although root itself may enter every directory.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

root=$T/rootfs/debian
container debian

# says WHAT PATTERN [REMEDY]: a warning of check about the container, and the
# line below it.
says() {
	run lsl check
	found=$(printf '%s\n' "$out" | grep -A1 "^warning .*debian: .*$2") || :
	like "$1" "$found" "*$2*"
	[ -z "${3:-}" ] || like "... with a remedy" "$found" "*
*$3"
}
silent() {
	run lsl check
	not_ok "$1" sh -c 'printf "%s\n" "$0" | grep "^warning .*debian: .*\(users may not\|mounted no\|envPath does not\)"' "$out"
}

silent "nothing is wrong: nothing is said"
chmod 0700 "$root"
says "a root that only root may enter" "users may not enter $root," "sudo chmod a+x $root"
chmod 0755 "$root"
chmod 0700 "$root/usr"
says "a directory on the way to bins" "users may not enter $root/usr," "sudo chmod a+x $root/usr"
chmod 0755 "$root/usr"
chmod 0711 "$root" "$root/bin"
silent "users need not list it"
chmod 0755 "$root" "$root/bin"
chmod 0700 "$T/rootfs"
silent "what leads to the root is not in the container"
run as_user lsl check
ok "... and an ordinary user's check ends" [ "$status" -lt 3 ]
chmod 0755 "$T/rootfs"
# Directories that only root can list.
mkdir -p "$T/var/lib/lsl"
chmod 0711 "$T/var/lib/lsl"
for command in check status; do
	run as_user lsl $command
	is "a directory that only root can list is no error of $command" "$(printf '%s\n' "$out" | grep '^error')" ""
done
run as_user lsl check
like "... and what only root sees is said" "$out" "*
unknown  $T/var/lib/lsl: only root can see *"

mount --bind "$root" "$root"
mount -o remount,bind,noexec "$root"
says "a file system without execution" "mounted noexec" "sudo mount -o remount,bind,exec *; sudo lsl restart debian"
mount -o remount,bind,exec,nosuid "$root"
says "a file system without setuid" "mounted nosuid" "sudo mount -o remount,bind,suid *; sudo lsl restart debian"
printf '%s\n' "$found" | sed -n 's/^ *sudo \(mount .*\); sudo lsl.*/\1/p' >"$W/remedy"
ok "... which can be pasted" sh "$W/remedy"
silent "... and helps"
umount "$root"

plainfs=$LSL_TEST_STAGE/../helpers/plainfs
mkdir "$T/rootfs/fuse"
if [ -x "$plainfs" ] && "$plainfs" "$root" "$T/rootfs/fuse" -o default_permissions,dev,suid; then
	rm "$CONFIG"
	container debian "path=$T/rootfs/fuse"
	says "a FUSE file system that only root may use" "users may not enter $T/rootfs/fuse, so their commands do not work: it is on FUSE, mount it with allow_other"
	umount "$T/rootfs/fuse"
	"$plainfs" "$root" "$T/rootfs/fuse" -o allow_other,default_permissions,dev,suid
	silent "... and so mounted it is everybody's"
	umount "$T/rootfs/fuse"
else
	skip_check "a FUSE file system" "no tests/helpers/plainfs (make check makes it), or FUSE cannot be mounted here"
fi

rm "$CONFIG"
container debian "bins=/opt/tool;/usr/bin;/bin" "envPath=/usr/bin:/bin"
mkdir -p "$root/opt/tool"
says "a directory of bins that envPath lacks" "bins has /opt/tool, but envPath does not" "envPath=/usr/bin:/bin:/opt/tool"
rm "$CONFIG"
ln -s ../opt/tool "$root/usr/tool"
container debian "bins=/opt/tool;/usr/bin;/bin" "envPath=/usr/tool:/usr/bin:/bin"
silent "the same directory by another name"
