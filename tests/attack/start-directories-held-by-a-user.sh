#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the lock of a directory on which lsl start mounts, or in which
# lsl writes, by listing it into memory of one's own file system. Origin: as in
# lslfs-shared-by-users.
#
# No user can hold the lock of a directory that all containers need. lsl gives
# up after a while on a container with a directory that a user holds; the others
# start and run, and the next command of lsl does not wait. Until the lock is
# released, a process that waits for it delays programs that look into the
# directory.
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"

echo "127.0.0.1 localhost" >"$T/hosts"
container files "mnt=$T/hosts:/etc/hosts"
container root
container other
# As an earlier lsl has made them.
chmod 0555 "$LINKSDIR"
mkdir -p "$MNTDIR" "$T/var/lib/lsl" "$T/var/cache/lsl"
lsl start other
tar -C "$T/rootfs/other" -cf archive.tar .
lsl create made --from ./archive.tar --sha256 "$(sha256sum <archive.tar | cut -d ' ' -f 1)" 2>/dev/null
lsl images --offline 2>/dev/null || : # makes the cache
for dir in "$MNTDIR" "$T/var/lib/lsl" "$T/var/cache/lsl"; do
	not_ok "no user lists ${dir#"$T"}, whose lock all need" as_user ls "$dir"
done
not_ok "... nor what is below the command directory, from inside" as_user other:ls "/oldRoot$LINKSDIR"
ok "... where files are found as ever" as_user ls "$T/var/lib/lsl/made/bin"
lsl stop
umount "$LINKSDIR" 2>/dev/null || :
retry no_lslfs
not_ok "... nor from outside" as_user ls "$LINKSDIR"

hold_lock "$T/rootfs/files/etc"
hold_lock "$T/rootfs/root"
# to_its_end ARG...: lsl's output to its end, then its status.
to_its_end() {
	{
		code=0
		timeout 120 "$T/usr/bin/lsl" $LSL_FLAGS "$@" 2>&1 || code=$?
		echo "status $code"
	} | timeout 120 cat
}
gives "lsl start and its output end, which says of which container a directory is held" 0 \
	"lsl: files: a directory of its root filesystem does not answer, and files of the host are not written there (a process may hold it: lsl-problems(7))
lsl: root: not started: a directory on which it is mounted does not answer (a process may hold it: lsl-problems(7))
status 1" "" \
	to_its_end start files root other
gives "... another one runs" 0 ran "" as_bob timeout 20 other:echo ran
run timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS status
is "... lsl status ends" "$(echo "$out" | sed -n 's/^\([a-z]*\) *\(started\|stopped\) .*/\1 \2/p' | sort | tr '\n' ' ')" \
	"files started made stopped other started root stopped "
run timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS stop
is "... lsl stop ends" "$(ls "$MNTDIR" 2>/dev/null)" ""
ok "... and the daemon" retry no_lslfs
release
gives "as soon as nobody holds them, all start" 0 "" "" timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS start
same "... with the host's files" "$T/rootfs/files/etc/hosts" "$T/hosts"
gives "... and stop" 0 "" "" timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS stop
is "nothing is left in the root filesystem" "$(find "$T/rootfs/files/etc" -name '.*')" ""

# As after a power failure.
sed -i "s,^mnt=.*,mnt=$T/hosts:/etc/hosts," "$T/etc/subsys.conf.d/made.conf"
lsl start made
rm "$MNTDIR/made:record"
umount -l "$MNTDIR/made"
rm "$MNTDIR/made"
hold_lock "$T/var/lib/lsl/made/etc"
gives "lsl remove --keep-files refuses a root filesystem whose /etc is held" 1 "" \
	"lsl: made: $T/etc/subsys.conf.d/made.conf will be deleted; $T/var/lib/lsl/made stays
lsl: made: a directory of its root filesystem does not answer, and files of the host are not written there (a process may hold it: lsl-problems(7))
lsl: made: not removed: files of the host stay in its root filesystem" \
	timeout 120 "$T/usr/bin/lsl" $LSL_FLAGS remove made --keep-files --yes
ok "... its section stays" test -f "$T/etc/subsys.conf.d/made.conf"
release
gives "... as soon as nobody holds it, the files of the host are taken out" 0 "" \
	"lsl: made: $T/etc/subsys.conf.d/made.conf will be deleted; $T/var/lib/lsl/made stays" \
	timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS remove made --keep-files --yes
is "... nothing is left but the lock of account files" "$(ls -A "$T/var/lib/lsl/made/etc")" .pwd.lock

lsl create held --from ./archive.tar --sha256 "$(sha256sum <archive.tar | cut -d ' ' -f 1)" 2>/dev/null
hold_lock "$T/var/lib/lsl/held"
run to_its_end remove held --yes
like "lsl remove and its output end where a user holds what it would delete" "$out" \
	"lsl: held: $T/var/lib/lsl/held (*B) and $T/etc/subsys.conf.d/held.conf will be deleted
lsl: held: not removed: $T/var/lib/lsl/held does not answer (a process may hold it: lsl-problems(7))
status 1"
in_time "... the directory above it is not held" mkdir "$T/var/lib/lsl/another"
rmdir "$T/var/lib/lsl/another"
release
run timeout 60 "$T/usr/bin/lsl" $LSL_FLAGS remove held --yes
is "... as soon as nobody holds it, it is removed" "$status $(ls "$T/var/lib/lsl")" "0 made"
