#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A container that cannot start does not affect the others, leaves nothing
# behind, and is reported with file, line and reason. The exit status shows the
# failure.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container first
container gone "path=$T/rootfs/nowhere"
container second
container faulty "colour=green"
container occupied
container third
# A file where a directory has to be mounted.
rm -rf "$T/rootfs/occupied/proc"
echo >"$T/rootfs/occupied/proc"
mounts=$(mount_table | grep -v -e "$MNTDIR" -e "$LINKSDIR")
line=$(grep -n "path=$T/rootfs/nowhere" "$CONFIG")

run lsl start
said=$err
is "the exit status is 1" "$status" 1
for name in first second third; do
	gives "$name runs" 0 "$name" "" "$name:sh" -c 'echo "$LSL_CONTAINER"'
done
for name in gone faulty occupied; do
	like "$name is reported" "$said" "*$name*"
	is "$name leaves no namespace and no record" "$(ls "$MNTDIR" | grep "$name")" ""
	not_ok "$name has no commands" ls -d "$LINKSDIR/$name"
	run "$EXECUTOR" "$name" sh
	is "$name refuses a command with 125" "$status" 125
done
like "a missing root filesystem is reported with file and line" "$said" "*$CONFIG:${line%%:*}:*$T/rootfs/nowhere*"
like "a mistake in a section is reported with file and line" "$said" "*$CONFIG:$(grep -n colour "$CONFIG" | cut -d: -f1):*colour*"
like "an impossible mount point is reported with its name" "$said" "*/proc*$T/rootfs/occupied*"
is "each of them is reported in one line or two" "$([ "$(printf '%s\n' "$said" | wc -l)" -le 6 ] && echo yes)" yes
is "no mount is left" \
	"$(mount_table | grep -v -e "$MNTDIR" -e "$LINKSDIR")" "$mounts"

run lsl start second
is "a start of one that is well exits 0, whatever the others" "$status" 0
run lsl start gone
is "a start of the one that is not exits 1" "$status" 1
run lsl start nosuch
is "a start of one that is not configured exits 1" "$status" 1
like "... and says so" "$err" "*nosuch*$CONFIG*"

mkdir "$T/rootfs/nowhere"
cp -a "$T/rootfs/first/." "$T/rootfs/nowhere"
run lsl start gone
is "when the root filesystem exists, it starts" "$status" 0
ok "... and runs" gone:true
