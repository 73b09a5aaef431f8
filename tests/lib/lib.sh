# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Every behaviour test begins with its promise and then these lines:
#
#	variants="setuid filecaps sanitizers"
#	. "$(dirname "$0")/../../lib/lib.sh"
#
# variants declares where the test runs: setuid and filecaps are how lslExecutor
# has its privilege; with both of them the test runs twice, and each check says
# in which of the two. "sanitizers", at the end, lets it also run in the build
# with sanitizers, which measures coverage. A test without a declaration runs
# only with setuid.
#
# This file then runs the test again as root in new mount and process id
# namespaces. There a tmpfs with a complete private installation of lsl is
# mounted on the directory T. When the test ends, the kernel removes all its
# mounts, processes and files: tests do not disturb each other, and the machine
# is not changed.
#
# A test makes named checks. Each prints "PASS: " or "FAIL: " and the promise.
#
# Exit status: 0 all passed, 1 one failed, 77 skipped with a reason.
# Environment:
#
#	LSL_TEST_STAGE=DIR	what private-install made (default:
#				tests/private in the working directory)
#	LSL_TESTS=unit		skip all behaviour tests, as "make distcheck"
#				within tests/all does
#	LSL_PRIVILEGE=setuid	run with this kind of privilege only (or
#				filecaps)
#	LSL_TEST_USERID=UID	alice's uid (default: 51001); 65534 is nobody's
#	LSL_TEST_FIRST=1	the first failure ends the test
#	LSL_TEST_SHELL=1	a shell where a check fails
#	CI=true			what would be skipped fails
set -eu

skip() {
	if [ "${CI:-}" = true ] && [ "${LSL_TESTS:-}" != unit ]; then
		printf 'FAIL: %s cannot run here: %s\n' "${0##*/}" "$*"
		exit 1
	fi
	printf 'SKIP: %s: %s\n' "${0##*/}" "$*"
	exit 77
}

# needs PROGRAM...: skips the test if one is not installed.
needs() {
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

tests=$(cd "$(dirname "$0")" && pwd -P)
while [ -n "$tests" ] && [ ! -f "$tests/lib/lib.sh" ]; do
	tests=${tests%/*}
done

: "${variants:=setuid}"

# Outside: enter new namespaces.

if [ -z "${LSL_TEST_ROOT:-}" ]; then
	[ "${LSL_TESTS:-}" != unit ] || skip "LSL_TESTS=unit"
	[ "$(id -u)" = 0 ] || skip "needs root"
	stage=${LSL_TEST_STAGE:-$PWD/tests/private}
	[ -d "$stage/setuid" ] || skip "no installation in $stage (make check makes it)"
	needs busybox unshare runuser findmnt setcap
	# shellcheck source=tests/lib/machine.sh
	. "$tests/lib/machine.sh"
	lacks=$(machine_lacks)
	[ -z "$lacks" ] || skip "$lacks"

	export LSL_TEST_STAGE="$stage" LSL_TEST_PRIVILEGE
	LSL_TEST_ROOT=$(cat "$stage/root")
	export LSL_TEST_ROOT
	privileges=${LSL_PRIVILEGE:-${variants%sanitizers}}
	# unshare of util-linux 2.36 leaves SIGINT and SIGTERM ignored, and a
	# shell cannot undo that. If env cannot either, unshare is a newer one.
	signals="env --default-signal=INT,TERM"
	$signals true 2>/dev/null || signals=
	status=0
	for LSL_TEST_PRIVILEGE in $privileges; do
		# The inner shell is process 1 there: it only waits, and reaps
		# remaining processes of the test.
		# shellcheck disable=SC2086 # words
		timeout -s KILL "${LSL_TEST_LIMIT:-900}" \
			unshare --mount --pid --fork --kill-child --mount-proc \
			$signals /bin/sh -c '"$@"; exit $?' init /bin/sh "$0" "$@" </dev/null || {
			s=$?
			[ $s != 137 ] || echo "FAIL: ${0##*/} ends in time"
			[ $s = 77 ] && [ $status != 1 ] || s=1
			status=$s
		}
	done
	exit $status
