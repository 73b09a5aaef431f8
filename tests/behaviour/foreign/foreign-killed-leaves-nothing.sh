#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A start or stop of a container of another architecture may be killed at any
# moment: the next start works, and the next stop leaves no handler in the
# kernel, no note of one, and no mount. strace kills it at every system call
# about these; start-killed-leaves-nothing.sh has the others.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/foreign.sh"
needs strace

foreign_rootfs "$T/rootfs/arm" aarch64-linux-gnu-gcc
container arm bins=/bin "interpreter=$(emulator aarch64)"
lsl start # the mount points in the root filesystem
lsl stop
retry no_lslfs

state() {
	handlers
	mount_table
	find "$T/run" | sort
	lslfs_pids
}
state >before

# kill_at COMMAND CALL NUMBER: false if neither it nor one of its processes came
# to that. Other processes are killed by lsl itself.
kill_at() {
	run strace -D -I2 -f -q -o "$W/trace" -e "trace=$2" -e "inject=$2:signal=KILL:when=$3" \
		-P "$MNTDIR/:binfmt_misc" -P "$MNTDIR/:handlers" -P "$MNTDIR/:handlers.new" \
		-P :binfmt_misc -P :handlers -P :handlers.new \
		-P "$MNTDIR/:binfmt_misc/register" -P "$MNTDIR/:binfmt_misc/lsl-aarch64" \
		"$T/usr/bin/lsl" $LSL_FLAGS "$1"
	retry no_lsl_at_work
	# It writes that a process has ended after others can see that.
	retry sh -c 'pkill -x strace; ! pgrep -x strace'
	awk '$2 ~ /\(/ { called[$1] = 1 }
		/killed by SIGKILL/ && called[$1] { killed = 1 }
		END { exit !killed }' "$W/trace"
}

# stopped: a stop leaves nothing.
stopped() {
	lsl stop >>log 2>&1 && retry no_lslfs && state >after && diff before after >>log
}

# works: the next start works, and so do programs that programs start.
works() {
	lsl start >>log 2>&1 && [ "$(arm:run /bin/machine machine)" = aarch64 ] && [ "$(handlers | cut -d' ' -f1)" = lsl-aarch64 ]
}

moments=0
for command in start stop; do
	for call in openat mkdirat mount read write close renameat unlinkat umount2; do
		bad_stop='' bad_start='' number=1
		while [ $number -le 60 ]; do
			[ $command = start ] || works || bad_start="$bad_start $number(before)"
			kill_at $command $call $number || break
			moments=$((moments + 1))
			stopped || bad_stop="$bad_stop $number"
			[ $command = start ] || works || bad_start="$bad_start $number(before)"
			kill_at $command $call $number || :
			works || bad_start="$bad_start $number"
			stopped || bad_stop="$bad_stop $number(started)"
			number=$((number + 1))
		done
		ran=
		is "$command killed at any $call: a stop leaves nothing" "$bad_stop" ""
		is "$command killed at any $call: the next start works" "$bad_start" ""
		stopped || :
	done
done
is "there were moments enough ($moments)" "$([ $moments -gt 40 ] && echo yes)" yes
[ $failures = 0 ] || cat log
