#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Several lsl start, stop and restart at the same time have the same result as
# one after the other.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
container arch
lsl start
daemons=$(lslfs_pids | wc -l)
lsl stop
retry no_lslfs

for round in 1 2 3 4 5; do
	pids=
	for _ in 1 2 3 4 5 6; do
		lsl start >>"$W/start" 2>&1 &
		pids="$pids $!"
	done
	statuses=
	for pid in $pids; do
		wait "$pid" && s=0 || s=$?
		statuses="$statuses$s"
	done
	is "round $round: all six starts exit 0" "$statuses" 000000
	is "round $round: they say nothing" "$(cat "$W/start")" ""
	is "round $round: one namespace is pinned for each container" \
		"$(findmnt -rno TARGET | grep -c "^$MNTDIR/")" 2
	is "round $round: one command directory is mounted" \
		"$(findmnt -rno TARGET | grep -c "^$LINKSDIR\$")" 1
	is "round $round: one daemon serves it" "$(lslfs_pids | wc -l)" "$daemons"
	ok "round $round: commands run" sh -c 'debian:true && arch:true'
	lsl stop
	retry no_lslfs
done

lsl start
for _ in 1 2 3 4 5 6 7 8; do
	lsl start 2>>"$W/errors" &
	lsl restart arch 2>>"$W/errors" &
	lsl stop debian 2>>"$W/errors" &
done
wait
is "mixed with stop and restart, none finds an incomplete state" "$(grep -v 'is not started$' "$W/errors")" ""
lsl start
ok "after all that, a start brings both" sh -c 'debian:true && arch:true'
lsl stop
retry no_lslfs || :
is "and a stop leaves nothing" "$(ls "$MNTDIR" 2>/dev/null; lslfs_pids; findmnt -rno TARGET | grep -e "$MNTDIR" -e "$LINKSDIR")" ""
