#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# umount(8) right after a mount is never refused. A daemon that ends does not
# touch the path again, because another daemon may have mounted there by then.
# The test delays a daemon, and it mounts and unmounts many times on an
# overloaded machine. LSL_PAIRS=1000 takes minutes, not seconds.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/tracing.sh"
needs python3

sbin=$(realpath /sbin)
mount -t overlay -o "lowerdir=$T/sbin:$sbin" overlay "$sbin" 2>/dev/null ||
	skip "no overlay over $sbin"
pairs=${LSL_PAIRS:-25}
container debian
container arch
program "$T/rootfs/debian/bin/tool" 'echo ran'

# Only the system call. umount(8) and, with older C libraries, busybox's ask the
# daemon about the path before it.
unmount() {
	python3 -c 'import ctypes, sys
sys.exit(ctypes.CDLL(None).umount2(sys.argv[1].encode(), 0) != 0)' "$LINKSDIR"
}

# earlier CMD...: mounts, and delays the daemon, "$earlier"; CMD unmounts;
# mounts again.
earlier() {
	mount -t lslfs lslfs "$LINKSDIR"
	retry lslfs_is_whole
	earlier=$(lslfs_pids)
	# shellcheck disable=SC2086 # words
	hold $earlier
	"$@"
	mount -t lslfs lslfs "$LINKSDIR"
}

# For retry: the processes of the earlier daemon have ended.
has_ended() {
	for pid in $earlier; do
		[ ! -e "/proc/$pid/exe" ] || return 1
	done
}

serves() {
	[ "$(debian:tool) $(findmnt -rno TARGET | grep -cx "$LINKSDIR")" = "ran 1" ]
}

lsl start
umount "$LINKSDIR"
ok "the daemon of lsl start ends" retry no_lslfs

# The lines with the path are calls that use it, or (-y) a descriptor of it.
# With -P strace itself would ask the daemon about the path.
trace_and_umount() {
	tracers=
	for pid in $earlier; do
		strace -f -y -s 0 -p "$pid" -o "$W/trace.$pid" 2>"$W/strace.$pid" &
		traced=$pid tracer=$!
		tracers="$tracers $tracer"
		retry is_traced
	done
	unmount
}
earlier trace_and_umount
# shellcheck disable=SC2086 # words
kill -CONT $earlier || : # the server may have ended with its supervisor
ok "a daemon that was held up ends after its directory was unmounted" retry has_ended
# shellcheck disable=SC2086 # words
wait $tracers || :
is "... without a look at the path" "$(cat "$W"/trace.* | grep -F "$LINKSDIR" || :)" ""
ok "... and the next one serves" serves
umount "$LINKSDIR"

for signal in TERM INT; do
	earlier unmount
	# shellcheck disable=SC2086 # words
	kill -$signal $earlier
	# shellcheck disable=SC2086 # words
	kill -CONT $earlier || : # the server may have ended with its supervisor
	ok "SIG$signal ends one whose directory was unmounted" retry has_ended
	ok "... and the next one serves" serves
	umount "$LINKSDIR"
done

# Its connection lasts while a process is in the directory.
mount -t lslfs lslfs "$LINKSDIR"
sleep 1000 3<"$LINKSDIR" &
inside=$!
retry has_open $inside "$LINKSDIR"
umount -l "$LINKSDIR"
earlier=$(lslfs_pids)
mount -t lslfs lslfs "$LINKSDIR"
# shellcheck disable=SC2086 # words
kill -TERM $earlier || : # the server may end with its supervisor
ok "SIGTERM ends one whose directory was detached while it was in use" retry has_ended
ok "... and the next one serves" serves
end $inside
umount "$LINKSDIR"

busy=
for _ in 1 2 3 4; do
	while :; do :; done &
	busy="$busy $!"
done

# refused MOUNT...: how often umount is refused right after MOUNT, and other
# failures.
refused() {
	refused=0
	for round in $(seq "$pairs"); do
		"$@" || echo "mount $round: $?"
		umount "$LINKSDIR" && continue
		refused=$((refused + 1))
		umount -l "$LINKSDIR"
	done 2>&1
	echo "$refused refused"
}

# Failures in pairs of start and stop.
started_and_stopped() {
	for round in $(seq "$pairs"); do
		lsl start || echo "start $round: $?"
		[ "$(debian:tool)" = ran ] || echo "command $round"
		lsl stop || echo "stop $round: $?"
		! is_mounted "$LINKSDIR" || echo "stop $round: mounted"
	done 2>&1
}

is "containers started: $pairs times mount(8) and umount(8)" \
	"$(refused mount -t lslfs lslfs "$LINKSDIR")" "0 refused"
is "... $pairs times lsl start and umount(8)" "$(refused lsl start)" "0 refused"
lsl stop
is "nothing started: $pairs times mount(8) and umount(8)" \
	"$(refused mount -t lslfs lslfs "$LINKSDIR")" "0 refused"
is "$pairs times lsl start, a command, and lsl stop" "$(started_and_stopped)" ""
# shellcheck disable=SC2086 # words
end $busy
ok "no daemon is left" retry no_lslfs
