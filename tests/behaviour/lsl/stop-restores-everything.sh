#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# After lsl stop the mount table, the state directory and the host's files are
# as they were before the first lsl start; a root filesystem has its mount
# points in addition and nothing else.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

echo live >"$T/hostfile"
mkdir -p "$T/home/disk"
mount -t tmpfs disk "$T/home/disk"
container debian "mnt=$T/home;$T/hostfile:/etc/live;$T/hostfile:/etc/dangling;$T/home:/new/dir"
container arch
ln -s ../nowhere/at/all "$T/rootfs/debian/etc/dangling"
mkdir "$W/before" "$W/after"

# Peer groups get new numbers; it counts only whether a mount is shared.
state() {
	sed 's/\(shared\|master\):[0-9]*/\1/g' /proc/self/mountinfo | sort >"$1/mountinfo"
	find "$T" -path "$T/rootfs" -prune -o -path "$W" -prune -o -path "$T/machine" -prune -o -printf '%p %y %i %m %u %g %s %l\n' | sort >"$1/files"
	find "$T/rootfs" ! -type d -printf '%p %y %i %m %u %g %s %T@ %l\n' | sort >"$1/rootfs"
	find "$T/rootfs" -type d -printf '%p %m %u %g\n' | sort >"$1/directories"
	pgrep -a lsl >"$1/processes" || :
}

# lsl refresh --follow sees that no container is started any more, and ends.
no_lsl() {
	! pgrep -x lsl >/dev/null
}

for host in shared private; do
	# Like under systemd, and like a machine without shared mounts.
	mount --make-r$host /
	state "$W/before"
	lsl start
	debian:true
	arch:true
	ls -l "$LINKSDIR" >/dev/null
	debian:cat /etc/live >/dev/null
	gives "$host host: stop says nothing and exits 0" 0 "" "" lsl stop
	retry no_lslfs
	retry no_lsl
	state "$W/after"
	same "$host host: the mount table is as before" "$W/after/mountinfo" "$W/before/mountinfo"
	same "$host host: so are the state directory, the command directory and all other files" "$W/after/files" "$W/before/files"
	same "$host host: no process is left" "$W/after/processes" "$W/before/processes"
	if [ $host = shared ]; then
		made=$(diff "$W/before/rootfs" "$W/after/rootfs" | sed -n "s,^[<>] $T/rootfs/,,p" | cut -d' ' -f1,2)
		is "the root filesystem has no new files" "$made" ""
		made=$(diff "$W/before/directories" "$W/after/directories" | sed -n "s,^[<>] $T/rootfs/,,p" | sort)
		like "new directories are only mount points" "$(echo "$made" | tr '\n' '|')" \
			"*arch/oldRoot 755 root root|*debian/new 755 root root|debian/new/dir 755 root root|debian/oldRoot*"
		is "the directories that were there keep owner and mode" "$(echo "$made" | grep -c -e /bin -e /etc -e /tmp)" 0
	else
		same "the second time not even those are new" "$W/after/rootfs" "$W/before/rootfs"
		same "... nor directories" "$W/after/directories" "$W/before/directories"
	fi
done

lsl start
gives "stop of one leaves the others" 0 "" "" lsl stop arch
ok "... which still run" debian:true
not_ok "its namespace is unpinned and its record gone" ls "$MNTDIR/arch" "$MNTDIR/arch:record"
ok "the command directory stays mounted" is_mounted "$LINKSDIR"
lsl stop
run lsl stop
is "stop with nothing started exits 0" "$status" 0

find "$T/rootfs/debian/etc" >"$W/before/etc"
lsl start
busybox_rootfs "$T/rootfs/second"
sed -i "s,^path=$T/rootfs/debian$,path=$T/rootfs/second," "$CONFIG"
lsl restart
find "$T/rootfs/debian/etc" >"$W/after/etc"
same "a restart with another path leaves nothing in the former root filesystem" "$W/after/etc" "$W/before/etc"
is "... and the host's file is in the new one" "$(debian:cat /etc/live)" live
lsl stop
retry no_lslfs
# As lsl refresh --follow sees it while stop removes the directory.
mkdir -m 0711 "$MNTDIR"
lsl refresh
is "a refresh makes nothing where nothing is started" "$(ls -A "$MNTDIR")" ""