fi

# Inside: the private installation.

T=$LSL_TEST_ROOT
MNTDIR=$T/run/subsys
LINKSDIR=$T/subsysbin
CONFIG=$T/etc/subsys.conf
# shellcheck disable=SC2034 # for tests
EXECUTOR=$T/usr/bin/lslExecutor
# shellcheck disable=SC2034 # for tests
HELPER=$T/sbin/mount.lslfs
W=$T/test # the test's own files; its working directory

# What make leaves open.
exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-
mount -t tmpfs -o mode=0755 lsl-tests "$T"
mount --make-rshared / # as it is under systemd
cp -a "$LSL_TEST_STAGE/$LSL_TEST_PRIVILEGE$T/." "$T"
mkdir -p "$T/etc" "$T/run" "$T/rootfs" "$T/home" "$W"
chmod 1777 "$W"
cd "$W"

# Two ordinary users, and sudo rules for them, in this namespace only.
USERID=${LSL_TEST_USERID:-51001}
mkdir "$T/machine"
findmnt -rno ID,TARGET,SOURCE,FSTYPE,PROPAGATION >"$T/machine/mounts"
for user in alice:$USERID bob:51002; do
	mkdir -m 0700 "$T/home/${user%:*}"
	chown "${user#*:}:${user#*:}" "$T/home/${user%:*}"
	echo "${user%:*}:*:${user#*:}:${user#*:}::$T/home/${user%:*}:/bin/sh" >>"$T/machine/passwd"
	echo "${user%:*}:x:${user#*:}:" >>"$T/machine/group"
done
echo "crew:x:51100:alice" >>"$T/machine/group"
cat >"$T/machine/sudoers" <<EOF
Defaults secure_path="$T/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin:$LINKSDIR"
Defaults !fqdn
alice ALL=(ALL) NOPASSWD: ALL
EOF
# If the machine's name does not resolve, sudo and others print a message.
# Without such a file, !fqdn keeps sudo silent.
printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$(uname -n)" >"$T/machine/hosts"
for file in passwd group sudoers hosts; do
	[ -f "/etc/$file" ] || continue
	[ $file = sudoers ] || [ $file = hosts ] || cat "/etc/$file" >>"$T/machine/$file"
	chmod --reference="/etc/$file" "$T/machine/$file"
	mount --bind "$T/machine/$file" "/etc/$file"
done

# The private lsl is found before one that is installed on the machine.
PATH=$T/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$LINKSDIR
export PATH
export LC_ALL=C.UTF-8 HOME=/root
unset LSL_QUIET CDPATH MAKEFLAGS MFLAGS MAKELEVEL
umask 022

# as_user CMD...: as an ordinary user, alice, with her home and no attribute of
# root.
as_user() {
	runuser -u alice -- sh -c 'HOME=$0 USER=alice LOGNAME=alice exec "$@"' "$T/home/alice" "$@"
}

as_bob() {
	runuser -u bob -- sh -c 'HOME=$0 USER=bob LOGNAME=bob exec "$@"' "$T/home/bob" "$@"
}

# Checks.

checks=0
failures=0
skips=0
status=
out=
err=
ran=
case $variants in
*filecaps*) variant="[$LSL_TEST_PRIVILEGE] " ;;
*) variant= ;;
esac

one_line() {
	case $1 in
	*"
"*) printf '%s' "$1" | tr '\n' ' ' ;;
	*) printf '%s' "$1" ;;
	esac
}

pass() {
	checks=$((checks + 1))
	printf 'PASS: %s%s\n' "$variant" "$(one_line "$1")"
}

