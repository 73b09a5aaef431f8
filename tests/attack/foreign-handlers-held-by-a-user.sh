#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the lock of binfmt_misc, as start-directories-held-by-a-user does
# with directories of root filesystems. The kernel takes it while a handler is
# registered or removed.
#
# The container starts without a handler, with the reason, and lsl goes on.
# shellcheck disable=SC2086 # LSL_FLAGS are words
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"
. "$tests/lib/foreign.sh"

foreign_rootfs "$T/rootfs/arm" aarch64-linux-gnu-gcc
container arm bins=/bin "interpreter=$(emulator aarch64)"
container other
is_registered() {
	[ -f "$BINFMT/lsl-aarch64" ]
}
is_removed() {
	! is_registered
}
held_reason="binfmt_misc does not answer (a process may hold it: lsl-problems(7))"

hold_lock "$BINFMT"
timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS start arm >"$W/out" 2>"$W/err" && code=0 || code=$?
is "lsl start says what will not run, and why" "$code:$(cat "$W/err")" \
	"0:lsl: arm: its aarch64 programs run, but programs that they start do not: $held_reason"
ok "... what runs does" as_bob arm:show
in_time "... another container starts" "$T/usr/bin/lsl" $LSL_FLAGS start other
is "... without a message" "$status:$err" 0:
release
ok "as soon as nobody holds it, there is a handler" retry is_registered

hold_lock "$BINFMT"
timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS stop arm >"$W/out" 2>"$W/err" && code=0 || code=$?
is "lsl stop says why a handler is left" "$code:$(cat "$W/err")" "1:lsl: $held_reason"
not_ok "... and stops the container" is_started arm
release
ok "as soon as nobody holds it, it goes" retry is_removed
gives "lsl stop" 0 "" "" lsl stop
