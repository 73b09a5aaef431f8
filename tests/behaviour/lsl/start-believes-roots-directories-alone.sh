#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start uses the state directory and the command directory only if no other
# user can write to them and the latter is empty. Otherwise it fails and says
# why. Without a state directory nothing is started; without a command directory
# no commands are mounted.
. "$(dirname "$0")/../../lib/lib.sh"

container debian
mount_table >"$W/before"

# refuses WHAT PATTERN
refuses() {
	run lsl start
	is "$1: exit status 1" "$status" 1
	like "$1: it is reported" "$err" "*: *$2*"
	is "$1: in one line" "$(printf '%s\n' "$err" | wc -l)" 1
	not_ok "$1: it is not mounted" is_mounted "$LINKSDIR"
	is "$1: no daemon is left" "$(lslfs_pids)" ""
	lsl stop 2>/dev/null || :
	mount_table >"$W/after"
	same "$1: after a stop, nothing is left" "$W/after" "$W/before"
}

chown alice "$LINKSDIR"
refuses "a user's command directory" "$LINKSDIR"
chown root "$LINKSDIR"
chmod 0777 "$LINKSDIR"
refuses "a command directory that everybody may write" "$LINKSDIR"
chmod 0511 "$LINKSDIR"
echo >"$LINKSDIR/file"
refuses "a command directory with a file in it" "$LINKSDIR"
is "... which still exists" "$(ls "$LINKSDIR")" file
rm "$LINKSDIR/file"
mv "$LINKSDIR" "$T/elsewhere"
ln -s "$T/elsewhere" "$LINKSDIR"
refuses "a command directory that is a link" "$LINKSDIR"
rm "$LINKSDIR"
mv "$T/elsewhere" "$LINKSDIR"

mkdir "$MNTDIR"
chown alice "$MNTDIR"
refuses "a user's state directory" "$MNTDIR"
chown root "$MNTDIR"
chmod 0777 "$MNTDIR"
refuses "a state directory that everybody may write" "$MNTDIR"
chmod 0755 "$MNTDIR"
chmod 0777 "$T/run"
refuses "one below a directory that everybody may write" "$MNTDIR"
chmod 0755 "$T/run"
rmdir "$MNTDIR"
mkdir "$W/planted"
ln -s "$W/planted" "$MNTDIR"
refuses "a state directory that is a link" "$MNTDIR"
is "... through which nothing was made" "$(ls -A "$W/planted")" ""
rm "$MNTDIR"
echo >"$MNTDIR"
refuses "a state directory that is a file" "$MNTDIR"
rm "$MNTDIR"

# Files that somebody else left there are not taken for a container.
mkdir "$MNTDIR"
echo "lsl=1" >"$MNTDIR/debian:record"
echo >"$MNTDIR/debian"
run "$EXECUTOR" debian true
is "files without a namespace are not a container: 125" "$status" 125
rmdir "$LINKSDIR"
run lsl start
is "with everything corrected it starts, also without a command directory" "$status$err" 0
is "... which is made" "$(stat -c '%a %u' "$LINKSDIR/.." >/dev/null && debian:echo ran)" ran
lsl stop
