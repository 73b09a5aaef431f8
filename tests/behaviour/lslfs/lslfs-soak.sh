#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs are installed, removed, listed and executed, containers started and
# stopped, and the daemon of the command directory is killed, all at the same
# time, for SOAK_SECONDS (120 by default; ten minutes are a real soak). Nobody
# sees a failure, and afterwards everything is as before, without a leak.
. "$(dirname "$0")/../../lib/lib.sh"
needs perl

# rootfs NAME PROGRAM...: a small one.
rootfs() {
	bin=$T/rootfs/$1/bin
	mkdir -p "$bin" "$T/rootfs/$1/opt"
	cp "$(command -v busybox)" "$bin/busybox"
	shift
	for program; do
		ln "$bin/busybox" "$bin/$program"
	done
}

rootfs steady sh true ls
rootfs flapping sh true
container steady "bins=/opt;/bin"
container flapping "bins=/opt;/bin"
lsl start

# The state that must be the same in the end, read after everything has been
# listed.
state() {
	ls -l "$LINKSDIR" "$LINKSDIR/steady" "$LINKSDIR/flapping" >/dev/null || return 1
	retry lslfs_is_whole
	server=$(lslfs_server) supervisor=$(lslfs_supervisor)
	{
		echo "mounts: $(sed 's/^[0-9 :]*//; s/\(shared\|master\):[0-9]*/\1/g; s/mnt:.[0-9]*.//' /proc/self/mountinfo | sort)"
		echo "server: $(ls "/proc/$server/fd" | wc -l) descriptors, $(cat /proc/"$server"/fdinfo/* | grep -c ^inotify) watches"
		echo "supervisor: $(ls "/proc/$supervisor/fd" | wc -l) descriptors"
		echo "processes: $(lslfs_pids | wc -l)"
		echo "commands: $(ls "$LINKSDIR" | sort | tr '\n' ' ')"
		echo "containers: $(ls "$MNTDIR" | sort | tr '\n' ' ')"
	} 2>/dev/null >"$1"
}
state "$W/before"

# worker CMD...: repeats CMD until $W/end exists.
worker() {
	while [ ! -e "$W/end" ]; do
		"$@"
		echo "$1" >>"$W/done"
	done &
}

bad() {
	echo "$*" >>"$W/bad"
}

# Each way, looked at once, removed.
install() {
	perl -MErrno -e '
		my ($links, $bin, $n) = @ARGV;
		sub wrong { print STDERR "install: @_: $!\n" }
		# A request that is being handed over when the server is killed
		# fails in the kernel.
		sub opened {
			my $d;
			opendir($d, $_[0]) or $!{EIO} && opendir($d, $_[0]) or wrong("opendir");
			return $d;
		}
		sub make { open(my $f, ">", "$bin/$_[0]") or die; chmod $_[1], "$bin/$_[0]" }
		for my $i (1 .. 20) {
			my $name = "p" . $n . "-" . $i % 5;
			unlink "$bin/$name";
			if ($i % 4 == 0) { make($name, 0755) }
			elsif ($i % 4 == 1) { make("$name.dpkg-new", 0755); rename "$bin/$name.dpkg-new", "$bin/$name" }
			elsif ($i % 4 == 2) { make($name, 0644); chmod 0755, "$bin/$name" }
			else { symlink "/bin/true", "$bin/$name" }
			lstat "$links/steady:$name" or wrong("missed steady:$name, way", $i % 4);
			lstat "$links/steady/$name" or wrong("missed steady/$name, way", $i % 4);
			my $d = opened("$links/steady");
			grep { $_ eq $name } readdir $d or wrong("not listed: $name, way", $i % 4);
			unlink "$bin/$name";
			$d = opened("$links/steady");
			grep { $_ eq $name } readdir $d and wrong("still listed: $name, way", $i % 4);
		}' "$LINKSDIR" "$T/rootfs/steady/opt" "$1" 2>>"$W/bad" || bad "install $1"
}

list() {
	[ "$(ls "$LINKSDIR" 2>>"$W/bad" | grep -cx -e steady -e steady:true -e steady:ls)" = 3 ] || bad "list: steady is not complete"
	# A program that is removed between its listing and the lookup is no
	# failure.
	ls -l "$LINKSDIR" 2>&1 >/dev/null | grep -v 'steady:p.*No such file\|flapping.*No such file' >>"$W/bad" || :
	sleep 0.05
}

execute() {
	steady:true >>"$W/bad" 2>&1 || bad "steady:true: $?"
	as_user steady:true >>"$W/bad" 2>&1 || bad "steady:true as a user: $?"
	code=0
	"$LINKSDIR/steady/sh" -c 'exit 42' >>"$W/bad" 2>&1 || code=$?
	[ $code = 42 ] || bad "steady/sh: $code"
	code=0
	steady:nosuch 2>/dev/null || code=$?
	[ $code = 127 ] || bad "steady:nosuch: $code"
	sleep 0.02
}

# Within a second or two: the daemon may just have been killed. The kernel would
# keep a name for ten.
is_gone() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -h "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

flap() {
	lsl stop flapping >>"$W/bad" 2>&1 || bad "lsl stop: $?"
	is_gone "$LINKSDIR/flapping:true" || bad "flapping is still there after its stop"
	lsl start flapping >>"$W/bad" 2>&1 || bad "lsl start: $?"
	[ -h "$LINKSDIR/flapping:true" ] || bad "flapping is not there after its start"
	flapping:true >>"$W/bad" 2>&1 || bad "flapping:true: $?"
	sleep 0.2
}

# Only the server: its supervisor starts another one.
strike() {
	retry lslfs_is_whole || bad "the server does not come back"
	kill -KILL "$(lslfs_server)" || bad "there is no server, or more than one"
	sleep 0.7
}

: >"$W/bad"
worker install 1
worker install 2
worker list
worker execute
worker flap
worker strike
sleep "${SOAK_SECONDS:-120}"
: >"$W/end"
wait
sort "$W/done" | uniq -c
is "${SOAK_SECONDS:-120} seconds: nobody saw anything wrong" "$(sort "$W/bad" | uniq -c | head -n 40)" ""

rm -f "$T/rootfs/steady/opt"/*
for _ in $(seq 20); do
	! state "$W/after" || ! cmp -s "$W/before" "$W/after" || break
	sleep 0.5
done
same "nothing leaked: descriptors, watches, mounts, pins, processes" "$W/after" "$W/before"
resident() {
	for pid in $(lslfs_pids); do
		sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"
	done | awk '{ sum += $1 } END { print sum }'
}
if grep -q __asan_init "$HELPER"; then
	pass "the sanitizer's memory is not counted"
else
	is "its memory is small: $(resident) KiB" "$([ "$(resident)" -lt 6144 ] && echo yes)" yes
fi
gives "lsl stop says nothing" 0 "" "" lsl stop
ok "no process is left" retry no_lslfs
is "no mount is left" "$(findmnt -rno TARGET | grep -e "$LINKSDIR" -e "$MNTDIR")" ""