# fail WHAT [DETAIL]: also prints the results of the last "run".
fail() {
	checks=$((checks + 1))
	failures=$((failures + 1))
	printf 'FAIL: %s%s\n' "$variant" "$(one_line "$1")"
	[ -z "${2:-}" ] || printf '%s\n' "$2" | head -n 60 | sed 's/^/	/'
	if [ -n "$ran" ]; then
		printf '	last run: %s\n	status:   %s\n' "$ran" "$status"
		printf '%s\n' "$out" | head -n 20 | sed 's/^/	stdout:   /'
		printf '%s\n' "$err" | head -n 20 | sed 's/^/	stderr:   /'
	fi
	[ -z "${LSL_TEST_FIRST:-}" ] || exit 1
	[ -z "${LSL_TEST_SHELL:-}" ] || sh -i </dev/tty >/dev/tty 2>&1 || :
}

# For a check that this machine cannot make; the test continues.
skip_check() {
	if [ "${CI:-}" = true ]; then
		fail "$1" "cannot be checked here: $2"
	else
		skips=$((skips + 1))
		printf 'SKIP: %s%s: %s\n' "$variant" "$1" "$2"
	fi
}

# run CMD...: keeps $status, $out and $err.
run() {
	ran="$*"
	status=0
	"$@" >"$T/machine/out" 2>"$T/machine/err" || status=$?
	out=$(cat "$T/machine/out")
	err=$(cat "$T/machine/err")
}

# is WHAT ACTUAL EXPECTED
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "expected: $3
but got:  $2"
	fi
}

# like WHAT TEXT PATTERN: a pattern as in case.
like() {
	# shellcheck disable=SC2254 # a pattern is meant
	case $2 in
	$3) pass "$1" ;;
	*) fail "$1" "expected: $3
but got:  $2" ;;
	esac
}

# ok WHAT CMD...: it succeeds. not_ok: it does not.
ok() {
	what=$1
	shift
	run "$@"
	if [ "$status" = 0 ]; then pass "$what"; else fail "$what"; fi
}

not_ok() {
	what=$1
	shift
	run "$@"
	if [ "$status" != 0 ]; then pass "$what"; else fail "$what"; fi
}

# gives WHAT STATUS STDOUT STDERR CMD...: all three exactly.
gives() {
	what=$1 want="$2
$3
$4"
	shift 4
	run "$@"
	if [ "$status
$out
$err" = "$want" ]; then
		pass "$what"
	else
		fail "$what" "expected status, stdout, stderr:
$want"
	fi
}

# says WHAT LINE CMD...: exits with 0 and prints only this line, as
# say_program's programs do.
says() {
	what=$1 line=$2
	shift 2
	gives "$what" 0 "$line" "" "$@"
}

# linux_is VERSION: or newer. For promises that depend on it.
linux_is() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}

# retry CMD...: until it succeeds; gives up after 20 seconds.
retry() {
	deadline=
	until "$@" >/dev/null 2>&1; do
		deadline=${deadline:-$(($(date +%s) + 20))}
		[ "$(date +%s)" -le "$deadline" ] || return 1
		sleep 0.05
	done
}

# has_open PID FILE: one of its descriptors is this file. For retry: a shell
# opens the files of a command in the background later.
has_open() {
	readlink "/proc/$1/fd/"* | grep -qxF -e "$2"
}

# hold PID...: stops them. Each thread takes a signal separately, a while after
# it was sent.
hold() {
	kill -STOP "$@"
	retry are_held "$@"
}

are_held() {
	for pid; do
		# The state is after the name, which may have blanks and
		# parentheses.
		! sed 's/.*) //' "/proc/$pid"/task/*/stat | grep -qv '^T' || return 1
	done
}

# end [-SIGNAL] PID...: ends jobs of the test's own, and waits until they have
# ended.
end() {
	kill "$@" || :
	case $1 in -*) shift ;; esac
	wait "$@" 2>/dev/null || :
}

# same WHAT FILE EXPECTED-FILE
same() {
	if difference=$(diff -u "$3" "$2"); then
		pass "$1"
	else
		fail "$1" "$difference"
	fi
}

finish() {
	code=$1
	if [ "$code" = 77 ] && [ $checks = 0 ]; then
		exit 77
	fi
	ran=
	if [ "$code" != 0 ]; then
		fail "${0##*/} runs to its end" "it ended with status $code after $checks checks"
	elif [ $checks = 0 ] && [ $skips = 0 ]; then
		fail "${0##*/} checks something"
	fi
	[ $failures = 0 ] || exit 1
	[ $checks != 0 ] || exit 77
	exit 0
}
trap 'finish $?' EXIT

