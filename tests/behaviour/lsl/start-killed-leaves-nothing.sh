#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start may be killed at any moment: the next start works, and the next stop
# leaves nothing. strace kills it (or its child, whichever gets there first) at
# every system call of the kinds that change something.
. "$(dirname "$0")/../../lib/lib.sh"
needs strace

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

# kill_at CALL NUMBER: false if lsl start ended before that.
kill_at() {
	run strace -D -f -qq -o /dev/null -e "trace=$1" -e "inject=$1:signal=KILL:when=$2" \
		"$T/usr/bin/lsl" $LSL_FLAGS start
	[ "$status" != 0 ]
}

moments=0
for call in unshare clone fork mount move_mount open_tree pivot_root symlinkat openat2 renameat \
	rename mkdirat mkdir unlinkat umount2 fcntl write; do
	bad_start='' bad_stop='' number=1
	while kill_at $call $number && [ $number -le 40 ]; do
		moments=$((moments + 1))
		retry no_lsl_at_work || bad_start="$bad_start $number(still there)"
		if lsl stop >>"$W/log" 2>&1 && retry no_lslfs; then
			state "$W/after"
			diff -r "$W/before" "$W/after" >>"$W/log" || bad_stop="$bad_stop $number"
		else
			bad_stop="$bad_stop $number"
		fi
		kill_at $call $number || :
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
is "there were moments enough ($moments)" "$([ $moments -gt 40 ] && echo yes)" yes
[ $failures = 0 ] || cat "$W/log"
