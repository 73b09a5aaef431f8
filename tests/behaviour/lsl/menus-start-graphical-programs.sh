#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A graphical program of a container is chosen from a menu of the host, and its
# window appears on the screen with the same picture as the host's own program.
. "$(dirname "$0")/../../lib/lib.sh"
needs Xvfb twm xlogo xwd xwininfo xprop j4-dmenu-desktop perl ldd

# Nothing of the machine's displays and sessions is used.
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=0755 run /run
mkdir -p /run/user
mkdir -m 1777 /tmp/.X11-unix
mkdir -m 0700 /run/user/"$USERID"
chown "$USERID":"$USERID" /run/user/"$USERID"
S=$T/run/lsl/share
R=$T/rootfs/paint

# The container has xlogo and its libraries.
container paint share=applications "mnt=$T/home;/tmp/.X11-unix"
mkdir -p "$R/usr/share/applications" "$R/usr/share/pixmaps"
cp "$(command -v xlogo)" "$R/usr/bin/paint"
ldd "$(command -v xlogo)" | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "$R${library%/*}"
	cp -L "$library" "$R$library"
done
cat >"$R/usr/share/applications/org.example.Paint.desktop" <<EOF
[Desktop Entry]
Type=Application
Name=Paint in a container
Exec=paint -geometry 160x120+40+30 -title Paint -name paint
Icon=paint
Categories=Graphics;
StartupWMClass=XLogo
EOF
printf '/* XPM */\nstatic char *paint[] = {"1 1 1 1", "a c #ff0000", "a"};\n' >"$R/usr/share/pixmaps/paint.xpm"
usr_rootfs "$T/rootfs/host"
container talk "path=$T/rootfs/host" "mnt=$USR_MNT" "bins=$USR_BINS"
lsl start

# A display with a window manager.
user() {
	as_user env DISPLAY=:"$DISPLAY" XDG_RUNTIME_DIR=/run/user/"$USERID" HOME="$T/home/alice" \
		XDG_DATA_DIRS="/usr/local/share:/usr/share:$S" XDG_DATA_HOME="$T/home/alice/none" "$@"
}
DISPLAY=7
# Not by an abstract socket, which no mount could keep from a container.
as_user Xvfb :7 -screen 0 640x480x24 -nolisten tcp -nolisten local -noreset -ac >"$W/xvfb" 2>&1 &
retry user xprop -root
# The only fonts are those of every display.
cat >"$T/home/alice/twmrc" <<EOF
RandomPlacement
NoTitle
BorderWidth 0
TitleFont "fixed"
ResizeFont "fixed"
MenuFont "fixed"
IconFont "fixed"
IconManagerFont "fixed"
EOF
user twm -f "$T/home/alice/twmrc" >"$W/twm" 2>&1 &
windows_are_managed() {
	user xwininfo -root -events | grep -q SubstructureRedirect
}
ok "there is a window manager" retry windows_are_managed
window() {
	user xwininfo -root -tree | sed -n 's/^ *\(0x[0-9a-f]*\) "Paint".*/\1/p'
}
has_window() {
	[ -n "$(window)" ] && user xwininfo -id "$(window)" | grep -q IsViewable
}
has_no_window() {
	[ -z "$(window)" ]
}
# After a header it has a word for each pixel.
colours() {
	tail -c $((160 * 120 * 4)) "$1" | od -An -v -tx4 -w4 | sort -u | wc -l
}
# picture FILE: of the window, when it has been drawn.
picture() {
	retry take_picture "$1"
}
take_picture() {
	user xwd -silent -id "$(window)" >"$1" && user xwd -silent -id "$(window)" >"$1.again" &&
		cmp "$1" "$1.again" && [ "$(colours "$1")" -gt 1 ]
}

# A menu, and a person who chooses from it.
retry test -f "$S/applications/org.example.Paint.desktop"
user j4-dmenu-desktop --no-generic --dmenu="tee $T/home/alice/menu | grep -m 1 'Paint in a container'" >"$W/menu" 2>&1 &
ok "the program is started from a menu that lists its entry" retry has_window
like "the menu has the program" "$(cat "$T/home/alice/menu")" "*Paint in a container*"
pid=$(pgrep -u alice -x paint)
is "it runs in the container" "$(stat -Lc %i "/proc/$pid/ns/mnt")" "$(stat -Lc %i "$MNTDIR/paint")"
like "its window is known by what the entry says" "$(user xprop -id "$(window)" WM_CLASS)" \
	"*\"$(sed -n 's/^StartupWMClass=//p' "$S/applications/org.example.Paint.desktop")\"*"
picture "$W/inside"
kill "$pid"
ok "its window disappears with it" retry has_no_window
user xlogo -geometry 160x120+40+30 -title Paint -name paint 2>/dev/null &
retry has_window
picture "$W/outside"
ok "the picture is the one of the host's own program" cmp "$W/inside" "$W/outside"
ok "which is more than a background" [ "$(colours "$W/inside")" -gt 1 ]
pkill -x xlogo

# Sound and Wayland are sockets below XDG_RUNTIME_DIR.
mkdir "/run/user/$USERID/pulse"
chown "$USERID":"$USERID" "/run/user/$USERID/pulse"
for socket in wayland-0 pulse/native; do
	as_user perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die; print {$s->accept} "answer\n"' \
		"/run/user/$USERID/$socket" &
	retry test -S "/run/user/$USERID/$socket"
	gives "a program in a container reaches $socket" 0 answer "" user "$LINKSDIR/talk:perl" -MIO::Socket::UNIX -e '
		print IO::Socket::UNIX->new(Peer => "$ENV{XDG_RUNTIME_DIR}/$ARGV[0]")->getline' "$socket"
done

# The message if the display cannot be reached.
sed -i "s|;/tmp/.X11-unix||" "$CONFIG"
run user env XAUTHORITY="$T/home/alice/.Xauthority" "$T/usr/bin/lsl" check
like "lsl check says where mnt keeps the display out" "$out" "*mnt has neither /tmp nor /tmp/.X11-unix*"
run as_user env -u XDG_DATA_DIRS "$T/usr/bin/lsl" check
like "and where the session does not know of the entries" "$out" "*XDG_DATA_DIRS*"
