#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# With share=applications a container's desktop entries are in the menus of the
# host, as long as the entry, its program, the container and the key exist. The
# entries start commands.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs desktop-file-validate flock gio runuser

S=$T/run/lsl/share
R=$T/rootfs/debian
APPS=$R/usr/share/applications
ENTRY=$S/applications/paint.desktop

entry() {
	cat <<EOF
[Desktop Entry]
Type=Application
Name=Paint
Name[de]=Malen
Exec=/usr/bin/paint --new %U
TryExec=paint
Icon=paint
MimeType=text/x-lsl;
Actions=again;
DBusActivatable=true
Path=/usr/share
Categories=Graphics;

[Desktop Action again]
Name=Again
Exec="paint" --again "a b"
EOF
}
value() {
	sed -n "s|^$1=||p" "$2"
}
gone() {
	! [ -e "$1" ]
}
# Entries come first, then icons and types. The lock is free after all of them.
appears() {
	retry test -f "$1" && flock "$S/.publish" true
}
config() {
	rm -f "$CONFIG"
	container debian "mnt=$T/home" "$@"
}

config
mkdir -p "$APPS" "$R/usr/share/icons/hicolor/48x48/apps" "$R/usr/share/icons/hicolor/symbolic/apps" \
	"$R/usr/share/pixmaps"
program "$R/usr/bin/paint" 'echo "paint $*" >"$HOME/painted"'
printf '\211PNG\r\n\032\nicon' >"$R/usr/share/icons/hicolor/48x48/apps/paint.png"
echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >"$R/usr/share/icons/hicolor/symbolic/apps/paint-symbolic.svg"
printf '\211PNG\r\n\032\nother' >"$R/usr/share/icons/hicolor/48x48/apps/other.png"
entry >"$APPS/paint.desktop"
lsl start
retry pgrep -f -- --follow
ok "without the key nothing is made for the menus" gone "$S"

config share=applications
gives "the key takes effect at the next start, without a restart" 0 "" "" lsl start
ok "the entry appears under its own name" appears "$ENTRY"
is "it starts the command" "$(value Exec "$ENTRY" | head -n 1)" "$LINKSDIR/debian:paint --new %U"
is "so does each of its actions" "$(value Exec "$ENTRY" | tail -n 1)" "$LINKSDIR/debian:paint --again \"a b\""
is "so does TryExec" "$(value TryExec "$ENTRY")" "$LINKSDIR/debian:paint"
is "keys without a meaning outside are left out" "$(grep -e ^DBus -e ^Path "$ENTRY")" ""
ok "it is a valid entry" desktop-file-validate "$ENTRY"
ok "its icon exists" test -f "$S/icons/hicolor/48x48/apps/paint.png"
ok "in one colour, too" test -f "$S/icons/hicolor/symbolic/apps/paint-symbolic.svg"
ok "an icon of no entry is not" gone "$S/icons/hicolor/48x48/apps/other.png"
is "all of it belongs to an id that nobody has" \
	"$(find "$S" -mindepth 1 ! -uid 2147450878 -o -perm /022 ! -type l)" ""
is "so do the processes, which have no capability" "$(pgrep -u 2147450878 | while read -r reader; do
	grep -c '^Cap\(Inh\|Prm\|Eff\|Amb\):.0*$' "/proc/$reader/status"
	grep -e ^NoNewPrivs -e ^Seccomp: "/proc/$reader/status"
done | sort -u | tr '\t\n' '  ')" "4 NoNewPrivs: 1 Seccomp: $([ -n "$LSL_FLAGS" ] && echo 0 || echo 2) "

# The view of a desktop.
desktop() {
	as_user env XDG_DATA_DIRS="/usr/local/share:/usr/share:$S" "$@"
}
run desktop gio mime text/x-lsl
like "files of its type are opened with it" "$out" "*paint.desktop*"
if gio help launch >/dev/null 2>&1; then
	ok "it is started from there" desktop gio launch "$ENTRY" "$T/home/alice/picture"
	ok "as the user, with the file to open" retry grep -q "^paint --new .*picture" "$T/home/alice/painted"
else
	skip_check "it is started from there" "this gio has no launch"
fi

# A clash.
mkdir -p "$T/host"
mount --bind "$T/host" /usr/local/share
mkdir /usr/local/share/applications
entry >/usr/local/share/applications/paint.desktop
container other share=applications
mkdir -p "$T/rootfs/other/usr/share/applications"
program "$T/rootfs/other/usr/bin/paint" true
entry >"$T/rootfs/other/usr/share/applications/paint.desktop"
lsl start
ok "beside an entry of the host with the same id it has its container's" \
	retry test -f "$S/applications/other/paint.desktop"
retry gone "$ENTRY" || :
touch "$APPS/paint.desktop"
ok "so has that of each other container" appears "$S/applications/debian/paint.desktop"
ok "not both under the id" retry gone "$ENTRY"
CLASH=$S/applications/debian/paint.desktop
is "windows are found by the id" "$(value StartupWMClass "$CLASH")" paint
is "people see which is which" "$(value 'Name' "$CLASH" | head -n 1), $(value 'Name\[de\]' "$CLASH")" \
	"Paint (debian), Malen (debian)"
ok "it is valid as well" desktop-file-validate "$CLASH"
like "its type is opened with that" "$(cat "$S/applications/mimeinfo.cache")" "*text/x-lsl=*debian-paint.desktop;*"
rm /usr/local/share/applications/paint.desktop
ok "after the host's entry is removed, it has its own id again" retry test -f "$ENTRY"
lsl stop other
ok "a container that is stopped leaves no entry" retry gone "$S/applications/other/paint.desktop"

# Live.
mkdir -p "$APPS/sub"
entry | sed s/Paint/Deep/ >"$APPS/sub/deep.desktop"
ok "a new entry appears, also in a subdirectory" retry test -f "$S/applications/sub/deep.desktop"
mv "$R/usr/bin/paint" "$R/usr/bin/brush"
ok "the entry disappears with its program" retry gone "$ENTRY"
mv "$R/usr/bin/brush" "$R/usr/bin/paint"
ok "and comes again with it" retry test -f "$ENTRY"
entry | sed s/Paint/Brush/ >"$APPS/new"
mv "$APPS/new" "$APPS/paint.desktop"
ok "a changed entry changes" retry grep -q '^Name=Brush' "$ENTRY"
mv "$R/usr/share" "$R/usr/share.away"
ok "all go with the directory" retry gone "$ENTRY"
mv "$R/usr/share.away" "$R/usr/share"
ok "and come again with it" retry test -f "$ENTRY"

config
lsl start
ok "without the key all of them go" retry gone "$ENTRY"
config share=applications
lsl start
retry test -f "$ENTRY"
retry one_follower
kill -KILL "$follower"
ok "when the process that follows the host is killed, nothing stays" retry gone "$ENTRY"
lsl start
ok "the next start shows everything again" retry test -f "$ENTRY"
lsl stop
ok "the last stop leaves nothing" retry sh -c '[ -z "$(find "$0" -mindepth 2)" ]' "$S"
ok "nor a process" retry sh -c '! pgrep -u 2147450878'
