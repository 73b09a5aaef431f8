#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the locks of directories of the host that every user can list, as
# start-directories-held-by-a-user does with those of root filesystems: those in
# which lsl has its own directories, and nscd's.
#
# lsl waits for none of them if nothing is to be made there, and so makes no
# other user wait for a name in them. Otherwise it ends after a while with the
# reason.
# shellcheck disable=SC2086 # LSL_FLAGS are words
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"
. "$tests/lib/nscd.sh"

container debian
container other
mkdir -p /run/nscd
connect='import socket; socket.socket(socket.AF_UNIX).connect("/run/nscd/socket")'

lsl start other
nscd
hold_lock "$T"
hold_lock "$T/run"
hold_lock /run/nscd
# Another program waits for that one.
touch /run/nscd/new &
in_time "lsl start does not wait for any of them" "$T/usr/bin/lsl" $LSL_FLAGS start
is "... and starts all containers" "$status:$err" 0:
is "... which run" "$(as_bob debian:echo ran)" ran
in_time "... nor does it make others wait for a name there" as_bob ls "$T/nothing" "$T/run/nothing"
in_time "lsl refresh does not wait" "$T/usr/bin/lsl" $LSL_FLAGS refresh
is "... and refreshes them" "$status:$err" 0:
not_ok "the host's nscd does not answer in a container" \
	nsenter "--mount=$MNTDIR/debian" "$(command -v busybox)" test -S /run/nscd/socket
ok "... on the host it does" python3 -c "$connect"
in_time "lsl stop ends" "$T/usr/bin/lsl" $LSL_FLAGS stop
is "... and stops them" "$status:$err:$(ls "$MNTDIR" 2>/dev/null)" 0::
release
is_gone() {
	! [ -e "$MNTDIR" ]
}
ok "what it left is removed as soon as nobody holds the directory" retry is_gone

hold_lock "$T/run"
timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS start >"$W/out" 2>"$W/err" || :
is "lsl start, where a directory is to be made: the reason" "$(cat "$W/err")" \
	"lsl: cannot use $MNTDIR: a directory does not answer (a process may hold it: lsl-problems(7))"
release
ok "as soon as nobody holds it, it starts" lsl start
lsl stop
end "$server"
