#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: use up or hold the things that all users of the command directory
# share: locks of its directories, tables of open files, threads, memory; stop
# or trace its daemon. Origin: file systems that users mount, as in
# CVE-2023-0386. getdents(2) into memory of such a file system holds the lock of
# the directory.
#
# Other users' commands, listings, lsl start, stop and status still work, each
# within a second. LSL_OPEN=524288 and LSL_HALF_READ=150000 are the large
# numbers, for a machine that does nothing else.
. "$(dirname "$0")/../lib/lib.sh"
needs perl strace pgrep
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"

for name in debian arch late; do
	container $name
	program "$T/rootfs/$name/bin/tool" 'echo ran'
done
lsl start debian arch

# soon WHAT CMD...: succeeds within a second; on a busy machine, in the second
# or third try.
soon() {
	what=$1
	shift
	for _ in 1 2 3; do
		start=$(date +%s%N)
		run timeout -s KILL 10 "$@"
		took=$((($(date +%s%N) - start) / 1000000))
		[ "$status" != 0 ] || [ "$took" -gt 1000 ] || break
		[ "$status" != 137 ] || break
	done
	if [ "$status" = 0 ] && [ "$took" -le 1000 ]; then pass "$what"; else fail "$what" "after $took ms"; fi
}

round=0
others_go_on() {
	round=$((round + 1))
	cp "$T/rootfs/debian/bin/tool" "$T/rootfs/debian/bin/new$round"
	soon "$1: a program just installed runs" runuser -u bob -- "debian:new$round"
	rm "$T/rootfs/debian/bin/new$round"
	soon "... a removed one is no longer listed" sh -c "! ls '$LINKSDIR' | grep -qx 'debian:new$round'"
	run runuser -u bob -- timeout -s KILL 10 "$EXECUTOR" debian "new$round"
	is "... and says 127" "$status" 127
	soon "... a container's directory is listed" sh -c "[ \$(ls '$LINKSDIR/debian' | grep -cx tool) = 1 ]"
	soon "... a name that nobody has is missed" sh -c "! test -e '$LINKSDIR/nobody-has-$round'"
	soon "... a missing command is, too" sh -c "! test -h '$LINKSDIR/debian:not-there-$round'"
	kill -KILL "$(lslfs_server)"
	soon "... a server that is killed is replaced" runuser -u bob -- debian:tool
	retry lslfs_is_whole
}
root_goes_on() {
	soon "... lsl start of another container" "$T/usr/bin/lsl" $LSL_FLAGS start late
	soon "... which runs" runuser -u bob -- late:tool
	soon "... lsl status" "$T/usr/bin/lsl" $LSL_FLAGS status
	soon "... lsl stop of it" "$T/usr/bin/lsl" $LSL_FLAGS stop late
}

# A user's own file system never answers.
holders=
for dir in "$LINKSDIR" "$LINKSDIR/debian"; do
	mkdir "$W/own${#holders}"
	"$LSL_TEST_STAGE/../helpers/holder" "$dir" "$W/own${#holders}" "$USERID" >"$W/held" 2>&1 &
	holders="$holders $!"
	ok "a user holds the lock of ${dir#"$T"}" retry grep -q held "$W/held"
	: >"$W/held"
done
others_go_on "while a user holds the directories' locks"
root_goes_on
cp "$T/rootfs/debian/bin/tool" "$T/rootfs/debian/bin/held"
test -h "$LINKSDIR/debian:held" -a -h "$LINKSDIR/debian/held"
rm "$T/rootfs/debian/bin/held"
is_gone() {
	! test -h "$LINKSDIR/debian:held" && ! test -h "$LINKSDIR/debian/held"
}
ok "... a removed name is soon not found" retry is_gone
gives "... lsl stop ends, and says nothing" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS stop
# While a mkdir(2) waits for the lock, every lookup of a name that the kernel
# does not know waits behind it. lsl does not wait.
lsl start debian
mkdir "$W/own-mkdir"
"$LSL_TEST_STAGE/../helpers/holder" "$LINKSDIR" "$W/own-mkdir" "$USERID" >"$W/held" 2>&1 &
holders="$holders $!"
retry grep -q held "$W/held"
as_user mkdir "$LINKSDIR/x" 2>/dev/null &
maker=$!
is_waiting() {
	grep -q '^State:	D' "/proc/$(pgrep -x mkdir)/status"
}
ok "a user makes a directory there, and waits for the lock" retry is_waiting
gives "... lsl start of a container ends, and says that it did not see it listed" 0 "" \
	"lsl: late is started, but lsl cannot see whether $LINKSDIR lists it: Connection timed out" \
	timeout 5 "$T/usr/bin/lsl" $LSL_FLAGS start late
