#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A running lsl has only the capabilities that its command needs, and a system
# call filter, unless --disable-seccomp is given. The same is true of the daemon
# of the command directory.
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs strace
[ -z "$LSL_FLAGS" ] || skip "a build with sanitizers runs without the filter"

echo "127.0.0.1 localhost" >"$T/hosts"
container debian "mnt=$T/hosts:/etc/hosts"
chown=0 override=1 owner=3
admin=21 read_search=2 ptrace=19 kill=5 chroot=18 nice=23

# stopped_at CALL CMD...: runs it until its first system call of that name, and
# leaves it stopped there; $pid is it.
stopped_at() {
	call=$1
	shift
	: >trace
	strace -f -o trace -e "trace=$call" -e "inject=$call:signal=STOP:when=1" "$@" >/dev/null 2>&1 &
	tracer=$!
	retry grep -q 'stopped by SIGSTOP' trace
	pid=$(sed -n 's/ .*stopped by SIGSTOP.*//p' trace)
}
release() {
	kill -KILL $tracer 2>/dev/null || :
	pkill -KILL -x lsl || :
	wait $tracer 2>/dev/null || :
	lsl stop
	retry no_lslfs
}

# holds WHAT MASK SECCOMP
holds() {
	is "$1: permitted" "$(field "$pid" CapPrm)" "$2"
	is "$1: effective" "$(field "$pid" CapEff)" "$2"
	is "$1: inheritable" "$(field "$pid" CapInh)" "$(mask)"
	is "$1: ambient" "$(field "$pid" CapAmb)" "$(mask)"
	is "$1: seccomp is $3" "$(field "$pid" Seccomp)" "$3"
}

for call in unshare mount move_mount pivot_root; do
	stopped_at $call lsl start
	holds "lsl start at $call" "$(mask $admin $read_search $chroot)" 2
	release
done
echo "127.0.0.1 own" >"$T/rootfs/debian/etc/hosts"
stopped_at fchown lsl start
holds "the process that writes into root filesystems" "$(mask $chown $override $read_search $owner)" 2
release
stopped_at mount lsl --disable-seccomp start
holds "lsl --disable-seccomp start" "$(mask $admin $read_search $chroot)" 0
release
lsl start
stopped_at umount2 lsl stop
holds "lsl stop" "$(mask $admin $read_search $ptrace)" 2
release
lsl start
stopped_at umount2 lsl stop --kill
holds "lsl stop --kill" "$(mask $admin $read_search $ptrace $kill)" 2
release

setuid=7 setgid=6
# look COMMAND CALL CAPABILITY...: for commands that only look.
look() {
	command=$1 call=$2
	shift 2
	lsl start
	# shellcheck disable=SC2086 # with an argument, perhaps
	stopped_at "$call" lsl $command
	holds "lsl $command" "$(mask "$@")" 2
	release
}
look refresh setns $admin $read_search $chroot
look status setns $admin $ptrace $chroot
look ps getdents64 $ptrace
look "which sh" openat2
look check setns $admin $read_search $chroot $setuid $setgid

lsl start
for pid in $(lslfs_pids); do
	for task in /proc/"$pid"/task/*; do
		granted=$(printf '%d' "0x$(sed -n 's/^CapPrm:[[:space:]]*//p' "$task/status")")
		allowed=$((1 << admin | 1 << chroot | 1 << read_search))
		# For later servers; a server has given it up.
		[ "$pid" = "$(lslfs_server)" ] || allowed=$((allowed | 1 << nice))
		is "the daemon: no capability but those it works with ($(cat "$task/comm"))" \
			$((granted & ~allowed & ~(1 << 6) & ~(1 << 7))) 0
		is "the daemon: a filter" "$(sed -n 's/^Seccomp:[[:space:]]*//p' "$task/status")" 2
		is "the daemon: no_new_privs" "$(sed -n 's/^NoNewPrivs:[[:space:]]*//p' "$task/status")" 1
	done
done
run debian:grep Seccomp: /proc/self/status
is "programs of the container have no filter" "$out" "Seccomp:	0"
ok "a program of the container can do all that root may: mount" debian:mount -t tmpfs x /tmp
lsl stop

lsl -s start
for pid in $(lslfs_pids); do
	is "the daemon of lsl -s start: no filter" "$(field "$pid" Seccomp)" 0
done

# The caller's odd states are no obstacle.
lsl stop
gives "with SIGCHLD ignored by the caller" 0 "" "" sh -c 'trap "" CHLD; lsl start'
lsl stop
gives "with umask 0777" 0 "" "" sh -c 'umask 0777; lsl start'
is "... its files can still be read" "$(as_user debian:echo ran)" ran
lsl stop
gives "with closed descriptors" 0 "" "" sh -c 'lsl start <&- >&- 2>&-'
ok "... and the container runs" debian:true
lsl stop
gives "from a removed directory" 0 "" "" sh -c "mkdir '$W/gone'; cd '$W/gone'; rmdir '$W/gone'; lsl start"
lsl stop
gives "with an empty environment" 0 "" "" env -i "$T/usr/bin/lsl" start
