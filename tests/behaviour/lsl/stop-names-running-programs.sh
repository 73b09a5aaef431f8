#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl stop names the programs that still run in the container, with process id
# and command, and leaves them running. With --kill they are asked to end, and
# killed after a grace time.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian "mnt=$T/home"
container arch
lsl start

as_user debian:sleep 1001 &
user=$!
retry pgrep -f '^sleep 1001$'
pid=$(pgrep -f '^sleep 1001$')
arch:sleep 1002 &
other=$!
retry pgrep -f '^sleep 1002$'

run lsl stop debian
is "stop exits 0" "$status" 0
like "the program is named with pid and command" "$err" "*$pid*sleep 1001*"
is "... in one line, and nothing else is" "$(printf '%s\n' "$err" | wc -l)" 1
ok "it runs on" kill -0 "$pid"
ok "it has its files" test -e "/proc/$pid/root/bin/busybox"
run debian:true
is "the container has no commands any more" "$status" 127
run "$EXECUTOR" debian true
is "... and cannot be entered" "$status" 125

lsl start debian
gives "it can be started again beside that" 0 "" "" debian:true
ok "the old program runs on in the old namespace" kill -0 "$pid"
[ "$(stat -Lc %i "/proc/$pid/ns/mnt")" != "$(stat -Lc %i "$MNTDIR/debian")" ] || fail "the namespace is a new one"
kill "$pid"
wait "$user" || :

program "$W/polite" 'trap "echo asked >$1; exit" TERM' 'echo ready >$1.ready' 'while :; do sleep 0.05; done'
program "$W/stubborn" 'trap "echo asked >$1" TERM' 'echo ready >$1.ready' 'while :; do sleep 0.05; done'
cp "$W/polite" "$W/stubborn" "$T/rootfs/debian/usr/local/bin"
mkdir -m 0777 "$T/home/out"
as_user debian:polite "$T/home/out/polite" &
as_user debian:stubborn "$T/home/out/stubborn" &
retry test -e "$T/home/out/polite.ready"
retry test -e "$T/home/out/stubborn.ready"
run lsl stop --kill debian
is "stop --kill exits 0" "$status" 0
is "a program is asked to end first" "$(cat "$T/home/out/polite")" asked
is "so is one that does not want to" "$(cat "$T/home/out/stubborn")" asked
not_ok "neither of them is left" pgrep -f /usr/local/bin/
ok "programs of other containers are left alone" kill -0 "$other"

lsl start debian
run lsl restart --kill arch
is "restart --kill exits 0" "$status" 0
not_ok "... and ends what ran" kill -0 "$other"
ok "... and the container runs again" arch:true
