#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What it costs to start a program of another architecture, on the private
# installation that "make check" makes (see tests/lib/lib.sh). From the build
# directory:
#
#	sh SRCDIR/tests/bench/foreign.sh [RUNS]
#
# Lines as of startup.c: the emulator called with the program; the program, so
# that the kernel calls the emulator (binfmt_misc); the same program as a
# command of a container; and the same compiled for the host.
if [ -z "${LSL_TEST_ROOT:-}" ]; then
	LSL_BENCH=${1:-300}
	export LSL_BENCH
fi
bench=$(cd "$(dirname "$0")" && pwd -P)
. "$bench/../lib/lib.sh"
tests=$bench/..
# shellcheck source=/dev/null
. "$tests/lib/foreign.sh"

cc -O2 -D_GNU_SOURCE -I"$LSL_TEST_STAGE/../.." -o "$T/startup" "$bench/startup.c"
foreign_rootfs "$T/rootfs/native" cc
foreign_rootfs "$T/rootfs/arm64" aarch64-linux-gnu-gcc
container native bins=/bin
container arm64 bins=/bin "interpreter=$(emulator aarch64)"
lsl start
"$T/startup" "$LSL_BENCH" "$(emulator aarch64)" "$T/rootfs/arm64/bin/status" 0 -- \
	"$T/rootfs/arm64/bin/status" 0 -- "$LINKSDIR/arm64:status" 0 -- "$T/rootfs/native/bin/status" 0 -- \
	"$LINKSDIR/native:status" 0
lsl stop
pass "start of a foreign program"
