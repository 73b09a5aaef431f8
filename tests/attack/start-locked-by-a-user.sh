#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: keep others from using the commands: lock the files that they need,
# hold them open, unmount them, stop the process that serves them. Origin:
# CVE-2018-6954 and flock(2) on world-readable files in general (systemd,
# util-linux's utab), fusermount -u.
#
# A user can lock every file that a user can open. Starting, stopping and
# running still work.
. "$(dirname "$0")/../lib/lib.sh"
needs perl

container debian
container arch
lsl start
: >"$W/held"
chmod 0666 "$W/held"
as_user perl -e 'use Fcntl ":flock"; my $out = shift; my @held;
	for my $file (@ARGV) {
		open(my $f, "<", $file) or opendir($f, $file) or next;
		flock($f, LOCK_EX | LOCK_NB); push @held, $f;
	}
	open(my $o, ">>", $out); print $o "held\n"; close $o; sleep 1000' \
	"$W/held" "$MNTDIR" "$MNTDIR/debian" "$MNTDIR/debian:record" "$MNTDIR/:lock" "$MNTDIR/:shared" "$LINKSDIR" "$CONFIG" "$EXECUTOR" "$HELPER" &
holder=$!
retry grep -q held "$W/held"
# A process that lists a directory holds its lock while its buffer's pages come,
# which a user's own file system can keep for ever.
is "no user can list the state directory" "$(stat -c %a "$MNTDIR")" 711
not_ok "... indeed" as_user ls "$MNTDIR"
is "users still see the started containers" "$(as_user lsl status | grep -c started)" 2
for round in 1 2; do
	gives "round $round: with all of it locked, lsl start ends well" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS start
	gives "round $round: programs run" 0 ran "" as_bob timeout 20 debian:echo ran
	gives "round $round: restart ends well" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS restart arch
	gives "round $round: the command directory answers" 0 "$LINKSDIR/arch:echo" "" as_bob timeout 20 ls -d "$LINKSDIR/arch:echo"
done

for pid in $(lslfs_pids); do
	not_ok "a user cannot stop the daemon" as_user kill -STOP "$pid"
	not_ok "... nor look into it" as_user readlink "/proc/$pid/cwd"
done
not_ok "a user cannot unmount the commands" as_user umount "$LINKSDIR"
if command -v fusermount3 >/dev/null; then
	not_ok "... nor by fusermount3" as_user fusermount3 -u "$LINKSDIR"
fi
not_ok "a user cannot mount them" as_user "$HELPER" lslfs "$W"
not_ok "a user cannot start" as_user "$T/usr/bin/lsl" start
not_ok "... nor stop" as_user "$T/usr/bin/lsl" stop
not_ok "a user can plant nothing beside the commands" as_user touch "$LINKSDIR/debian:evil"
not_ok "... nor in the state" as_user touch "$MNTDIR/evil"
gives "programs run as before" 0 ran "" as_bob debian:echo ran
ok "and lsl stop ends" timeout 30 "$T/usr/bin/lsl" $LSL_FLAGS stop
umount "$LINKSDIR" 2>/dev/null || :
not_ok "while nothing is mounted, no user can plant a command" as_user touch "$LINKSDIR/debian:echo"
kill $holder 2>/dev/null || :
