#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: keep a container from starting, by replacing one's own directory that
# mnt names by a file, or a file by a directory: if the mount point is of the
# other kind, the mount fails.
#
# The container starts without that element, and a message names it.
. "$(dirname "$0")/../lib/lib.sh"

mine=$T/home/alice/mine
as_user mkdir "$mine"
as_user touch "$mine.txt"
mkdir "$T/more"
container debian "mnt=$mine:/srv/mine;$mine.txt:/srv/text;$T/more:/srv/more"
gives "lsl start" 0 "" "" lsl start
lsl stop
as_user sh -c "rmdir '$mine' && touch '$mine' && rm '$mine.txt' && mkdir '$mine.txt'"
run lsl start
is "lsl start, with a file for a directory and a directory for a file" "$status" 0
like "... and reports the first" "$err" "*$CONFIG:4: $mine is not a directory, and /srv/mine in * is one: debian is started without it*"
like "... and the second" "$err" "*$CONFIG:4: $mine.txt is a directory, and /srv/text in * is none: debian is started without it*"
ok "the container runs, with the others" debian:test -d /srv/more
is "... as the record says" "$(sed -n 's/^mnt=//p' "$MNTDIR/debian:record")" "$T/more:/srv/more"
as_user sh -c "rm '$mine' && mkdir '$mine' && touch '$mine/file'"
lsl start 2>/dev/null || :
ok "a restored element is added by the next start" debian:test -e /srv/mine/file
lsl stop

# Replaced between the check and the mount: the mount point changes while lsl
# start waits for the state.
as_user sh -c "rmdir '$mine.txt'; touch '$mine.txt'"
for i in 1 2 3 4 5 6 7 8; do
	as_user sh -c "rm -rf '$mine'; mkdir '$mine'"
	as_user sh -c "touch '$mine.begun'; while :; do mv -T '$mine' '$mine.dir' 2>/dev/null; touch '$mine'; rm '$mine'; mv -T '$mine.dir' '$mine' 2>/dev/null; done" &
	loop=$!
	# Before that pkill would not find it.
	retry test -e "$mine.begun"
	run lsl start
	pkill -KILL -u alice || :
	wait $loop 2>/dev/null || :
	[ "$status" = 0 ] || break
	lsl stop
	as_user rm -rf "$mine.dir" "$mine.begun"
done
is "exchanged at any moment it keeps nobody from starting the container: $i times" "$status" 0
