#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a state directory, or a file in it, that other users can write to or
# replace. Origin: CVE-2021-44731, CVE-2022-3328 and CVE-2026-3888
# (snap-confine), doas' parseconfig.
#
# lslExecutor accepts a state directory only if no other user can write to it or
# to a directory that leads to it, and no part of the path is a link. It accepts
# a record only if it is a small regular file to which no other user can write,
# and names its container.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"

container debian
lsl start
lsl_run=${MNTDIR%/*}

# refused WHAT: the same for all callers, so the cheaper one is tested.
refused() {
	run timeout 10 "$EXECUTOR" debian echo ran
	is "$1: 125, nothing runs, one line" "$status$out$(printf '%s\n' "$err" | wc -l)" 1251
}

chmod 0777 "$MNTDIR"
refused "a state directory that others may write"
run as_user "$EXECUTOR" debian echo ran
is "... to a user too" "$status$out" 125
chmod 0775 "$MNTDIR"
refused "... or a group"
chmod 1777 "$MNTDIR"
refused "... even with the sticky bit"
chmod 0755 "$MNTDIR"
chown alice "$MNTDIR"
refused "a state directory of a user's"
chown root "$MNTDIR"
chmod 0777 "$lsl_run"
refused "a state directory below one that others may write"
chmod 0755 "$lsl_run"
chown alice "$lsl_run"
refused "... or that is a user's"
chown root "$lsl_run"
chmod 1777 "$lsl_run"
gives "below a sticky directory it is accepted, because root owns it" 0 ran "" as_user "$EXECUTOR" debian echo ran
chmod 0755 "$lsl_run"

record=$MNTDIR/debian:record
chmod 0666 "$record"
refused "a record that others may write"
chmod 0664 "$record"
refused "... or a group"
chmod 0644 "$record"
chown alice "$record"
refused "a record of a user's"
chown root "$record"
cp "$record" "$W/record"
mv "$record" "$W/away"
ln -s "$W/away" "$record"
refused "a record that is a link"
rm "$record"
mkfifo "$record"
refused "a record that is a fifo"
rm "$record"
mkdir "$record"
refused "a record that is a directory"
rmdir "$record"
ln -s /dev/zero "$record"
refused "a record that leads to a device"
rm "$record"

# damaged WHAT: stdin is the record.
damaged() {
	cat >"$record"
	chmod 0644 "$record"
	refused "$1"
	rm "$record"
}
damaged "an empty record" </dev/null
sed 's/^name=.*/name=other/' "$W/record" | damaged "a record of another container"
sed 's/^lsl=.*/lsl=999/' "$W/record" | damaged "a record of another version"
{ cat "$W/record" && head -c 70000 /dev/zero | tr '\0' x && echo; } | damaged "a record that is too large"
{ cat "$W/record" && printf 'x=\0\n'; } | damaged "a record with a NUL"
head -c -1 "$W/record" | damaged "a record that is cut off"
grep -v '^bins=' "$W/record" | damaged "a record without bins"
head -c 3000 /dev/urandom | damaged "a record of noise"
cp "$W/away" "$record"
gives "all put right, it runs" 0 ran "" as_user "$EXECUTOR" debian echo ran

# The whole directory as a link to a correct one.
mkdir "$W/planted"
# Private, because otherwise the namespace's own copy of that mount would get it
# too, which the kernel refuses.
mount -t tmpfs -o mode=0755 planted "$W/planted"
mount --make-private "$W/planted"
touch "$W/planted/debian"
mount --bind "$MNTDIR/debian" "$W/planted/debian"
cp "$W/record" "$W/planted/debian:record"
umount -l "$LINKSDIR" "$MNTDIR"
rm -rf "$MNTDIR"
ln -s "$W/planted" "$MNTDIR"
refused "a state directory that is a link"
rm "$MNTDIR"
