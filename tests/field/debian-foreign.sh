# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# A real Debian of another architecture is as usable as a native one. Sourced by
# a test for each architecture, with
#
#	debian	the architecture's name in Debian
#	machine	the one in uname -m
#	qemu	its emulator
#	header	of its ELF programs: class and byte order, and the machine, as
#		printf(1) takes them
#
# Its emulator is not in its root filesystem.

foreign_lock=-s
# The first time, a whole distribution is installed under the emulator.
: "${LSL_TEST_LIMIT:=3600}"
export LSL_TEST_LIMIT
# shellcheck source=tests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=tests/lib/foreign.sh
. "$tests/lib/foreign.sh"
: "${debian:?}" "${machine:?}" "${qemu:?}" "${header:?}"
needs "$qemu" jq
exec 8<"$(command -v "$qemu")"
flock 8

# The first container makes programs of the architecture run here, also for
# mmdebstrap: its only program is just a header.
mkdir -p "$T/rootfs/tiny/bin"
# shellcheck disable=SC2059,SC2086 # a format; two words
printf "\\177ELF%b\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000%b\\000%044d" $header 0 >"$T/rootfs/tiny/bin/sh"
chmod 0755 "$T/rootfs/tiny/bin/sh"
container tiny bins=/bin "interpreter=$(command -v "$qemu")"
lsl start
foreign_debian "$T/rootfs/deb" "$debian"
container deb "mnt=$T/home;$W;/etc/passwd;/etc/group;/etc/hosts" "bins=/usr/local/bin;/usr/bin;/usr/sbin" \
	envPath=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "interpreter=$(command -v "$qemu")"
gives "lsl start" 0 "" "" lsl start
chmod 1777 "$W"

