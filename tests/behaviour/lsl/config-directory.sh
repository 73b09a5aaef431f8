#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The files of CONFIGPATH.d are read after the configuration itself, in the
# order of their names, by every program that reads it. A section is in one file
# only. A mistake in a file is reported with the file's name, and does not
# affect the other files.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

D=$CONFIG.d
mkdir "$D"
for name in main early late; do
	busybox_rootfs "$T/rootfs/$name"
done
section() {
	printf '[%s]\npath=%s\nbins=/bin\n' "$1" "$T/rootfs/$1"
}
section main >"$CONFIG"
section late >"$D/b.conf"
section early >"$D/a.conf"
section nowhere >"$D/.hidden.conf"
section nowhere >"$D/saved.conf.orig"

gives "start: every container of all files" 0 "" "" lsl start
for name in main early late; do
	is "$name: its commands run" "$("$name:echo" ran)" ran
done
lsl stop
gives "status: in the order of the files, those of the directory by their names" 0 "main
early
late" "" sh -c "'$T/usr/bin/lsl' $LSL_FLAGS status | sed -n '2,\$s/ .*//p'"
ok "start NAME: of a file of the directory" lsl start late
is "... only that one" "$(ls "$MNTDIR" | grep -v :)" late
run lsl check
like "check: counts all of them" "$out" "*no mistakes (3 containers)*"
rm "$D/b.conf"
run lsl status
like "status: a container whose file was removed" "$out" "*late*started, but no longer in*"
lsl stop
section late >"$D/b.conf"

# Only the file, by --config.
mkdir "$T/etc/other.conf.d"
section early >"$T/etc/other.conf.d/x.conf"
section main >"$T/etc/other.conf"
is "--config FILE: FILE.d is read" "$(lsl -c "$T/etc/other.conf" status | sed -n '2,$s/ .*//p' | tr '\n' ' ')" "main early "
cd "$T/etc"
is "... by a relative path too" "$(lsl -c other.conf status | sed -n '2,$s/ .*//p' | tr '\n' ' ')" "main early "
cd "$W"
rm "$T/etc/other.conf"
is "... without FILE" "$(lsl -c "$T/etc/other.conf" status | sed -n '2,$s/ .*//p' | tr '\n' ' ')" "early "
rm -r "$T/etc/other.conf.d"
run lsl -c "$T/etc/other.conf" start
is "without both: one line" "$status:$err" "1:lsl: $T/etc/other.conf: does not exist: create it, with one section for each container, or call sudo lsl create NAME"

# Mistakes.
section early >>"$D/b.conf"
run lsl start
is "a section in two files: status 1" "$status" 1
like "... told with both places" "$err" "*lsl: $D/b.conf:4: ?early? is already in $D/a.conf:1: *"
ok "... the others start" main:true
ok "... those of the same file too" late:true
not_ok "... it does not" test -e "$MNTDIR/early"
lsl stop
section late >"$D/b.conf"
sed -i 's/^bins/bin/' "$D/a.conf"
run lsl start
like "a mistake: its own file and line" "$err" "*lsl: $D/a.conf:3: unknown key 'bin': did you mean bins?*"
like "... check says the same" "$(lsl check)" "*$D/a.conf:3:*unknown key 'bin'*"
lsl stop
section early >"$D/a.conf"

# A user who can write there can become root.
refused() {
	run lsl start
	is "$1: status 1" "$status" 1
	like "$1: said" "$err" "$2"
	ok "$1: the others start" main:true
	not_ok "$1: the container in it does not" test -e "$MNTDIR/early"
	run lsl check
	like "$1: check says it" "$out" "$3"
	lsl stop
}
chown "$USERID" "$D/a.conf"
refused "a file of a user's" "lsl: $D/a.conf: is writable by users other than root*" "*$D/a.conf*is writable by users other than root*"
chown 0 "$D/a.conf"
chmod g+w "$D/a.conf"
refused "a file that a group may write" "lsl: $D/a.conf: is writable by users other than root*" "*$D/a.conf*is writable by users other than root*"
rm "$D/a.conf"
ln -s "$T/etc/elsewhere" "$D/a.conf"
refused "a symbolic link" "lsl: $D/a.conf: is a symbolic link, or leads through one*" "*$D/a.conf*symbolic link*"
rm "$D/a.conf"
mkfifo "$D/a.conf"
refused "a fifo" "lsl: $D/a.conf: is not a regular file*" "*$D/a.conf*is not a regular file*"
rm "$D/a.conf"
section early >"$D/a.conf"
chmod o+w "$D"
refused "a directory that others may write" "lsl: $D: is below a directory that users other*" "*$D*that users other than root*"
chmod 755 "$D"
chmod 600 "$D/a.conf"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS check
like "a file that a user cannot read is unknown, and no error" "$out" "*unknown*$D/a.conf*without privilege*"
