#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# exec-fails-safely makes the system calls of an ordinary command fail. This
# test does the same on the rarer paths through lslExecutor: other forms of a
# name, other ways to execute a program, the explanation of a refusal. With each
# fault the program runs as without one, with the caller's ids and no other
# rights, or a message says why it does not run.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/faults.sh
. "$tests/lib/faults.sh"
needs perl strace

cp "$(command -v busybox)" "$T/emulator"
container debian
container emulated "interpreter=$T/emulator"
container stopped
lsl start debian emulated
echo '[no name!]' >>"$CONFIG"
bin=$T/rootfs/debian/bin
rights_program "$bin/rights"
home=$T/home/alice
as="-u alice"
HOME=$home USER=alice LOGNAME=alice
export HOME USER LOGNAME

# way WHAT STATUS CMD...: CMD, which ends with STATUS. BEFORE programs are
# executed before lslExecutor is, and SILENT are calls that may fail without a
# message.
before=0 silent=none
[ "$LSL_TEST_PRIVILEGE" = setuid ] && step=4 || step=12
way() {
	what=$1 want=$2
	shift 2
	faulty -e trace=all "$@"
	is "$what: without a fault it ends with status $want" "$status" "$want"
	usual=$status:$out
	calls_traced $before | grep -Ev "^($silent) " >"$W/calls"
	faults_of "$step" <"$W/calls" >"$W/faults"
	suffer "$what" "$W/faults" "$usual" "$@"
}

# How lslExecutor finds the call.
mkdir "$home/bin"
ln -s "$LINKSDIR/debian:rights" "$home/bin/mine"
chown -h alice: "$home/bin" "$home/bin/mine"
cd "$home/bin"
way "a link of the user's own, by a relative path" 0 ./mine
faulty -e trace=execve -e inject=execve:error=ENOENT:when=1 ./mine
like "... where the command directory does not have the command, lslExecutor runs it" "$status $err" "0 "
faulty -e trace=execve -e inject=execve:error=ENOENT:when=1..2 ./mine
like "... nor that of the records lslExecutor, the installed one does" "$status $err" "0 "
faulty -e trace=execve -e inject=execve:error=EACCES:when=1+ ./mine
is "... where nothing can be executed it says so" "$status $err" "125 lslExecutor: cannot execute $EXECUTOR: Permission denied"
as=
faulty -e trace=capset,execve -e inject=capset:error=EPERM:when=2 ./mine
is "... root's command, when capabilities cannot be given up" "$status $err" "125 lslExecutor: cannot give up privilege"
as="-u alice"
ln -s "$LINKSDIR/debian" directory
way "a container's directory, by a relative path and through a link" 0 directory/rights
printf '#!%s/debian:sh\n' "$LINKSDIR" >"$home/bin/script"
sed 1d "$bin/rights" >>"$home/bin/script"
chmod 0755 "$home/bin/script"
way "a script with another path inside" 0 "$home/bin/script"
for number in 2 3 4; do
	faulty -e trace=capset -e inject=capset:error=EPERM:when=$number "$home/bin/script"
	is "... where the capabilities cannot be changed, $number" "$status $err" "125 lslExecutor: cannot give up privilege"
done
# Without such a program it prints nothing, and a file that cannot be examined
# does not count.
silent="stat|newfstatat"
way "the path of one only" 0 "$EXECUTOR" --which debian sh
silent=none
way "help" 0 "$EXECUTOR" --help
way "no name of a container" 125 "$EXECUTOR" a/b sh
way "no name of a program" 125 "$EXECUTOR" debian a/b
cd /tmp

# A working directory that only the user may see: the user's ids are taken
# before the namespace is entered.
if userfs "$home/net"; then
	before=1
	way "a file system that lets only its user in" 0 sh -c "cd '$home/net' && exec '$EXECUTOR' debian rights"
	before=0
	umount "$home/net"
else
	skip_check "a file system that lets only its user in" "$(cat "$W/userfs")"
fi

# Ways to run a program.
sed 1d "$bin/rights" >"$bin/no-line"
chmod 0755 "$bin/no-line"
way "a script without a first line" 0 "$EXECUTOR" debian no-line
foreign_program "$T/rootfs/emulated/bin/foreign" 2 1 267
printf '\011\001' | dd of="$T/rootfs/emulated/bin/foreign" bs=1 seek=7 conv=notrunc 2>/dev/null
way "a program for another architecture, under an emulator that knows it not" 127 "$EXECUTOR" emulated foreign

