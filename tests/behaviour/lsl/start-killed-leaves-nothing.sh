#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start and lsl stop may be killed at any moment: the next start works, and
# the next stop leaves nothing. strace kills them (or a child, whichever gets
# there first) at every system call of the kinds that change something.
. "$(dirname "$0")/../../lib/lib.sh"
needs strace pgrep

host=$T/hostfile
echo content >"$host"
container debian "mnt=$T/home;$host:/etc/live"
mkdir "$W/before" "$W/after"

state() {
	mount_table >"$1/mounts"
	find "$T/run" | sort >"$1/run"
	find "$LINKSDIR" -ls >"$1/linksdir"
	lslfs_pids >"$1/daemons"
}

lsl start # the mount points in the root filesystem
lsl stop
retry no_lslfs
state "$W/before"

# kill_at CALL NUMBER SUBCOMMAND...: false if lsl ended before that.
kill_at() {
	killing=$1 when=$2
	shift 2
	run strace -D -f -qq -o /dev/null -e "trace=$killing" -e "inject=$killing:signal=KILL:when=$when" \
		"$T/usr/bin/lsl" $LSL_FLAGS "$@"
	[ "$status" != 0 ]
}

moments=0
for call in unshare clone fork mount move_mount open_tree pivot_root symlinkat openat2 renameat \
	rename mkdirat mkdir unlinkat umount2 fcntl write; do
	bad_start='' bad_stop='' number=1
	while kill_at $call $number start && [ $number -le 40 ]; do
		moments=$((moments + 1))
		retry no_lsl_at_work || bad_start="$bad_start $number(still there)"
		if lsl stop >>"$W/log" 2>&1 && retry no_lslfs; then
			state "$W/after"
			diff -r "$W/before" "$W/after" >>"$W/log" || bad_stop="$bad_stop $number"
		else
			bad_stop="$bad_stop $number"
		fi
		kill_at $call $number start || :
		# It would keep killing the daemon, and each one that replaces
		# it.
		retry sh -c 'pkill -KILL -x strace; ! pgrep -x strace'
		lsl start >>"$W/log" 2>&1 && debian:true &&
			[ "$(debian:cat /etc/live)" = content ] || bad_start="$bad_start $number"
		lsl stop >>"$W/log" 2>&1
		number=$((number + 1))
	done
	ran=
	is "killed at any $call, a stop leaves nothing" "$bad_stop" ""
	is "killed at any $call, the next start works" "$bad_start" ""
	lsl stop
done

# While another container stays started.
container other
lsl start
find "$T/rootfs/debian/etc" >"$W/started"
lsl stop debian
find "$T/rootfs/debian/etc" >"$W/stopped"
not_ok "the host's file is in the root filesystem until the stop" cmp -s "$W/started" "$W/stopped"
for call in umount2 unlinkat sendto renameat; do
	bad_stop='' number=1
	lsl start debian
	while kill_at $call $number stop debian && [ $number -le 10 ]; do
		moments=$((moments + 1))
		retry no_lsl_at_work
		lsl stop debian >>"$W/log" 2>&1 && find "$T/rootfs/debian/etc" | cmp -s "$W/stopped" - &&
			[ ! -e "$MNTDIR/debian" ] || bad_stop="$bad_stop $number"
		lsl start debian
		number=$((number + 1))
	done
	is "stop killed at any $call, the next one leaves nothing" "$bad_stop" ""
done

# As after a power failure, with MNTDIR on a disk: its files have the mount
# namespaces of the former boot.
lsl start
umount -l "$MNTDIR/debian" "$MNTDIR/other"
sed -i 's/^namespace=.*/namespace=4:1/' "$MNTDIR/:host:record"
ok "start works with the files of a former boot" lsl start
ok "... also for the host's programs" debian:sh -c "exec $LINKSDIR/host:true"
lsl stop
is "there were moments enough ($moments)" "$([ $moments -gt 40 ] && echo yes)" yes
[ $failures = 0 ] || cat "$W/log"