# Containers.

if grep -q __asan_init "$T/usr/bin/lsl"; then
	# The sanitizer makes additional system calls, which lsl's filters do
	# not know.
	LSL_FLAGS=--disable-seccomp
	export ASAN_OPTIONS=detect_leaks=0
else
	LSL_FLAGS=
fi

# lsl ARG...: the private one, with the tests' usual options.
lsl() {
	"$T/usr/bin/lsl" $LSL_FLAGS "$@"
}

# A root filesystem of busybox: programs in /bin, a few directories.
busybox_rootfs() {
	mkdir -p "$1/bin" "$1/etc" "$1/tmp" "$1/root" "$1/usr/bin" "$1/usr/local/bin"
	chmod 1777 "$1/tmp"
	cp "$(command -v busybox)" "$1/bin/busybox"
	chroot "$1" /bin/busybox --install -s /bin
}

# A root filesystem with the host's own programs, if busybox is not enough: a
# copy of the host's /etc, and mount points for the directories in $USR_MNT,
# which belong in "mnt". $USR_BINS is for "bins": a host whose /bin is no link
# has programs there, too.
usr_rootfs() {
	USR_MNT=/usr USR_BINS="/usr/bin;/usr/sbin"
	mkdir -p "$1/opt/bin" "$1/root" "$1/tmp" "$1/var/tmp" "$1/usr"
	chmod 1777 "$1/tmp" "$1/var/tmp"
	cp -a /etc "$1/etc"
	for dir in bin sbin lib lib64; do
		if [ -L "/$dir" ]; then
			cp -P "/$dir" "$1/$dir"
		elif [ -d "/$dir" ]; then
			mkdir "$1/$dir"
			USR_MNT="$USR_MNT;/$dir"
			case $dir in
			*bin) USR_BINS="$USR_BINS;/$dir" ;;
			esac
		fi
	done
}

# A root filesystem of Debian by mmdebstrap, from a copy that is made once.
debian_rootfs() {
	LSL_TEST_DEBIAN=${LSL_TEST_DEBIAN:-$LSL_TEST_STAGE/debian.tar}
	export LSL_TEST_DEBIAN
	why=$(sh "$tests/lib/debian-image" "$LSL_TEST_DEBIAN" 2>&1) || skip "$why"
	mkdir -p "$1"
	tar -C "$1" --numeric-owner -xf "$LSL_TEST_DEBIAN"
}

# container NAME [KEY=VALUE...]: adds it to the configuration, with a
# root filesystem of busybox if there is none.
container() {
	name=$1
	shift
	[ -d "$T/rootfs/$name" ] || busybox_rootfs "$T/rootfs/$name"
	{
		echo "[$name]"
		case " $*" in
		*" path="*) ;;
		*) echo "path=$T/rootfs/$name" ;;
		esac
		case " $*" in
		*" bins="*) ;;
		*) echo "bins=/usr/local/bin;/usr/bin;/bin" ;;
		esac
		for line; do
			printf '%s\n' "$line"
		done
		echo
	} >>"$CONFIG"
}

# The directory of counters of a build with coverage: an element of mnt for
# containers in which lslExecutor is executed; otherwise empty.
COVERAGE=$(readlink -f "$LSL_TEST_STAGE/../../coverage" || :)
[ -d "$COVERAGE" ] || COVERAGE=

# helper NAME: a program of tests/helpers, put into $W, where an ordinary user
# can execute it.
helper() {
	cp "$LSL_TEST_STAGE/../helpers/$1" "$W/$1"
	chmod 0755 "$W/$1"
}

