#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The command directory can be unmounted with umount(8), also while containers
# are started and run programs, and be mounted again by lsl start; its daemon
# ends with it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
lsl start
debian:sleep 1000 &
sleeper=$!
runs_on() {
	[ "$(readlink "/proc/$sleeper/exe")" = /bin/busybox ]
}
retry runs_on
ls -l "$LINKSDIR" "$LINKSDIR/debian" >/dev/null
gives "umount says nothing and exits 0" 0 "" "" umount "$LINKSDIR"
ok "its daemon ends" retry no_lslfs
is "only an empty directory exists" "$(ls -A "$LINKSDIR")" ""
ok "programs of containers run on" runs_on
gives "the containers are started as before" 0 "" "" "$EXECUTOR" debian true
gives "lsl start mounts it again" 0 "" "" lsl start
ok "... and commands run" debian:true

cd "$LINKSDIR"
not_ok "while somebody is in it, umount refuses" umount "$LINKSDIR"
cd "$W"
sleep 1000 3<"$LINKSDIR" &
retry has_open $! "$LINKSDIR"
not_ok "... also while a process has it open" umount "$LINKSDIR"
ok "it still works then" debian:true
run lsl stop
is "lsl stop unmounts it nevertheless" "$status" 0
not_ok "... it disappears" is_mounted "$LINKSDIR"
end $!
ok "... and its daemon ends with the last user" retry no_lslfs

lsl start
# shellcheck disable=SC2046 # one or more
kill -TERM $(lslfs_pids) || : # one may have ended the other
ok "SIGTERM unmounts it" retry sh -c "! findmnt '$LINKSDIR'"
ok "... and ends the daemon" retry no_lslfs
gives "lsl start mounts it again after that" 0 "" "" lsl start
ok "... and commands run" debian:true
