#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every mistake in the configuration is reported in one line with file and line
# number. The container with the mistake does not start, the others do, and the
# exit status shows the failure.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

busybox_rootfs "$T/rootfs/debian"
mkdir "$T/rootfs/good"
cp -a "$T/rootfs/debian/." "$T/rootfs/good"
root=$T/rootfs/debian

# wrong WHAT LINE PATTERN <<CONFIGURATION: a container [debian] in it must not
# start.
wrong() {
	what=$1 line=$2 pattern=$3
	{
		cat
		printf '\n[good]\npath=%s\nbins=/bin\n' "$T/rootfs/good"
	} >"$CONFIG"
	run lsl start
	is "$what: exit status 1" "$status" 1
	told=$(printf '%s\n' "$err" | grep -F "lsl: $CONFIG:$line:" | head -1)
	like "$what: told with file and line, and in words" "$told" "$pattern"
	is "$what: the other one starts" "$("$EXECUTOR" good echo ran)" ran
	is "$what: this one does not" "$(ls "$MNTDIR" | grep -v -e ^good -e ^:)" ""
	lsl stop
}

wrong "an unknown key" 3 "*colour*" <<EOF
[debian]
path=$root
colour=green
bins=/bin
EOF
wrong "a key in the wrong case" 4 "*envpath*" <<EOF
[debian]
path=$root
bins=/bin
envpath=/bin
EOF
wrong "no path" 1 "*debian*path*" <<EOF
[debian]
bins=/bin
EOF
wrong "no bins" 1 "*debian*bins*" <<EOF
[debian]
path=$root
EOF
wrong "an empty section" 2 "*debian*" <<EOF

[debian]
EOF
wrong "an empty path" 2 "*path*" <<EOF
[debian]
path=
bins=/bin
EOF
wrong "empty bins" 3 "*bins*" <<EOF
[debian]
path=$root
bins= ; ;
EOF
wrong "a path that is not absolute" 2 "*rootfs/debian*absolute*" <<EOF
[debian]
path=rootfs/debian
bins=/bin
EOF
wrong "a missing path" 2 "*$T/nowhere*" <<EOF
[debian]
path=$T/nowhere
bins=/bin
EOF
wrong "a path that is a file" 2 "*$root/bin/busybox*" <<EOF
[debian]
path=$root/bin/busybox
bins=/bin
EOF
wrong "bins that are not absolute" 3 "*usr/bin*absolute*" <<EOF
[debian]
path=$root
bins=/bin;usr/bin
EOF
wrong "mnt that is not absolute" 4 "*home*absolute*" <<EOF
[debian]
path=$root
bins=/bin
mnt=/dev;home
EOF
wrong "a target of mnt that is not absolute" 3 "*srv*absolute*" <<EOF
[debian]
path=$root
mnt=$T/home:srv
bins=/bin
EOF
wrong "a relative element of a continued list" 5 "*relative/dir*absolute*" <<EOF
[debian]
path=$root
bins=/bin
  /usr/bin;
  /sbin;relative/dir
EOF
wrong "an interpreter that is not absolute" 4 "*qemu-arm*absolute*" <<EOF
[debian]
path=$root
bins=/bin
interpreter=qemu-arm
EOF
wrong "a key twice" 4 "*bins*" <<EOF
[debian]
path=$root
bins=/bin
bins=/usr/bin
EOF
wrong "a list element that a comment swallowed" 3 "*/usr/bin*" <<EOF
[debian]
path=$root
bins=/bin ; /usr/bin
EOF
wrong "a line that is neither section nor key" 3 "*" <<EOF
[debian]
path=$root
what is this
bins=/bin
EOF
for name in "deb ian" "deb/ian" "-debian" ".debian" "deb:ian" "débian" "" "$(printf %049d 0)"; do
	wrong "a container called '$name'" 1 "*" <<EOF
[$name]
path=$root
bins=/bin
EOF
done
wrong "a bins entry that leads into the command directory" 3 "*$LINKSDIR*" <<EOF
[debian]
path=$root
bins=/bin;/oldRoot$LINKSDIR
EOF

wrong "the command directory in mnt" 4 "*$LINKSDIR*" <<EOF
[debian]
path=$root
bins=/bin
mnt=$LINKSDIR:/commands
EOF

wrong "a section twice" 5 "*debian*1*" <<EOF
[debian]
path=$root
bins=/bin

[debian]
path=$root
bins=/bin
EOF
wrong "a key before any section" 1 "*" <<EOF
path=$root
EOF
wrong "a section that is not closed" 1 "*" <<EOF
[debian
path=$root
bins=/bin
EOF

# refused WHAT PATTERN: the file as a whole.
refused() {
	run lsl start
	is "$1: exit status 1" "$status" 1
	like "$1: told in one line" "$err" "lsl: $CONFIG: $2"
	is "$1: in one line" "$(printf '%s\n' "$err" | wc -l)" 1
	is "$1: nothing starts, nothing is left" "$(ls -d "$MNTDIR" 2>/dev/null; findmnt -rno TARGET | grep -e "$LINKSDIR"; lslfs_pids)" ""
}
container fine "path=$T/rootfs/good"
printf '[good]\npath=%s\nbins=/bin\n' "$T/rootfs/good" >"$CONFIG"
chmod 0666 "$CONFIG"
refused "a file that others may write" "*"
chmod 0664 "$CONFIG"
refused "a file that its group may write" "*"
chmod 0644 "$CONFIG"
chown alice "$CONFIG"
refused "a file that root does not own" "*"
chown root "$CONFIG"
chmod 0777 "$T/etc"
refused "a directory that others may write" "*"
chmod 0755 "$T/etc"
mv "$CONFIG" "$T/etc/real"
ln -s "$T/etc/real" "$CONFIG"
run lsl start
like "a link: refused or followed, not half-way" "$status$(ls "$MNTDIR" 2>/dev/null | tr '\n' ' ')" "[01]*"
lsl stop
retry no_lslfs
rm "$CONFIG"
refused "no file" "*"
mkdir "$CONFIG"
refused "a directory" "*"
rmdir "$CONFIG"
mkfifo "$CONFIG"
refused "a FIFO, without waiting for somebody to write" "*"
rm "$CONFIG"
: >"$CONFIG"
run lsl start
like "an empty file starts nothing" "$(ls "$MNTDIR" 2>/dev/null)$(lslfs_pids)" ""

# No mistakes.
mkdir "$T/rootfs/good/opt" "$T/rootfs/good/opt/deep"
program "$T/rootfs/good/opt/deep/tool" 'echo $PATH'
long=
for i in $(seq 300); do
	long="$long;/opt/directory-number-$i"
done
cat >"$CONFIG" <<EOF
# a comment
; another one

[good]
path = $T/rootfs/good/
mnt =$T/home/;;
bins=/bin/$long;
	/usr/bin/ ;
   /opt/deep
envPath=/a:/b	; a comment
EOF
sed -i 's, ;$,;,' "$CONFIG"
gives "comments, spaces, slashes, empty elements, long and continued lists are no mistakes" 0 "" "" lsl start
gives "all of a long list counts" 0 /a:/b "" good:tool
lsl stop
printf '[good]\r\npath=%s\r\nbins=/bin\r\n' "$T/rootfs/good" >"$CONFIG"
run lsl start
is "lines that end with CR are understood" "$status$err" 0