# userfs DIRECTORY: alice mounts a file system there, with a directory "inside"
# in it. Nobody else may look into it, not even root. False if this machine
# cannot do that; $W/userfs has the reason.
userfs() {
	mkdir "$1"
	chown alice: "$1"
	# Not every machine lets users use FUSE.
	mknod -m 0666 "$T/machine/fuse" c 10 229
	mount --bind "$T/machine/fuse" /dev/fuse
	as_user "$LSL_TEST_STAGE/../helpers/userfs" "$1" 2>"$W/userfs" && is_mounted "$1"
}

# has_requests DIRECTORY: a request waits there for a FUSE file system. For
# retry. Not by findmnt, which would wait, too.
has_requests() {
	number=$(awk -v dir="$1" '$5 == dir { sub(/.*:/, "", $3); print $3 }' /proc/self/mountinfo)
	if [ ! -d "$T/fusectl" ]; then
		mkdir "$T/fusectl"
		mount -t fusectl fusectl "$T/fusectl"
	fi
	[ "$(cat "$T/fusectl/$number/waiting")" -gt 0 ]
}

# program FILE [LINE...]: an executable script for sh, from the LINEs or stdin.
program() {
	file=$1
	shift
	{
		echo '#!/bin/sh'
		if [ $# != 0 ]; then printf '%s\n' "$@"; else cat; fi
	} >"$file"
	chmod 0755 "$file"
}

# say_program FILE...: static programs that print where they run and with which
# arguments: "debian <say> <x>" (say.c).
say_program() {
	[ -x "$T/machine/say" ] || cc -static -o "$T/machine/say" "$tests/helpers/say.c" 2>/dev/null ||
		skip "no compiler for a static program"
	for file; do
		cp "$T/machine/say" "$file"
	done
}

# Which C library is in lslExecutor; only the symbols of a static program show
# it.
executor_is_musl() {
	nm "$EXECUTOR" | grep -q ' __init_libc$'
}

# emulator ARCHITECTURE: prints the path of QEMU's static emulator, which need
# not be there. The one without "-static" is linked dynamically in older
# releases.
emulator() {
	if [ -x "/usr/bin/qemu-$1" ] && ! readelf -l "/usr/bin/qemu-$1" | grep -q INTERP; then
		echo "/usr/bin/qemu-$1"
	else
		echo "/usr/bin/qemu-$1-static"
	fi
}

# foreign_program FILE CLASS BYTE-ORDER MACHINE: the first bytes of a program
# for another architecture; octal, as in elf(5).
foreign_program() {
	if [ "$3" = 1 ]; then
		order="\\002\\000\\$4\\000"
	else
		order="\\000\\002\\000\\$4"
	fi
	{
		# shellcheck disable=SC2059 # a format is meant
		printf "\177ELF\\$2\\$3\001\000\000\000\000\000\000\000\000\000$order"
		head -c 44 /dev/zero
	} >"$1"
	chmod 0755 "$1"
}

# The processes of mount.lslfs of this test, by whatever path mount(8) found it.
lslfs_pids() {
	for exe in /proc/[0-9]*/exe; do
		case $(readlink "$exe") in
		*/mount.lslfs | */"mount.lslfs (deleted)") exe=${exe%/exe} && echo "${exe#/proc/}" ;;
		esac
	done
}

no_lslfs() {
	[ -z "$(lslfs_pids)" ]
}

# The processes of lsl, without those of lsl --follow, which run while a
# container is started.
lsl_at_work() {
	pgrep -x lsl | while read -r pid; do
		tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q ' --follow' || echo "$pid"
	done
}

no_lsl_at_work() {
	[ -z "$(lsl_at_work)" ]
}

# one_follower: there is one lsl --follow, $follower. For retry: lsl start makes
# further ones, which end.
one_follower() {
	follower=$(followers) && [ "$(echo "$follower" | grep -c .)" = 1 ]
}

no_follower() {
	[ -z "$(followers)" ]
}

# Not their children, which have the same name. One that has just ended has no
# parent.
followers() {
	for pid in $(pgrep -f '^lsl refresh --follow'); do
		parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
		[ -z "$parent" ] || [ "$(cat "/proc/$parent/comm")" = lsl ] || echo "$pid"
	done 2>/dev/null
}

