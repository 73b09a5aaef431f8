# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154 # variables of lib.sh
#
# Functions for tests with programs of other architectures. Sourced after
# lib.sh.
#
# The kernel's handlers of binfmt_misc are for the whole machine, so the
# machine's own handlers are disabled meanwhile, and restored afterwards.
# Several of these tests run at a time with foreign_lock=-s, if they are for
# different architectures and only start and stop containers.
# shellcheck source=tests/lib/binfmt.sh
. "$tests/lib/binfmt.sh"

needs aarch64-linux-gnu-gcc mips-linux-gnu-gcc
for name in aarch64 mips; do
	[ -x "$(emulator $name)" ] || skip "QEMU's static emulator for $name is not installed"
done

lock_handlers "${foreign_lock:--x}" || skip "the kernel has no binfmt_misc"
disabled=
for handler in "$BINFMT"/*; do
	case ${handler##*/} in
	register | status) ;;
	# From a killed test.
	lsl-*) [ "${foreign_lock:-}" = -s ] || echo -1 >"$handler" ;;
	*) ! grep -q '^enabled$' "$handler" || disabled="$disabled $handler" ;;
	esac
done
for handler in $disabled; do
	echo 0 >"$handler"
done

handlers_as_before() {
	for handler in "$BINFMT"/lsl-*; do
		[ ! -f "$handler" ] || [ "${foreign_lock:-}" = -s ] || echo -1 >"$handler"
	done
	for handler in $disabled; do
		echo 1 >"$handler"
	done
}
foreign_finish() {
	code=$?
	handlers_as_before
	finish $code
}
trap foreign_finish EXIT

# The names of all handlers that are enabled, and what they are, as one text.
handlers() {
	for handler in "$BINFMT"/*; do
		case ${handler##*/} in
		register | status) ;;
		*) ! grep -q '^enabled$' "$handler" || echo "${handler##*/}" "$(tr '\n' ' ' <"$handler")" ;;
		esac
	done
}

# by_p ARCHITECTURE: prints the path by which lsl registers QEMU's emulator.
by_p() {
	named=/usr/libexec/qemu-binfmt/$1-binfmt-P
	[ "$(readlink -f "$named")" = "$(readlink -f "$(emulator "$1")")" ] || named=$(emulator "$1")
	echo "$named"
}

# foreign_rootfs DIRECTORY COMPILER: the programs of
# tests/helpers/foreign/programs.c and nothing else.
foreign_rootfs() {
	mkdir -p "$1/bin" "$1/tmp" "$1/root"
	chmod 1777 "$1/tmp"
	# shellcheck disable=SC2154 # of lib.sh
	"$2" -static -O2 -o "$1/bin/programs" "$tests/helpers/foreign/programs.c"
	for name in show run status die gen add keep sum pass machine sh; do
		ln -s programs "$1/bin/$name"
	done
}

# foreign_debian DIRECTORY ARCHITECTURE: a Debian with a compiler and Python,
# from a copy that is made once. Programs of that architecture must run already.
foreign_debian() {
	why=$(sh "$tests/lib/debian-image" "${LSL_TEST_DEBIAN:-$LSL_TEST_STAGE/debian.tar}.$2" "$2" 2>&1) || skip "$why"
	mkdir -p "$1"
	tar -C "$1" --numeric-owner -xf "${LSL_TEST_DEBIAN:-$LSL_TEST_STAGE/debian.tar}.$2"
}