ok "... lsl status ends" timeout 10 "$T/usr/bin/lsl" $LSL_FLAGS status
gives "... lsl stop ends, and says nothing" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS stop
# shellcheck disable=SC2086 # words
kill -KILL $holders
wait $maker || :
ok "... its daemon ends with the last user" retry no_lslfs
lsl start debian arch

# Open directories.
open_dirs() {
	as_user perl -e '
		my ($dir, $count, $read, $out) = @ARGV;
		my @held;
		for (1 .. $count) {
			opendir(my $d, $dir) or last;
			if ($read) { readdir $d for 1 .. 3 }
			push @held, $d;
		}
		open(my $o, ">>", $out); print $o scalar(@held), "\n"; close $o; sleep 1000' "$@" "$W/opened" &
}
: >"$W/opened"
chmod 0666 "$W/opened"
count_opened() {
	awk '{ sum += $1 } END { print sum + 0 }' "$W/opened"
}
more_are_open() {
	[ "$(count_opened)" -gt "$1" ]
}
# opened COUNT: waits until so many are, as long as they become more.
opened() {
	while now=$(count_opened) && [ "$now" -lt "$1" ]; do
		retry more_are_open "$now" || return 1
	done
}
resident() {
	for pid in $(lslfs_pids); do
		sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"
	done | awk '{ sum += $1 } END { print sum }'
}
open=${LSL_OPEN:-9000} half=${LSL_HALF_READ:-1800} each=900
left=$open
while [ "$left" -gt 0 ]; do
	open_dirs "$LINKSDIR/debian" $((left < each ? left : each)) ""
	left=$((left - each))
done
left=$half
while [ "$left" -gt 0 ]; do
	open_dirs "$LINKSDIR" $((left < each ? left : each)) read
	left=$((left - each))
done
ok "a user opens $open directories, and reads half of $half more" opened $((open + half))
others_go_on "while they are open"
root_goes_on
if grep -q __asan_init "$HELPER"; then
	pass "the sanitizer's memory is not counted"
else
	is "... the daemon's memory is as ever: $(resident) KiB" "$([ "$(resident)" -lt 6144 ] && echo yes)" yes
fi
pkill -KILL -u alice perl || :

# Slow requests: all of a user's requests wait for a container that does not
# answer.
small=$T/rootfs/hung
mkdir -p "$small/bin" "$small/dead"
cp "$(command -v busybox)" "$small/bin/busybox"
container hung "bins=/dead/bin;/bin"
lsl start hung
"$hangfs" "$small/dead"
askers=
for part in $(seq 5); do
	as_user sh -c 'for i in $(seq 60); do ls "$0/hung:no$1-$i" "$0" >/dev/null 2>&1 & done; : >"$2$1"; wait' "$LINKSDIR" "$part" "$T/home/alice/asking" &
	askers="$askers $!"
done
for part in $(seq 5); do
	retry test -e "$T/home/alice/asking$part"
done
sleep 0.3
others_go_on "while 300 requests of a user wait for a container that hangs"
pkill -KILL -x hangfs
# shellcheck disable=SC2086 # words
wait $askers || :

# Signals. A user could have the saved ids.
for pid in $(lslfs_pids); do
	for user in alice nobody daemon; do
		id "$user" >/dev/null 2>&1 || continue
		for signal in STOP KILL CONT; do
			not_ok "$user cannot send SIG$signal to $(cat "/proc/$pid/comm")" runuser -u "$user" -- kill -$signal "$pid"
		done
		not_ok "... nor trace it" runuser -u "$user" -- timeout 5 strace -qq -o /dev/null -p "$pid"
		not_ok "... nor see where it is" runuser -u "$user" -- readlink "/proc/$pid/cwd"
	done
done
used=
for pid in $(lslfs_pids); do
	# shellcheck disable=SC2013 # words
	for id in $(sed -n 's/^[UG]id://p' "/proc/$pid/status"); do
		[ "$id" = 0 ] || ! getent passwd "$id" >/dev/null || used="$used $id"
	done
done
is "no user has an id of the daemon's" "$used" ""
gives "programs run as before" 0 ran "" as_bob debian:tool
