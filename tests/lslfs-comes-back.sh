#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# When the daemon of the command directory dies, the commands are back by themselves within a second, and
# what runs in the containers does not notice.
. "$(dirname "$0")/lib.sh"

container debian
program "$T/rootfs/debian/bin/tool" 'echo ran'
lsl start
debian:sleep 1000 &
sleeper=$!

# The processes that answer requests: killed all at once, it could only be lsl start that brings it back.
for round in 1 2 3; do
	old=$(lslfs_pids | tail -1)
	kill -9 "$old"
	start=$(date +%s%N)
	retry test ! -e "/proc/$old"
	if retry ls "$LINKSDIR" && retry debian:tool; then
		took=$((($(date +%s%N) - start) / 1000000))
		is "round $round: commands are back ($took ms)" "$([ $took -lt 1500 ] && echo yes)" yes
	else
		fail "round $round: commands are back" "$(ls "$LINKSDIR" 2>&1)"
	fi
	is "round $round: it is mounted once" "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" 1
	ok "round $round: listings work" sh -c "ls -l '$LINKSDIR' | grep -q debian:tool"
done
ok "a running program does not notice" kill -0 $sleeper
kill $sleeper
gives "lsl stop cleans up as ever" 0 "" "" lsl stop
ok "no daemon is left" retry sh -c '! pgrep mount.lslfs'
not_ok "no mount is left" is_mounted "$LINKSDIR"

lsl start
kill_lslfs
run lsl start
is "with all of it killed, lsl start mounts it again" "$status" 0
ok "... and commands run" retry debian:tool
kill_lslfs
run lsl stop
is "with all of it killed, lsl stop cleans up" "$status" 0
ok "... leaving no mount" retry sh -c "! findmnt '$LINKSDIR'"
