#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a container's desktop entries. One that would execute anything but a
# command of that container, or show a file that is no icon of it, does not
# appear, and the other entries neither hang nor disappear.
. "$(dirname "$0")/../lib/lib.sh"
needs desktop-file-validate flock
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"

S=$T/run/lsl/share
R=$T/rootfs/debian
APPS=$R/usr/share/applications
PIXMAPS=$R/usr/share/pixmaps
container debian share=applications "mnt=$T/home"
mkdir -p "$APPS" "$PIXMAPS" "$R/usr/share/icons/hicolor/48x48/apps"
program "$R/usr/bin/good" true
echo secret >"$R/etc/shadow"
echo "<svg> secret" >"$T/secret.svg"
chmod 0644 "$R/etc/shadow"

# entry NAME [LINE...]: an entry that is valid except for these lines.
entry() {
	file=$APPS/$1.desktop
	shift
	{
		printf '[Desktop Entry]\nType=Application\nName=Entry\n'
		case "$*" in *Exec=*) ;; *) echo "Exec=good %f" ;; esac
		for line; do
			printf '%b\n' "$line"
		done
	} >"$file"
}

entry good
entry exec-shell 'Exec=$(touch /tmp/x)'
entry exec-backquotes 'Exec=`touch /tmp/x`'
entry exec-semicolon 'Exec=good; touch /tmp/x'
entry exec-semicolon-apart 'Exec=good ; touch /tmp/x'
entry exec-single-quotes "Exec=sh -c 'touch /tmp/x'"
entry exec-pipe 'Exec=good|sh'
entry exec-dollar-quoted 'Exec=good "$HOME"'
entry exec-quote-open 'Exec=good "a'
entry exec-quoted-word 'Exec="good" x "a" "`id`"'
entry exec-newline 'Exec=good a\\\\nb'
entry exec-code 'Exec=good %z'
entry exec-code-as-program 'Exec=%f'
entry exec-host 'Exec=/oldRoot/bin/sh'
entry exec-of-commands "Exec=$LINKSDIR/debian:good"
entry exec-not-in-bins 'Exec=/opt/good'
entry exec-other-directory 'Exec=/etc/good'
entry exec-relative 'Exec=./good'
entry exec-up 'Exec=/usr/bin/../../usr/bin/missing'
entry exec-missing 'Exec=nothing'
entry exec-empty 'Exec='
entry try-exec-shell 'TryExec=good; id'
entry action 'Actions=a;' '\n[Desktop Action a]' 'Name=A' 'Exec=good;id'
entry other-group '\n[Other Group]' 'Exec=/etc/shadow'
entry icon-shadow 'Icon=/etc/shadow'
entry icon-up 'Icon=/usr/share/pixmaps/../../../etc/shadow'
entry icon-relative 'Icon=../../../etc/shadow'
entry icon-link 'Icon=/usr/share/pixmaps/link.png'
entry icon-fifo 'Icon=/usr/share/pixmaps/fifo.png'
entry icon-of-host "Icon=/oldRoot$T/secret.svg"
entry control 'Comment=\033[31m'
entry c1 'Comment=\0302\0233'
entry direction 'Comment=\0342\0200\0256'
entry not-utf8 'Comment=\0377'
entry nul 'Comment=a\0000b'
entry key 'Na me=x'
entry key-locale 'Name[a/b]=x'
entry mime 'MimeType=text/a=b;[Added Associations]'
entry mime-blank 'MimeType=text/plain x'
entry hidden 'Hidden=true'
entry no-name-group '[x]]'
printf '[Desktop Entry]\nType=Link\nName=x\nURL=file:///etc/shadow\n' >"$APPS/link.desktop"
printf 'Exec=good\n[Desktop Entry]\nType=Application\nName=x\nExec=good\n' >"$APPS/before.desktop"
printf '[Desktop Entry]\nType=Application\nName=x\nExec=good\n[Desktop Entry]\nExec=sh\n' >"$APPS/twice.desktop"
mkdir -p "$R/opt"
cp "$R/usr/bin/good" "$R/opt/good"
cp "$R/usr/bin/good" "$R/etc/good"
ln -s /etc/shadow "$PIXMAPS/link.png"
ln -s "/oldRoot$T/secret.svg" "$PIXMAPS/outside.svg"
mkfifo "$PIXMAPS/fifo.png" "$APPS/fifo.desktop"
ln -s /etc/shadow "$APPS/shadow.desktop"
ln -s "/oldRoot/etc/passwd" "$APPS/host.desktop"
ln -s loop.desktop "$APPS/loop.desktop"
ln -s . "$APPS/circle"
ln -s /oldRoot/dev "$APPS/devices"
ln -s /dev/zero "$APPS/zero.desktop"
truncate -s 1T "$APPS/huge.desktop"
truncate -s 1T "$PIXMAPS/good.png"
mkdir "$APPS/directory.desktop"
mkdir -p "$APPS/a/b/c/d/e"
cp "$APPS/good.desktop" "$APPS/a/b/c/d/e/deep.desktop"
cp "$APPS/good.desktop" "$APPS/$(printf 'new\nline').desktop"
cp "$APPS/good.desktop" "$APPS/blank name.desktop"
cp "$APPS/good.desktop" "$APPS/"'$(id).desktop'
cp "$APPS/good.desktop" "$APPS/.hidden.desktop"
entry good-2 "Icon=good"
cat >"$APPS/zz.desktop" <<EOF
[Desktop Entry]
Type=Application
Name=Last
Exec=good "a b" "\\\\\\\\" --x %% %U
EOF

# What would not be written again: a link of the name in the tree, if its owner
# could be made to make one.
lsl start
ok "the good ones appear" retry test -f "$S/applications/zz.desktop"
# They come in any order, and then icons. The lock is free after all of them.
flock "$S/.publish" true
is "and nothing else" "$(cd "$S/applications" && find . -name '*.desktop' | grep -v '/circle/' | sort | tr '\n' ' ')" \
	"./good-2.desktop ./good.desktop ./zz.desktop "
is "each is valid" "$(find "$S/applications" -name '*.desktop' -exec desktop-file-validate {} + 2>&1)" ""
is "no icon is a file that was meant for nobody" "$(find "$S/icons" "$S/pixmaps" -type f)" ""
is "nothing there says a secret" "$(grep -r secret "$S" 2>/dev/null)" ""
is "all of it is files and directories" "$(find "$S" ! -type f ! -type d)" ""

# So many that reading them could take for ever, and a file system that does not
# answer.
container crowd share=applications
mkdir -p "$T/rootfs/crowd/usr/share/applications"
(cd "$T/rootfs/crowd/usr/share/applications" && seq -f "%g.desktop" 60000 | xargs touch)
container hung share=applications
mkdir -p "$T/rootfs/hung/usr/share/applications"
"$hangfs" "$T/rootfs/hung/usr/share/applications"
lsl start
retry sh -c '[ "$(pgrep -u 2147450878 | wc -l)" = 4 ]'
cp "$APPS/good.desktop" "$APPS/later.desktop"
ok "a container with any number of names, or that hangs, delays no other" retry test -f "$S/applications/later.desktop"
lsl stop debian
ok "nor on its removal" retry sh -c '! [ -e "$0/applications/good.desktop" ]' "$S"
lsl stop
ok "with the last container all entries disappear" retry sh -c '[ -z "$(find "$0" -mindepth 2)" ]' "$S"
pkill -KILL -x hangfs
