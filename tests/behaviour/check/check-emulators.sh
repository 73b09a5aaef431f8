#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl check and lsl status show the architecture of a container's programs, and
# problems of their emulator: none is configured, or it is missing, dynamically
# linked, for another machine, or for other programs.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq

foreign_rootfs() {
	mkdir -p "$T/rootfs/$1/bin"
	foreign_program "$T/rootfs/$1/bin/busybox" "$2" "$3" "$4"
	ln -s busybox "$T/rootfs/$1/bin/sh"
}
foreign_rootfs arm 2 1 267
foreign_rootfs mips 1 2 010

# configured [INTERPRETER [NAME]]: configures one container.
configured() {
	rm -f "$CONFIG"
	container "${2:-arm}" bins=/bin ${1:+"interpreter=$1"}
}

# finds WHAT SEVERITY LINE TEXT [REMEDY]: lsl check, of the interpreter, alone;
# and lsl status, if that is wrong.
finds() {
	wanted=$(printf '%s\n' "$2" "$3" "$4" "${5:-null}")
	filter='select(.check == "interpreter") | .severity, .line, .text, .remedy'
	is "$1: $2" "$(lsl check --json | jq -r ".findings[] | $filter")" "$wanted"
	found=$(lsl status --json | jq -r ".problems[] | $filter")
	case $2 in
	ok) is "$1: lsl status says nothing" "$found" "" ;;
	*) is "$1: so says lsl status" "$found" "$wanted" ;;
	esac
}

architecture() {
	lsl status --json | jq -r '.containers[0].architecture'
}

# No emulator.
configured ""
finds "no interpreter" error 1 \
	"its programs are for aarch64, and it has no interpreter to run them (Debian has QEMU's in qemu-user-static, newer releases in qemu-user)" \
	"interpreter=$(emulator aarch64)"
is "... lsl status shows the architecture" "$(architecture)" aarch64
like "... lsl check too" "$(lsl check)" "*
ok       $CONFIG:2: arm: root filesystem $T/rootfs/arm: *; its programs are for aarch64*"
not_ok "... lsl check has another exit status" lsl check
configured "" mips
finds "another architecture" error 1 \
	"its programs are for mips, and it has no interpreter to run them (Debian has QEMU's in qemu-user-static, newer releases in qemu-user)" \
	"interpreter=$(emulator mips)"
is "... lsl status" "$(architecture)" mips
configured "" debian
is "native programs, no interpreter: nothing to say" "$(lsl check --json | jq '[.findings[] | select(.check == "interpreter")] | length')" 0
is "... lsl status" "$(architecture)" "$(uname -m)"
cp "$T/rootfs/mips/bin/busybox" "$T/rootfs/debian/bin/a"
is "... one foreign program among them makes no foreign container" "$(architecture) $(lsl check --json | jq '[.findings[] | select(.check == "interpreter")] | length')" "$(uname -m) 0"
rm "$T/rootfs/debian/bin/a"
mkdir -p "$T/rootfs/shellless/opt" "$T/tools/bin"
foreign_program "$T/tools/bin/tool" 2 1 363
printf '#!/opt/bin/tool\n' >"$T/tools/bin/script"
chmod 0755 "$T/tools/bin/script"
rm -f "$CONFIG"
container shellless bins=/opt/bin "mnt=$T/tools:/opt"
is "without a shell any program counts, also one in an element of mnt" "$(architecture)" riscv64
lsl start
is "... of a started one too" "$(architecture)" riscv64
lsl stop

# The emulator.
mkdir "$T/emulators"
qemu=$T/emulators/qemu-aarch64-static
configured "$qemu"
finds "a missing emulator" error 4 "interpreter $qemu does not exist (Debian has QEMU's in qemu-user-static, newer releases in qemu-user)"
cp /bin/true "$qemu"
finds "a dynamic emulator" error 4 \
	"interpreter $qemu is linked dynamically, and its libraries are not in the container (use a static one: Debian has QEMU's in qemu-user-static, newer releases in qemu-user)"
cp "$T/rootfs/arm/bin/busybox" "$qemu"
finds "an emulator that is itself foreign" error 4 "interpreter $qemu is itself a program for aarch64 (install the one for this machine)"
cp "$(command -v busybox)" "$qemu"
finds "a static one" ok 4 "interpreter $qemu: static, writable only by root, for aarch64 programs"
chmod 0775 "$qemu"
finds "one that others may write" error 4 \
	"interpreter $qemu, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)"
chmod 0755 "$qemu"
chmod 0700 "$T/emulators"
is "an ordinary user learns that only root can see this" "$(as_user lsl check --json | jq -r '.findings[] | select(.check == "interpreter").severity')" unknown
chmod 0755 "$T/emulators"
wrong="interpreter $qemu is for aarch64, but the programs are for mips (use $(emulator mips))"
configured "$qemu" mips
finds "one for another architecture" error 4 "$wrong"
gives "... lsl start says so" 0 "" "lsl: $CONFIG:4: $wrong; programs of mips for another architecture do not run" lsl start
lsl stop
configured "$T/emulators/mine" mips
cp "$qemu" "$T/emulators/mine"
finds "one whose name shows no architecture" ok 4 "interpreter $T/emulators/mine: static, writable only by root, for mips programs"
configured "$qemu" debian
finds "one that is not needed" warning 4 \
	"it needs no interpreter: its programs are for $(uname -m), like the host's (remove the line)"
mkdir "$T/rootfs/empty"
configured "$qemu" empty
finds "one for a container without programs" ok 4 \
	"interpreter $qemu: static, writable only by root; no program shows its architecture"
is "... which has no architecture" "$(architecture)" null
