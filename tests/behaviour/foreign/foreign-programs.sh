#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs of other architectures run like native ones, and so do the programs
# that they start: argv[0], environment, directory, exit status, scripts,
# pipelines. The root filesystem needs no emulator. One architecture has the
# host's byte order and word size, the other neither.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/foreign.sh"
needs jq

# The same programs for the host, as the standard for the others.
foreign_rootfs "$T/rootfs/native" cc
foreign_rootfs "$T/rootfs/arm64" aarch64-linux-gnu-gcc
foreign_rootfs "$T/rootfs/mips" mips-linux-gnu-gcc
mkdir "$T/hostbin"
cp "$T/rootfs/native/bin/programs" "$T/hostbin/machine"
container native bins=/bin
container arm64 "bins=/bin;/hostbin" "mnt=$T/hostbin:/hostbin" "interpreter=$(emulator aarch64)" envPath=/bin:/usr/bin
container mips bins=/bin "interpreter=$(emulator mips)"
for name in native arm64 mips; do
	root=$T/rootfs/$name
	printf '#!/bin/sh\n# A comment.\nshow $1 | pass\nstatus 7\n' >"$root/bin/script"
	printf '#!/bin/show  one argument\n' >"$root/bin/shown"
	printf '#!/bin/shown\n' >"$root/bin/twice"
	echo 'show plain $1' >"$root/bin/plain"
	chmod 0755 "$root/bin/script" "$root/bin/shown" "$root/bin/plain" "$root/bin/twice"
done
find "$T/rootfs/arm64" | sort >before

gives "lsl start says nothing" 0 "" "" lsl start
is "the machine is that of the container" "$(native:machine) $(arm64:machine) $(mips:machine)" "$(uname -m) aarch64 mips"

# as_native WHAT COMMAND [ARG...]: the same result in all containers and
# natively. $1 is a shell's line, with "C" for the container's name.
as_native() {
	what=$1 line=$2
	run as_user sh -c "$(printf '%s' "$line" | sed 's/\<C\>/native/g')"
	want="$status
$out
$err"
	for name in arm64 mips; do
		run as_user sh -c "$(printf '%s' "$line" | sed "s/\\<C\\>/$name/g")"
		is "$name: $what, as natively" "$status
$(printf '%s\n' "$out" | sed "s/^LSL_CONTAINER=$name/LSL_CONTAINER=native/; s,^PATH=/bin:/usr/bin\$,PATH=$PATH,")
$err" "$want"
	done
}

as_native "arguments, AT_EXECFN, environment, directory" "cd /usr && LSL_TEST_VAR=' value ' C:show a '' 'b c' --help -0 -L"
like "... which is all of it" "$want" "0
argv?0?=show
argv?1?=a
argv?2?=
argv?3?=b c
argv?4?=--help
argv?5?=-0
argv?6?=-L
execfn=/bin/show
LSL_TEST_VAR= value 
PATH=*
directory=/oldRoot/usr
ids=$USERID $USERID
"
is "envPath" "$(arm64:show | grep ^PATH)" PATH=/bin:/usr/bin
as_native "argv[0] of the caller's choice" "exec perl -e 'exec { \$ARGV[0] } \"-login\", \"x\"' $LINKSDIR/C:show"
as_native "without a leading name" "perl -e 'exec { \$ARGV[0] } \"a b\", \"x\"' $LINKSDIR/C:show"
for n in 0 1 42 126 127 255; do
	as_native "exit status $n" "C:status $n"
done
for n in 9 15 2 6 11; do
	as_native "death by signal $n" "perl -e 'system { \$ARGV[0] } @ARGV; print \$? & 127, \" \", \$? >> 8' $LINKSDIR/C:die $n 2>/dev/null"
done
as_native "a program that it starts" "C:run /bin/show zero one 'two three'"
as_native "a program that this starts" "C:run /bin/run run /bin/show deep one"
as_native "a program that does not exist" "C:run /bin/nosuch x"
as_native "a pipeline of ten programs" \
	"C:sh -c 'gen 1000 | add 1 | keep 2 | pass | add 1 | keep 3 | pass | add 4 | pass | sum'"
