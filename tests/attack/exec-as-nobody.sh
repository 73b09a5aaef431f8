#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: be nobody, the user of services that should have no rights, whose uid
# also stands for every id that a user namespace does not know. If lsl borrowed
# that id from the user database, each such process could attack it.
#
# nobody gains nothing by a command, and cannot reach a process of lsl by a
# signal or through /proc, because none of them has an id that another process
# can have.
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"

container debian "mnt=/etc/passwd;/etc/group" "people=$USERID"
printf 'root:x:0:0::/root:/bin/sh\n' >"$T/rootfs/debian/etc/passwd"
printf 'root:x:0:\n' >"$T/rootfs/debian/etc/group"
lsl start
as_nobody() {
	runuser -u nobody -- "$@"
}
id=$(id -u nobody)
cd /

is "a command of nobody's is nobody, with no capability" "$(as_nobody debian:sh -c 'id -u; grep ^Cap /proc/self/status' | tr -s '\t\n' ' ')" \
	"$id $(as_nobody sh -c 'grep ^Cap /proc/self/status' | tr -s '\t\n' ' ')"
is "... in all its ids" "$(as_nobody debian:sed -n 's/^Uid:[[:space:]]*//p' /proc/self/status | tr '\t' ' ')" "$id $id $id $id"
for file in /etc/passwd /root/x /bin/x; do
	not_ok "nobody writes no $file inside" as_nobody debian:sh -c "echo x >>$file"
done
for place in "$MNTDIR/x" "$MNTDIR/debian" "$MNTDIR/debian:record" "$LINKSDIR/x"; do
	not_ok "nobody writes no ${place#"$T"}" as_nobody sh -c "echo x >>'$place'"
done
not_ok "nobody enters no container by the pin" as_nobody nsenter --mount="$MNTDIR/debian" true
run as_nobody unshare -U "$EXECUTOR" debian true
is "nobody's own user namespace has no privilege" "$status" 125
not_ok "lsl start needs root" as_nobody lsl start

# The daemon, and the processes that follow the host, write, and look up people.
processes() {
	pgrep -x lsl
	lslfs_pids
}
retry lslfs_is_whole
are_there() {
	[ "$(processes | wc -l)" -ge 5 ]
}
ok "there are processes of lsl's" retry are_there
for pid in $(processes); do
	who="$(cat "/proc/$pid/comm") $(sed -n 's/^Uid:[[:space:]]*//p' "/proc/$pid/status" | cut -f1)"
	not_ok "nobody sends no signal to $who" as_nobody sh -c "kill -0 $pid || kill -CONT $pid || kill -TERM $pid"
	for file in environ mem fd/0 root/etc/passwd cwd/etc; do
		not_ok "... and does not look into its $file" as_nobody sh -c "ls '/proc/$pid/$file/' || head -c 1 '/proc/$pid/$file'"
	done
done
gives "commands work" 0 "" "" as_nobody debian:true