is "it is $debian" "$(deb:dpkg --print-architecture) $(deb:uname -m)" "$debian $machine"
architecture=${qemu#qemu-} architecture=${architecture%-static}
is "lsl status: its architecture" "$(lsl status --json deb | jq -r '.containers[0].architecture')" "$architecture"
is "lsl check finds nothing wrong with it" "$(lsl check --json | jq -r '.findings[] | select(.container == "deb" and .severity != "ok").text')" ""
gives "a user is that user" 0 "uid=$USERID(alice) gid=$USERID(alice) groups=$USERID(alice),51100(crew)" "" as_user deb:id
gives "a pipeline of ten programs" 0 "3 gamma" "" as_user deb:sh -c \
	'printf "beta\nalpha\ngamma\ngamma\ngamma\nbeta\n" | cat | tee /dev/null | sort | uniq -c | sort -rn | head -n 1 | tr -s " " | sed "s/^ //" | cut -d " " -f 1,2 | grep gamma'
gives "bash: arrays, substitution, arithmetic, jobs" 0 "3 two words 42 7" "" \
	as_user deb:bash -c 'a=(x y "two words"); sleep 0.1 & wait $!; (exit 7); s=$?; echo "${#a[@]} ${a[2]} $((6 * 7)) $s"'
run as_user deb:bash -c 'sleep 60 & kill -TERM $!; wait $!'
is "a child that is killed" "$status" 143
run as_user deb:bash -c 'exit 42'
is "exit status" "$status" 42

printf '#!/usr/bin/perl -w\nuse Config; my %%h = map { $_ => length } @ARGV; print join(",", map { "$_=$h{$_}" } sort keys %%h), " $ENV{LSL_CONTAINER} ", `echo sub`;\n' >"$T/rootfs/deb/usr/local/bin/p"
printf '#!/usr/bin/python3\nimport sys, os, subprocess\nprint(sys.argv[1:], os.uname().machine, subprocess.check_output(["uname", "-m"], text=True), end="")\n' >"$T/rootfs/deb/usr/local/bin/y"
chmod 0755 "$T/rootfs/deb/usr/local/bin/p" "$T/rootfs/deb/usr/local/bin/y"
gives "a Perl script is a command" 0 "a=1,bcd=3 deb sub" "" as_user deb:p a bcd
gives "a Python script is a command" 0 "['a', 'b c'] $machine $machine" "" as_user deb:y a 'b c'

cat >"$W/hello.c" <<'EOF'
#include <stdio.h>
int main(int argc, char **argv) { printf("hello %d %s\n", argc, argv[argc - 1]); return 3; }
EOF
gives "gcc compiles" 0 "" "" as_user deb:gcc -Wall -O2 -o "$W/hello" "$W/hello.c"
gives "... its compiled program runs in the container" 3 "hello 2 x" "" as_user "$EXECUTOR" deb "$W/hello" x
printf 'hello: hello.c\n\t$(CC) -o $@ $<\n\t%s deb %s/hello\n' "$EXECUTOR" "$W" >"$W/Makefile"
run as_user make -s -B -C "$W" CC=deb:gcc hello
is "make CC=deb:gcc" "$out" "hello 1 hello"

# A package with maintainer scripts, made and installed there.
mkdir -p "$W/package/DEBIAN" "$W/package/usr/bin" "$W/repository"
printf 'Package: lsl-hello\nVersion: 1\nArchitecture: %s\nMaintainer: nobody <nobody@localhost>\nDescription: hello\n' "$debian" >"$W/package/DEBIAN/control"
printf '#!/bin/sh\nset -e\nuname -m | tee -a /var/lib/lsl-hello.log >/dev/null\nperl -e "print qq(postinst \\$ARGV[0]\\n)" "$1" >>/var/lib/lsl-hello.log\n' >"$W/package/DEBIAN/postinst"
printf '#!/usr/bin/perl\nopen(my $f, ">>", "/var/lib/lsl-hello.log"); print $f "prerm $ARGV[0]\\n";\n' >"$W/package/DEBIAN/prerm"
cp "$W/hello" "$W/package/usr/bin/lsl-hello"
chmod 0755 "$W/package" "$W/package/DEBIAN" "$W/package/DEBIAN/postinst" "$W/package/DEBIAN/prerm"
log=$T/rootfs/deb/var/lib/lsl-hello.log
ok "dpkg-deb --build" deb:dpkg-deb --build "$W/package" "$W/repository/lsl-hello.deb"
ok "dpkg -i of a package with maintainer scripts" as_user sudo deb:dpkg -i "$W/repository/lsl-hello.deb"
is "... they ran, for $machine" "$(cat "$log")" "$machine
postinst configure"
gives "... its program is a command" 3 "hello 1 lsl-hello" "" as_user deb:lsl-hello
ok "dpkg -r" deb:dpkg -r lsl-hello
is "... its script ran" "$(tail -n 1 "$log")" "prerm remove"
{
	cat "$W/package/DEBIAN/control"
	printf 'Filename: ./lsl-hello.deb\nSize: %s\nSHA256: %s\n\n' "$(stat -c %s "$W/repository/lsl-hello.deb")" \
		"$(sha256sum "$W/repository/lsl-hello.deb" | cut -d' ' -f1)"
} >"$W/repository/Packages"
rm -f "$T/rootfs/deb/etc/apt/sources.list" "$T/rootfs/deb/etc/apt/sources.list.d"/*
echo "deb [trusted=yes] copy:$W/repository ./" >"$T/rootfs/deb/etc/apt/sources.list"
ok "apt-get update" as_user sudo deb:apt-get update
ok "apt-get install" as_user sudo deb:apt-get install -y lsl-hello
gives "... an installed program is a command" 3 "hello 1 lsl-hello" "" as_user deb:lsl-hello
gives "dpkg is content" 0 "" "" deb:dpkg --audit
gives "su in the container" 0 alice "" deb:su -s /bin/sh alice -c 'id -un'

is "nothing of the emulator is in the root filesystem" "$(find "$T/rootfs/deb" -xdev -name '*qemu*' ! -name qemu_fw_cfg.h)" ""
gives "lsl stop" 0 "" "" lsl stop
is "no handler is left" "$(find "$BINFMT" -name "lsl-$architecture")" ""

sed -i '/^interpreter=/d' "$CONFIG"
gives "lsl start without an interpreter" 0 "" "" lsl start
gives "... a program says what is missing" 126 "" \
	"lslExecutor: cannot execute /usr/bin/dpkg in deb: it is a program for $architecture (set interpreter in $CONFIG to a static emulator, then sudo lsl start; Debian has them in qemu-user-static, newer releases in qemu-user)" \
	as_user deb:dpkg --version
is "... so does lsl check" "$(lsl check --json | jq -r '.findings[] | select(.check == "interpreter" and .container == "deb").remedy')" "interpreter=/usr/bin/$qemu"