is "... which is right" "$out" 84335
as_native "a script" "C:script word"
# Everything except AT_EXECFN, which natively is the script: QEMU knows only the
# program.
as_native "a script by a program, with an argument in its first line" "C:shown x y | grep -v ^execfn"
as_native "a script whose interpreter is a script" "C:twice x | grep -v ^execfn"
as_native "a script without #!" "C:plain word"
as_native "a script that a shell starts" "C:sh -c 'script word | pass'"
as_native "standard input and output" "seq 100000 | C:pass | cksum"
as_native "a large argument" "C:show \$(head -c 100000 /dev/zero | tr '\\0' x) | grep ^argv | cksum"
as_native "the umask, and files" "umask 027; rm -f /tmp/lsl-none; C:sh -c 'pass' </dev/null"
is "between containers" "$(native:gen 10 | arm64:add 1 | mips:add 1 | native:sum)" 75

# Below $T are mount points of the command directory, a private installation's.
is "nothing was copied into the root filesystem" "$(find "$T/rootfs/arm64" | grep -v "arm64$T" | sort | diff before - | grep '^[<>]' | tr '\n' ' ')" \
	"> $T/rootfs/arm64/dev > $T/rootfs/arm64/hostbin > $T/rootfs/arm64/oldRoot > $T/rootfs/arm64/proc > $T/rootfs/arm64/run > $T/rootfs/arm64/sys "
is "... and only such directories were made" "$(find "$T/rootfs/arm64$T" ! -type d | wc -l)" 0
is "a foreign program calls one of the host's" "$(arm64:run "$LINKSDIR/host:uname" uname -m)" "$(uname -m)"
is "... and one of another container's" "$(arm64:run "$LINKSDIR/mips:add" add 1 <<END
$(native:gen 3)
END
)" "$(native:gen 3 | mips:add 1)"
usr_rootfs "$T/rootfs/tools"
container tools "mnt=$USR_MNT;$W" bins=/usr/bin "envPath=/usr/bin:/bin:$LINKSDIR"
lsl start tools
printf 'all: first second\nfirst second:\n\t@$(CC)\n' >"$W/Makefile"
gives "make in a container with a foreign program as its compiler" 0 "aarch64
aarch64" "" as_user tools:make -s -C "$W" CC=arm64:machine
is "a native program in a foreign container runs natively" "$("$EXECUTOR" arm64 /hostbin/machine)" "$(uname -m)"
is "... also where a foreign one starts it" "$(arm64:run /hostbin/machine machine)" "$(uname -m)"

# row COMMAND NAME: a row of the table of lsl COMMAND.
row() {
	# shellcheck disable=SC2086 # words
	lsl $1 | awk -v name="$2" '$1 == name { $1 = $1; print }'
}
for name in native arm64 mips; do
	is "lsl status: the architecture of $name" "$(lsl status --json "$name" | jq -r '.containers[0].architecture')" "$($name:machine)"
done
like "... in the table" "$(row status mips)" "mips started * 0 mips $T/rootfs/mips"
is "lsl which: a program's own architecture" "$(row "which programs" arm64:programs)" "arm64:programs aarch64 /bin/programs"
is "... a script's is the container's" "$(row "which script" mips:script)" "mips:script mips /bin/script"
cp "$T/hostbin/machine" "$T/hostbin/guest"
is "... a native one's in a foreign container" "$(row "which guest" arm64:guest)" "arm64:guest $(uname -m) /hostbin/guest"
run lsl check
for name in arm64 mips; do
	like "lsl check is content with $name" "$out" "*
ok       $CONFIG:*: $name: interpreter /usr/bin/qemu-*: static, writable only by root, for $($name:machine) programs*"
done
is "... with all of them" "$(printf '%s\n' "$out" | grep -c '^[ew].*interpreter')" 0

# Setuid: the emulator would run with the owner's rights, and it obeys the
# caller's environment.
chmod 4755 "$T/rootfs/arm64/bin/programs"
is "a setuid program has its caller's rights" "$(as_user arm64:show | grep ^ids)" "ids=$USERID $USERID"
run as_user env QEMU_LOG=strace QEMU_STRACE=1 QEMU_LOG_FILENAME=/written arm64:show
not_ok "... so the caller's QEMU_ variables gain nothing" test -e "$T/rootfs/arm64/written"
chmod 0755 "$T/rootfs/arm64/bin/programs"
is "root's programs have root's ids" "$(arm64:sh -c 'run /bin/show show' | grep ^ids)" "ids=0 0"
is "sudo of the host" "$(as_user sudo arm64:sh -c 'show' | grep ^ids)" "ids=0 0"

# The emulator also works in a program's own sandbox.
mkdir "$T/rootfs/arm64/inner"
cp -a "$T/rootfs/arm64/bin" "$T/rootfs/arm64/inner"
is "in another root directory" "$(chroot "$T/rootfs/arm64/inner" /bin/sh -c 'run /bin/machine machine')" aarch64