# Refusals.
way "no such program" 127 "$EXECUTOR" debian nosuch
way "not started" 125 "$EXECUTOR" stopped sh
cp /bin/true "$bin/dynamic"
way "a program whose dynamic loader does not exist" 126 "$EXECUTOR" debian dynamic
printf '#!/no/such/perl\n' >"$bin/orphan"
chmod 0755 "$bin/orphan"
way "a script whose interpreter does not exist" 126 "$EXECUTOR" debian orphan
cp "$EXECUTOR" "$W/unarmed"
chmod 0755 "$W/unarmed"
way "a copy without privilege" 125 "$W/unarmed" debian true

if as_user unshare -U -r true 2>/dev/null; then
	before=1
	way "in a user namespace" 125 unshare -U -r "$EXECUTOR" debian true
	before=0
else
	skip_check "in a user namespace" "users may not make any"
fi

# The kernel refuses every program without its loader with ENOENT; here it is
# made to. elf NAME CLASS PARTS: a program with so many parts, the last of which
# names a loader; of 32 bits or of 64.
elf() {
	# Not through a link to another.
	rm -f "$bin/$1"
	perl -e '
		my ($class, $parts) = @ARGV;
		my $loader = "/lib/no-such-loader\0";
		my ($head, $part) = $class == 1 ? (52, 32) : (64, 56);
		my $at = $head + $parts * $part;
		print "\177ELF", pack("CCC x9", $class, 1, 1);
		print $class == 1 ? pack("S<S<L< L<L<L<L< S<S<S<S<S<S<", 2, 3, 1, 0, $head, 0, 0, $head, $part, $parts, 0, 0, 0)
			: pack("S<S<L< Q<Q<Q<L< S<S<S<S<S<S<", 2, 62, 1, 0, $head, 0, 0, $head, $part, $parts, 0, 0, 0);
		for my $i (1 .. $parts) {
			my $type = $i == $parts ? 3 : 6;
			my $size = length $loader;
			print $class == 1 ? pack("L<8", $type, $at, 0, 0, $size, $size, 4, 1)
				: pack("L<L<Q<6", $type, 4, $at, 0, 0, $size, $size, 1);
		}
		print $loader x ($parts > 0), "\0" x 64;' "$2" "$3" >"$bin/$1"
	chmod 0755 "$bin/$1"
}
# not_there NAME REASON: with and without the explanation.
not_there() {
	faulty -e trace=execve -e inject=execve:error=ENOENT:when=1 "$EXECUTOR" debian "$1"
	is "$1: $2" "$status $err" "126 lslExecutor: cannot execute /bin/$1 in debian: $2"
	faulty -e trace=all -e inject=execve:error=ENOENT:when=1 "$EXECUTOR" debian "$1"
	calls_traced | awk '{ behind = behind || $0 == "execve 1" } behind && $1 !~ /exec|exit|write/' >"$W/calls"
	faults_of 1 <"$W/calls" >"$W/faults"
	suffer "$1" "$W/faults" "126:" -e inject=execve:error=ENOENT:when=1 "$EXECUTOR" debian "$1"
}
lacks="its dynamic loader, /lib/no-such-loader, is not in the container"
unknown="the program that would run it is not in the container"
elf of-32-bits 1 2
not_there of-32-bits "$lacks"
elf of-64-bits 2 2
not_there of-64-bits "$lacks"
elf without-parts 1 0
not_there without-parts "$unknown"
elf without-parts-64 2 0
not_there without-parts-64 "$unknown"
elf truncated 1 1
truncate -s 64 "$bin/truncated"
not_there truncated "$unknown"
elf without-name 1 1
printf '\0\0' | dd of="$bin/without-name" bs=1 seek=68 conv=notrunc 2>/dev/null
not_there without-name "$unknown"
printf '\177ELF' >"$bin/short"
chmod 0755 "$bin/short"
not_there short "$unknown"
# A program that is its own interpreter: the search for the reason must end.
printf '#!/bin/circle\n' >"$bin/circle"
chmod 0755 "$bin/circle"
faulty -e trace=execve -e inject=execve:error=ENOENT:when=1 "$EXECUTOR" debian circle
like "circle: it is refused" "$status $err" "126 lslExecutor: cannot execute /bin/circle in debian: *"
lsl stop
