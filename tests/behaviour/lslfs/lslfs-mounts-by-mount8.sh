#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# mount(8) mounts the command directory, from the command line and from fstab,
# before or after lsl start. It returns when the directory can be used, and with
# an error if it cannot.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

# mount(8) looks for its helper in /sbin, which has ours here.
sbin=$(realpath /sbin)
mount -t overlay -o "lowerdir=$T/sbin:$sbin" overlay "$sbin" 2>/dev/null ||
	skip "no overlay over $sbin"
container debian
program "$T/rootfs/debian/bin/tool" 'echo ran'

gives "mount -t lslfs says nothing and exits 0" 0 "" "" mount -t lslfs lslfs "$LINKSDIR"
is "with nothing started it is empty" "$(ls -A "$LINKSDIR")" ""
line=$(findmnt -rno FSTYPE,SOURCE,OPTIONS "$LINKSDIR")
like "the mount table calls it lslfs" "$line" "*lslfs*"
for option in ro nosuid nodev noexec; do
	like "it is mounted $option" ",${line##* }," "*,$option,*"
done
lsl start
ok "lsl start uses it as it is" test "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" = 1
gives "... and commands run" 0 ran "" as_user debian:tool
gives "umount says nothing and exits 0" 0 "" "" umount "$LINKSDIR"
ok "the daemon ends" retry no_lslfs
is "below it is the empty directory, to which nobody may write" "$(ls -A "$LINKSDIR") $(stat -c '%a %u' "$LINKSDIR")" " 511 0"

echo "lslfs $LINKSDIR lslfs defaults 0 0" >"$T/machine/fstab"
mount --bind "$T/machine/fstab" /etc/fstab 2>/dev/null || { touch "$W/none"; }
if is_mounted /etc/fstab; then
	gives "with a line in fstab, mount DIR is enough" 0 "" "" mount "$LINKSDIR"
	gives "commands of started containers are listed" 0 ran "" debian:tool
	umount "$LINKSDIR"
	echo "lslfs $LINKSDIR lslfs nofail,noauto,x-systemd.automount,_netdev,nosuid,nodev,ro,noatime 0 0" >"$T/machine/fstab"
	gives "options that everybody's fstab has are taken" 0 "" "" mount "$LINKSDIR"
	ok "... and it works" test -h "$LINKSDIR/debian:tool"
	umount "$LINKSDIR"
	gives "mount -a mounts what is automatic" 0 "" "" mount -a -t lslfs
fi

late=0
for _ in $(seq 20); do
	mount -t lslfs lslfs "$LINKSDIR"
	[ -h "$LINKSDIR/debian:tool" ] || late=$((late + 1))
	umount "$LINKSDIR"
done
is "20 times, it can be used as soon as mount returns" $late 0
gives "mount comes back also where its output is a pipe" 0 "" "" sh -c "mount -t lslfs lslfs '$LINKSDIR' 2>&1 | cat"
umount "$LINKSDIR"
ok "a remount and a fake mount do no harm" sh -c "mount -f -t lslfs lslfs '$LINKSDIR'"
not_ok "a fake mount mounts nothing" is_mounted "$LINKSDIR"
gives "the helper takes what mount(8) passes" 0 "" "" "$HELPER" lslfs "$LINKSDIR" -n -o rw
umount "$LINKSDIR"

run mount -t lslfs lslfs "$T/nowhere"
like "a missing mount point: an error" "$status" "[!0]*"
run "$HELPER" lslfs "$T/nowhere"
like "... by the helper itself" "$status" "[!0]*"
like "... which says so" "$err" "mount.lslfs: *$T/nowhere*"
run "$HELPER" lslfs "$CONFIG"
like "a file as a mount point: an error" "$status" "[!0]*"
run "$HELPER" lslfs "$LINKSDIR" -o nonsense=1
like "an unknown option: an error" "$status" "[!0]*"
like "... that names it" "$err" "*nonsense*"
not_ok "... and nothing is mounted" is_mounted "$LINKSDIR"
run "$HELPER"
like "no arguments: an error" "$status" "[!0]*"
run as_user "$HELPER" lslfs "$LINKSDIR"
like "an ordinary user: an error" "$status" "[!0]*"
not_ok "... and nothing is mounted" is_mounted "$LINKSDIR"
ok "... and no daemon is left" retry no_lslfs
run "$HELPER" --help
like "--help explains it" "$status$out" "0*lslfs*"
run "$HELPER" --version
like "--version" "$status$out" "0*[0-9].[0-9]*"
lsl stop

# Text from others never reaches a terminal unchanged.
run "$HELPER" lslfs "$LINKSDIR" -o "$(printf 'x\033[2Jy')"
like "an option with an escape sequence is shown in visible form" "$err" "*'x?x1b?2Jy'*"
