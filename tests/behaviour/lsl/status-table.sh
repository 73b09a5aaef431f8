#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl status shows a table: container, state, number of commands, running
# programs, architecture, root filesystem; and below it the problems, with
# remedies. With a problem the exit status is 1.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian "bins=/opt"
container arch
mkdir "$T/rootfs/debian/opt"
program "$T/rootfs/debian/opt/one" 'sleep 1000'
program "$T/rootfs/debian/opt/two" 'true'
printf 'one\n' >"$T/rootfs/debian/opt/no-program"

arch=$(uname -m)
# row NAME: its words, one blank between them.
row() {
	printf '%s\n' "$out" | awk -v name="$1" '$1 == name { $1 = $1; print }'
}

run lsl status
is "nothing started: exit status 0" "$status" 0
like "the first line names the columns" "$out" "CONTAINER*"
is "one line for each container, and one above" "$(printf '%s\n' "$out" | wc -l)" 3
like "a stopped container" "$(row debian)" "debian stopped - - $arch $T/rootfs/debian"

lsl start debian
debian:one &
retry pgrep -x -f 'sleep 1000'
run lsl status
is "one started: exit status 0" "$status" 0
is "a started container: commands, programs, architecture, root filesystem" "$(row debian)" "debian started 2 2 $arch $T/rootfs/debian"
like "the other one" "$(row arch)" "arch stopped *"
program "$T/rootfs/debian/opt/three" 'true'
run lsl status debian
is "the number of commands is live" "$(row debian)" "debian started 3 2 $arch $T/rootfs/debian"
is "one by its name" "$(row arch)" ""
run lsl status debian arch
is "two by their names" "$(row debian | wc -l)$(row arch | wc -l)" 11
chmod 0700 "$T/rootfs/debian"
run as_user lsl status
like "a container that an ordinary user cannot look into has no architecture" "$(row debian)" "debian started * - $T/rootfs/debian"
like "... the others have" "$(row arch)" "arch stopped - - $arch *"
run lsl status
like "... root sees it" "$(row debian)" "debian started * $arch *"
chmod 0755 "$T/rootfs/debian"
run as_user lsl status
is "an ordinary user may ask" "$status" 0
like "... and sees what users can see" "$(row debian)" "debian started 3 * $arch $T/rootfs/debian"
chmod 0600 "$CONFIG"
run as_user lsl status
is "... with a configuration that only root can read: what is started" "$status$err$(row debian | cut -d ' ' -f 1,2)$(row arch)" "0debian started"
chmod 0644 "$CONFIG"
run lsl status nosuch
is "a name that is not configured: exit status 1" "$status" 1
like "... told" "$err" "*nosuch*"

# Problems.
wrong() {
	run lsl status
	is "$1: exit status 1" "$status" 1
	like "$1: told" "$out$err" "$2"
}
mv "$T/rootfs/arch" "$T/rootfs/away"
wrong "a missing root filesystem" "*arch*$T/rootfs/arch*"
mv "$T/rootfs/away" "$T/rootfs/arch"
sed -i 's,^bins=/opt$,bins=/opt;/nowhere,' "$CONFIG"
lsl start debian
wrong "a missing directory of bins" "*debian*/nowhere*"
sed -i 's,^bins=/opt;/nowhere$,bins=/opt,' "$CONFIG"
lsl start debian
umount "$LINKSDIR"
wrong "a command directory that is not mounted" "*$LINKSDIR*lsl start*"
lsl start
kill_lslfs
wrong "a command directory without its daemon" "*$LINKSDIR*lsl start*"
lsl start
# Unpinned as by lsl stop; the daemon may have it open.
umount -l "$MNTDIR/arch"
wrong "a record without a namespace" "*arch*"
run lsl start
is "... which start puts right" "$status" 0
run lsl status
is "then all is well" "$status" 0
sed -i '/^\[arch\]/,$d' "$CONFIG"
wrong "a started container that is no longer configured" "*arch*lsl stop arch*"
lsl stop arch
echo "colour=green" >>"$CONFIG"
wrong "a mistake in the configuration" "*$CONFIG:*colour*"
lsl stop
retry no_lslfs
run lsl status
like "still a table" "$(row debian)" "debian stopped*"
chmod 0600 "$CONFIG"
run as_user lsl status
is "an ordinary user learns why the table is empty" "$err" "lsl: $CONFIG: cannot be read without privilege: use sudo"
is "status changes nothing" "$(ls "$MNTDIR" 2>/dev/null; lslfs_pids)" ""
