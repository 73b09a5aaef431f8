#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Failures around the daemon of the command directory leave no process waiting
# and no stale name, and the log says what an administrator has to know: a log
# that nobody reads, a call that fails in one container, a watch that is lost
# while it is made, a namespace with the number of the former one, a thread that
# not even SIGKILL ends.
variants="setuid"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs perl pgrep
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"
log_to "$W/log"

container debian "bins=/covered;/bin"
container other
mkdir "$T/rootfs/debian/covered"
program "$T/rootfs/debian/bin/tool" 'echo ran'
cp "$T/rootfs/debian/bin/tool" "$T/rootfs/other/bin/tool"
lsl start

# A call that fails in every container hides none of them.
traced "$(lslfs_server)" -e trace=setns -e inject=setns:error=EPERM
is "no container can be entered: they are listed as directories" "$(ls "$LINKSDIR" 2>&1 | tr '\n' ' ')" "debian other "
untraced

# No event says that files can be opened again.
lsl stop other
traced "$(lslfs_server)" -e trace=openat -e inject=openat:error=EMFILE
gives "a container whose record cannot be opened: lsl start says so" 1 "" \
	"lsl: other is started, but $LINKSDIR does not list it (mount.lslfs wrote the reason to syslog)" lsl start other
is "... it is not listed" "$(ls "$LINKSDIR" | grep -c other)" 0
reports=$(lines "$MNTDIR.*Too many open files")
ok "... the log says why" [ "$reports" != 0 ]
looks=$(grep -c "openat(.*$MNTDIR" "$W/trace")
has_looked() {
	[ "$(grep -c "openat(.*$MNTDIR" "$W/trace")" -gt $((looks + 1)) ]
}
ok "... the server looks again" retry has_looked
is "... once, however often the server looks again" "$(lines "$MNTDIR.*Too many open files")" "$reports"
untraced
ok "... it is when files can be opened again" retry test -h "$LINKSDIR/other:tool"

# Two containers have the same directory and so the same watch. One is stopped,
# and its watch removed, when the other one's worker has just got it.
container twin "path=$T/rootfs/debian" "bins=/covered;/bin"
lsl start twin
ls "$LINKSDIR/twin" >/dev/null
lsl stop debian
traced "$(lslfs_server)" -e trace=inotify_add_watch -e inject=inotify_add_watch:delay_exit=1000000
lsl start debian
ls "$LINKSDIR/debian" >/dev/null &
lister=$!
retry grep -q '"\."' "$W/trace"
lsl stop twin
test ! -h "$LINKSDIR/other:drains-events"
wait $lister
untraced
ls "$LINKSDIR/debian" >/dev/null
cp "$T/rootfs/debian/bin/tool" "$T/rootfs/debian/bin/come"
is "a watch is lost while it is made: a new program is listed" "$(listed debian come)" 1
rm "$T/rootfs/debian/bin/come"
is "... a removed one is not" "$(listed debian come)" 0

# Restarted while the daemon could not look: the namespace has the number of the
# former one, or another.
ls -l "$LINKSDIR/other" >/dev/null
before=$(grep ^namespace= "$MNTDIR/other:record")
server=$(lslfs_server)
hold "$server"
lsl stop other
mv "$T/rootfs/other" "$T/rootfs/other.old"
busybox_rootfs "$T/rootfs/other"
program "$T/rootfs/other/bin/young" 'echo young'
lsl start other >"$W/said" 2>&1 &
starter=$!
retry test -e "$MNTDIR/other:record"
kill -CONT "$server"
wait $starter || :
after=$(grep ^namespace= "$MNTDIR/other:record")
[ "$before" = "$after" ] || echo "# the numbers differ: $before, $after"
is "a container restarted meanwhile: a new program is listed" "$(listed other young)" 1
is "... a removed one is not" "$(listed other tool)" 0
ok "... a lookup finds it" test -h "$LINKSDIR/other:young"

# Nobody reads the log.
log=$(pgrep -f 'IO::Socket::UNIX.*/dev/log' | head -n 1)
hold "$log"
perl -MIO::Socket::UNIX -e '
	my $log = IO::Socket::UNIX->new(Peer => "/dev/log", Type => SOCK_DGRAM) or die;
	$log->blocking(0);
	1 while defined $log->send("<30>full");'
kill -KILL "$(lslfs_server)"
ok "nobody reads the log: a server is still replaced" timeout 5 sh -c "until ls '$LINKSDIR' >/dev/null; do :; done"
ok "... and commands run" debian:tool
kill -CONT "$log"

# The message of a server that cannot serve.
traced "$(lslfs_supervisor)" -e trace=inotify_init1 -e inject=inotify_init1:error=EMFILE
kill -KILL "$(lslfs_server)"
ok "a later server that cannot serve: the daemon gives up" retry no_lslfs
untraced
ok "... and the log says why" retry grep -q 'cannot watch for containers.*Too many open files' "$W/log"

# As on a slow machine: killed before it serves, again and again.
lsl start
traced "$(lslfs_supervisor)" -e trace=inotify_init1 -e inject=inotify_init1:delay_enter=300000
another_server() {
	another=$(lslfs_server) && [ -n "$another" ] && [ "$another" != "$server" ] && server=$another
}
server=
for _ in 1 2 3 4 5 6 7; do
	retry another_server || break
	kill -KILL "$server"
done
untraced
ok "a server that is killed before it serves, seven times in a row, is replaced" retry lslfs_is_whole
ok "... and commands run" debian:tool

# It cannot be unmounted.
traced "$(lslfs_supervisor)" -e trace=umount2 -e inject=umount2:error=EPERM
kill -TERM "$(lslfs_supervisor)"
ok "the directory cannot be detached: the log says so" retry grep -q "cannot detach $LINKSDIR" "$W/log"
untraced
ok "the daemon ends" retry no_lslfs
lsl stop

# The contents of the mount point cannot be read.
run strace -f -q -o /dev/null -e trace=getdents64 -e inject=getdents64:error=EIO "$HELPER" lslfs "$LINKSDIR"
is "a mount point that cannot be read is not taken to be empty" "$status" 32
like "... and it says why" "$err" "mount.lslfs: cannot read $LINKSDIR*"
not_ok "... nothing is mounted" is_mounted "$LINKSDIR"

# A thread that not even SIGKILL ends.
lsl start
"$hangfs" "$T/rootfs/debian/covered" taken
ls "$LINKSDIR/debian:no-such" >/dev/null 2>&1 &
asker=$!
retry has_requests "$T/rootfs/debian/covered"
kill -KILL "$(lslfs_server)"
ok "a server with a thread that does not end is replaced" timeout 5 other:young
server=$(lslfs_server)
has_ended() {
	! grep -q '^State:	[^XZ]' "/proc/$server/status"
}
kill -KILL "$(lslfs_supervisor)"
retry has_ended
gives "... and so is a daemon whose supervisor is killed then, by mount.lslfs" 0 "" "" \
	timeout 40 "$HELPER" lslfs "$LINKSDIR"
ok "... once" [ "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" = 1 ]
ok "... commands run" other:young
pkill -KILL -x hangfs
wait $asker || :
gives "lsl stop ends" 0 "" "" timeout 30 "$T/usr/bin/lsl" $LSL_FLAGS stop
ok "no daemon is left" retry no_lslfs
