#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A root filesystem on a disk that was started on another machine, and not
# stopped, is correct after its next start: on a machine with other people,
# under another name, with another mnt. Two containers can share one root
# filesystem if both have the same files in it, which stay until the second one
# is stopped.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

R=$T/rootfs/debian
mkdir "$T/host"
echo "of the first" >"$T/host/hosts"
echo "of the first" >"$T/host/motd"
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;$T/host/hosts:/etc/hosts;$T/host/motd:/etc/motd"
printf 'root:x:0:0::/root:/bin/sh\nbob:x:1005:1005::/:/bin/sh\nown:x:998:998::/:/bin/sh\n' >"$R/etc/passwd"
printf 'root:x:0:\nown:x:998:\n' >"$R/etc/group"
printf 'root:*:19000::::::\nbob:!:19000::::::\nown:!:19000::::::\n' >"$R/etc/shadow"
chmod 0640 "$R/etc/shadow"
echo "the container's" >"$R/etc/hosts"
snapshot() {
	(cd "$1/etc" && find . ! -name .pwd.lock -printf '%p %y %m %U:%G %l\n' -type f -exec cksum {} \;) | sort
}
snapshot "$R" >before
off() { # the machine is switched off
	umount -l "$MNTDIR" && rm -rf "$MNTDIR"
	umount -l "$LINKSDIR" || :
	retry no_lslfs
}
lsl start 2>/dev/null
off
is "switched off, the first machine's people are still there" "$(grep -c -e ^alice: -e 51002 "$R/etc/passwd")" 2

mv "$R" "$T/rootfs/moved"
R=$T/rootfs/moved
for file in passwd group; do
	sed -e '/^alice:/d' -e 's/^bob:/robert:/' "/etc/$file" >new
	cat new >"/etc/$file"
done
echo "of the second" >"$T/host/hosts"
rm "$CONFIG"
container moved "mnt=/etc/passwd;/etc/group;$T/host/hosts:/etc/hosts"
run lsl check
like "lsl check says that something is left" "$out" "*moved*files and people of the host are still in*"
gives "on another machine lsl start" 0 "" "" lsl start
is "... has only that machine's people" "$(grep -e ^alice: -e ^robert: "$R/etc/passwd" | cut -d: -f1,3)" robert:51002
is "... with the container's own again" "$(grep ^bob: "$R/etc/passwd")" "bob:x:1005:1005::/:/bin/sh"
gives "... its file" 0 "of the second" "" moved:cat /etc/hosts
not_ok "... and not what mnt does not name" moved:test -e /etc/motd
ok "lsl stop" lsl stop
snapshot "$R" >after
same "... leaves what the first machine had found" after before

# Two sections.
sed 's/^\[moved\]/[second]/' "$CONFIG" >second
cat second >>"$CONFIG"
snapshot "$R" >before
gives "two containers with one root filesystem are started" 0 "" "" lsl start
ok "one is stopped" lsl stop second
gives "... and the other keeps its files" 0 "of the second" "" moved:cat /etc/hosts
is "... and people" "$(grep -c ^robert: "$R/etc/passwd")" 1
ok "the other is stopped" lsl stop moved
snapshot "$R" >after
same "... and all is what it was" after before
sed -i '/^\[second\]/,$s,;[^;]*:/etc/hosts,,' "$CONFIG"
run lsl start
like "with different files the second is refused, with the first one's name" "$status:$err" \
	"1:*subsys.conf:*path: it is the root filesystem of \[moved\] too*second: not started*"
gives "... and the first is right" 0 "of the second" "" moved:cat /etc/hosts
lsl stop
