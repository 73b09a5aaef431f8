#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the lock of the directory in which lsl create writes sections, as
# start-directories-held-by-a-user does with directories of root filesystems, or
# that of a file which lsl renames or removes, by reading it with O_DIRECT.
#
# Users can neither list that directory nor read these files, and so cannot hold
# them. What an administrator has made listable is held once at most; then lsl
# create ends with the reason.
# shellcheck disable=SC2086 # LSL_FLAGS are words
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"

D=$CONFIG.d
STATE=$T/var/lib/lsl
busybox_rootfs "$T/rootfs/box"
tar -C "$T/rootfs/box" -cf box.tar .
create() {
	timeout 120 "$T/usr/bin/lsl" $LSL_FLAGS create "$1" --from ./box.tar >"$W/out" 2>"$W/err" && code=0 || code=$?
}
held_reason="a directory does not answer (a process may hold it: lsl-problems(7))"

hold_lock "$T/etc"
create first
is "lsl create, where the directory is to be made: the reason" "$code:$(tail -n 1 "$W/err")" \
	"1:lsl: first: not created: cannot make $D: $held_reason"
release
create first
is "as soon as nobody holds it, it is created" "$code:$(cat "$W/out")" 0:first:sh
is "... and nothing else is left" "$(ls -A "$STATE" | sort | tr '\n' ' ')" ".lock first first:created "

not_ok "no user lists the directory of sections" as_user ls "$D"
not_ok "... nor reads a section" as_user cat "$D/first.conf"
not_ok "... nor a record" as_user cat "$STATE/first:created"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS status
like "lsl status of a user has what is started" "$out" "*first*started*$STATE/first*"
is "... and no complaint" "$status$err" 0
run as_user "$T/usr/bin/lsl" $LSL_FLAGS status second
is "... but for another name it says what it cannot see" "$status$err" "1lsl: there is no container second in $CONFIG
lsl: $D: cannot be read without privilege: use sudo"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS which sh
not_ok "... so lsl check of a user knows no reason to stop it" sh -c "printf '%s\n' \"\$0\" | grep 'no longer in'" \
	"$(as_user "$T/usr/bin/lsl" $LSL_FLAGS check)"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS which sh
like "so has lsl which" "$status:$out:$err" "0:*first:sh *"

chmod 0755 "$D"
hold_lock "$D"
create second
is "the directory is listable and held: the reason" "$code:$(tail -n 1 "$W/err")" \
	"1:lsl: second: not created: $D: $held_reason"
is "... commands run" "$(as_bob first:echo ran)" ran
release
create second
is "as soon as nobody holds it, it is created" "$code:$(cat "$W/out")" 0:second:sh
not_ok "... and no user lists the directory" as_user ls "$D"
gives "lsl remove" 0 "" "" sh -c "timeout 60 '$T/usr/bin/lsl' $LSL_FLAGS remove second --yes 2>'$W/err'"
is "... removes the section" "$(ls "$D")" first.conf
