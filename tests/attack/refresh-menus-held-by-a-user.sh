#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the lock of the directory of the menus' entries, which desktops
# have to list. The processes that update the menus wait for it.
#
# Nothing else does: lsl refresh --follow goes on with the host's files, and
# announces the containers again when the menus are updated again.
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"

S=$T/run/lsl/share/applications
APPS=$T/rootfs/shared/usr/share/applications
# Long messages about it fill a socket soon.
bins=/bin
for number in $(seq 400); do
	bins="$bins;/opt/a-directory-of-programs-with-a-name-of-some-length/$number"
done
entry() {
	printf '[Desktop Entry]\nType=Application\nName=%s\nExec=/bin/sh\n' "$1" >"$APPS/$1.desktop"
}
echo 0 >"$T/machine/x.conf"
container files "mnt=$T/machine/x.conf:/etc/x.conf"
container shared share=applications "bins=$bins"
mkdir -p "$APPS"
entry one
lsl start 2>/dev/null || :
ok "an entry is in the menus" retry test -f "$S/one.desktop"

# fresh NUMBER: a change of the host's file is in the container.
fresh() {
	[ "$(files:cat /etc/x.conf)" = "$1" ]
}
hold_lock "$S"
entry two
# Its reader begins anew, too, and its entries are removed.
sed -i 's|bins=/bin;|bins=/bin;/usr/bin;|' "$CONFIG"
in_time "lsl start does not wait for the menus" "$T/usr/bin/lsl" start
number=1
while [ $number -le 40 ]; do
	echo $number >"$T/machine/x.conf"
	retry fresh $number || break
	number=$((number + 1))
done
is "lsl refresh --follow does not wait for them, 40 times" $number 41
sed -i 's|/1$|/other|' "$CONFIG"
in_time "... nor does a start of it" "$T/usr/bin/lsl" start
release
ok "as soon as nobody holds it, the menus are up to date" retry test -f "$S/two.desktop"
ok "... and stay so" test -f "$S/one.desktop"
rm "$APPS/one.desktop"
is_gone() {
	! [ -e "$S/one.desktop" ]
}
ok "... and follow the container" retry is_gone
in_time "lsl stop ends" "$T/usr/bin/lsl" stop
