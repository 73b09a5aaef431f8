#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file system that the host unmounts disappears from the containers, also if
# mnt names the mount point itself, and the next one that the host mounts there
# appears; both for mounts from the start and for added ones. If it is in use
# inside, the host's umount says so.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

disk() {
	mount -t tmpfs "$1" "$2"
	echo "$1" >"$2/file"
}
mkdir "$T/usb" "$T/media" "$T/media/user" "$T/late" "$T/plain"
disk first "$T/usb"
disk one "$T/media/user"
mkdir "$T/usb/below"
disk nested "$T/usb/below"
container debian "mnt=$T/usb;$T/media/user:/srv/media;$T/plain:/srv/plain"
lsl start
gives "a disk is visible" 0 first "" debian:cat "$T/usb/file"
gives "... with what is mounted below it" 0 nested "" debian:cat "$T/usb/below/file"
gives "another one is visible, at another path" 0 one "" debian:cat /srv/media/file
ok "... and can be written to" debian:touch /srv/media/written

ok "the host unmounts what is below" umount "$T/usb/below"
not_ok "... and it disappears inside" debian:test -e "$T/usb/below/file"
ok "the host unmounts a disk" umount "$T/usb"
not_ok "... and it disappears inside" debian:test -e "$T/usb/file"
not_ok "... and nothing can be written in its place" debian:touch "$T/usb/written"
is "... nor on the host" "$(ls "$T/usb")" ""
ok "the host unmounts the other" umount "$T/media/user"
not_ok "... and it disappears, too" debian:test -e /srv/media/file
disk second "$T/usb"
gives "the host's next mount there is visible" 0 second "" debian:cat "$T/usb/file"
ok "... and can be written to" debian:touch "$T/usb/written"
ok "... and is on the host" test -e "$T/usb/written"
ok "the host unmounts it again" umount "$T/usb"
not_ok "... and it disappears" debian:test -e "$T/usb/file"

# Added to a running container.
disk late "$T/late"
sed -i "s,^mnt=.*,&;$T/late," "$CONFIG"
gives "lsl start adds a disk" 0 "" "" lsl start
gives "... which exists" 0 late "" debian:cat "$T/late/file"

# In use.
mkfifo "$W/ask"
debian:sh -c "cd '$T/late' && read -r line" <"$W/ask" &
runs=$!
exec 3>"$W/ask"
retry sh -c "[ \"\$(readlink /proc/$runs/cwd)\" = '$T/late' ] || ls -l /proc/*/cwd 2>/dev/null | grep -qF '$T/late'"
run umount "$T/late"
like "in use by a program inside, the host's umount says so" "$status$err" "[1-9]*busy*"
gives "... and nothing has changed" 0 late "" debian:cat "$T/late/file"
exec 3>&-
wait $runs || :
ok "then it can be unmounted" umount "$T/late"
not_ok "... and disappears" debian:test -e "$T/late/file"
disk again "$T/late"
lsl stop
ok "after a stop nothing keeps it" umount "$T/late"
is "... and no mount is left" "$(grep -c -e "$T/late" -e "$T/usb" -e "$T/media" /proc/self/mountinfo)" 0