# All of them at once, so that none can restart another.
kill_lslfs() {
	strike_lslfs
	retry no_lslfs
}

strike_lslfs() {
	# Stopped first: one could notice the other's death, and start a third,
	# before it dies.
	for signal in STOP KILL; do
		# shellcheck disable=SC2046 # one or more
		kill -$signal $(lslfs_pids) || :
	done
}

# The server, and the supervisor, which starts another one when it dies.
lslfs_server() {
	lslfs_named lslfs-server
}

lslfs_supervisor() {
	lslfs_named mount.lslfs
}

# For retry: each exists once.
lslfs_is_whole() {
	names=$(for pid in $(lslfs_pids); do cat "/proc/$pid/comm"; done 2>/dev/null | sort | tr '\n' ' ')
	[ "$names" = "lslfs-server mount.lslfs " ]
}

lslfs_named() {
	for pid in $(lslfs_pids); do
		[ "$(cat "/proc/$pid/comm")" != "$1" ] || echo "$pid"
	done 2>/dev/null
}

# log_to FILE: from now on messages to syslog are written there, a line each.
# Call it before a daemon starts, since that connects then, and once: it gives
# the test a private /dev.
log_to() {
	needs perl
	mkdir "$T/dev"
	mount -t tmpfs -o mode=0755 dev "$T/dev"
	for node in /dev/*; do
		name=$T/dev/${node##*/}
		if [ -h "$node" ]; then
			cp -P "$node" "$name"
		elif [ -d "$node" ]; then
			mkdir "$name" && mount --rbind "$node" "$name"
		elif [ -c "$node" ]; then
			touch "$name" && mount --bind "$node" "$name"
		fi
	done
	mount --rbind "$T/dev" /dev
	rm -f /dev/log
	: >"$1"
	perl -MIO::Socket::UNIX -e '
		my $log = IO::Socket::UNIX->new(Local => "/dev/log", Type => SOCK_DGRAM) or die "/dev/log: $!";
		chmod 0666, "/dev/log";
		open(my $file, ">>", $ARGV[0]) or die; $file->autoflush(1);
		while (defined $log->recv(my $line, 8192)) { $line =~ s/\n?\z/\n/; print $file $line }' "$1" &
	retry test -S /dev/log
}

# lines PATTERN: how many lines of the log of log_to, which is $W/log, have it.
# What was sent before is in the log, because it comes in order.
lines() {
	mark=mark-$(date +%s%N)
	perl -MIO::Socket::UNIX -e '
		IO::Socket::UNIX->new(Peer => "/dev/log", Type => SOCK_DGRAM)->send($ARGV[0])' "$mark"
	retry grep -q "$mark" "$W/log"
	grep -c "$1" "$W/log" || :
}

# listed DIRECTORY NAME: how often NAME is listed in that directory of LINKSDIR.
listed() {
	ls "$LINKSDIR/$1" | grep -cx "$2" || :
}

# mount_table: the mounts, to be compared with those of another moment: the
# test's own, and those of the machine that have changed since the test began. A
# mount of the machine is missing only if its mount point still exists: the
# kernel unmounts in all namespaces what lies on a directory that is removed.
mount_table() {
	findmnt -rno ID,TARGET,SOURCE,FSTYPE,PROPAGATION >"$T/machine/mounts.now"
	awk 'NR == FNR { was[$1] = $0; next }
		was[$1] != $0 { id = $1; sub(/^[0-9]+ /, ""); print; $0 = id }
		{ delete was[$1] }
		END { for (id in was) print "missing: " was[id] }' "$T/machine/mounts" "$T/machine/mounts.now" | sort |
		while read -r line; do
			case $line in
			missing:*)
				target=${line#missing: * }
				[ -e "$(printf '%b' "${target%% *}")" ] || continue
				;;
			esac
			printf '%s\n' "$line"
		done
}

is_mounted() {
	findmnt --mountpoint "$1" >/dev/null
}

is_started() {
	is_mounted "$MNTDIR/$1" && [ -f "$MNTDIR/$1:record" ]
}
