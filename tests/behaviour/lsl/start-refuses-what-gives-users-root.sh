#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start refuses a container that would give users root: a root filesystem
# that users other than root can change, or in which root has no password and su
# is setuid. One message has the line that allows it or the command that
# corrects it; lsl check shows the same. With the line it starts. A running
# container is left alone.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

root=$T/rootfs/debian
config() {
	rm -f "$CONFIG"
	container debian "$@"
}

# refused WHAT PATTERN [REMEDY]: by start and by check, in one message each.
refused() {
	run lsl start
	is "$1: lsl start fails" "$status" 1
	like "$1: ... and says why, with file and line" "$err" "lsl: $CONFIG:[23]: debian: not started: $2 (${3:-*})"
	is "$1: ... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
	not_ok "$1: nothing is started" is_started debian
	run lsl check
	is "$1: lsl check has an error" "$status" 2
	like "$1: ... with the same words" "$(one_line "$out")" "*error*debian: $2*${3:-}*"
}
# mended WHAT: runs the remedy of the last message; then the container starts.
mended() {
	remedy=$(lsl check --json | sed -n 's/.*"remedy": *"sudo \(.*\)".*/\1/p' | grep -F "$T/rootfs" | head -n 1 | sed 's/\\\(["\\]\)/\1/g')
	ok "$1: the remedy can be pasted" sh -c "$(printf '%s' "$remedy" | sed 's/; sudo /; /g')"
	gives "$1: then it starts" 0 "" "" lsl start
	lsl stop
}
# allowed WHAT LINE
allowed() {
	sed -i "s/^bins=/$2\n&/" "$CONFIG"
	gives "$1: with $2 it starts" 0 "" "" lsl start
	run lsl check
	like "$1: ... and check says that it is allowed" "$(one_line "$out")" "*ok*allow= permits it*"
	lsl stop
}

# Directories in it.
mkdir -p "$root"
busybox_rootfs "$root"
mkdir "$root/lib" "$root/lib64" "$root/opt"
for dir in / /etc /lib /lib64 /usr /bin; do
	for how in "chmod 0775" "chmod 0757" "chown 61001"; do
		config
		# shellcheck disable=SC2086 # words
		$how "$root$dir"
		shown=$root${dir%/}
		refused "$how $dir" "*root filesystem $root: users other than root can change $shown, *without the line allow=shared-rootfs"
		chown 0:0 "$root$dir"
		chmod 0755 "$root$dir"
	done
done
chmod 0777 "$root/usr"
mended "a directory in it"
chmod 0777 "$root/usr"
allowed "a directory in it" "allow=shared-rootfs"
chmod 0755 "$root/usr"
config "allow=suid-mnt"
chmod 0777 "$root/usr"
refused "allow= with another word" "*without the line allow=shared-rootfs;suid-mnt"
chmod 0755 "$root/usr"

# Only the directories that matter.
config
mkdir -p "$root/srv/share" "$root/var"
chmod 0777 "$root/srv/share" "$root/opt" "$root/var"
gives "other directories may be users'" 0 "" "" lsl start
lsl stop
chmod 0777 "$root/opt"
config "bins=/opt;/bin"
refused "a directory of bins" "*can change $root/opt, *allow=shared-rootfs"
chmod 0755 "$root/opt"

# A group without members counts as root's, like Debian's staff.
printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nstaff:x:61950:\n' >"$root/etc/group"
chgrp 61950 "$root/usr/local/bin"
chmod 2775 "$root/usr/local/bin"
config
gives "a directory that a group without members may change" 0 "" "" lsl start
lsl stop
echo "staff:x:61950:alice" >>"$T/machine/group"
refused "a group with a member on the host" "*can change $root/usr/local/bin, *"
sed -i '$d' "$T/machine/group"
printf 'staff:x:61950:carol\n' >"$root/etc/group"
refused "a group with a member in the container" "*can change $root/usr/local/bin, *"
printf 'staff:x:61950:\n' >"$root/etc/group"
echo "carol:x:1000:61950::/:/bin/sh" >>"$root/etc/passwd"
refused "somebody's own group" "*can change $root/usr/local/bin, *"
sed -i '$d' "$root/etc/passwd"
if setfacl -m u:alice:rwx "$root/usr/local/bin" 2>/dev/null; then
	refused "an access control list" "*can change $root/usr/local/bin, *"
	setfacl -b "$root/usr/local/bin"
fi
chgrp 0 "$root/usr/local/bin"
chmod 0755 "$root/usr/local/bin"

# Directories that lead to it.
mkdir "$T/way" "$T/way/users" "$T/way/sticky"
chmod 1777 "$T/way/sticky"
cp -a "$root" "$T/way/sticky/rootfs"
config "path=$T/way/sticky/rootfs"
gives "a sticky directory on the way is well" 0 "" "" lsl start
lsl stop
chown 61001 "$T/way/users"
mv "$T/way/sticky/rootfs" "$T/way/users/rootfs"
config "path=$T/way/users/rootfs"
refused "a user's directory on the way" "*users other than root can change $T/way/users, *allow=shared-rootfs" "move the root filesystem *"
not_ok "... without a remedy that takes it from the user" sh -c "lsl check | grep 'chown.*$T/way/users'"
allowed "a user's directory on the way" "allow=shared-rootfs"
chown 0 "$T/way/users"
chmod 0777 "$T/way"
config "path=$T/way/users/rootfs"
refused "a directory on the way that everybody may change" "*users other than root can change $T/way, *" "sudo chmod go-w $T/way"
chmod 0755 "$T/way"

# A tree for a user namespace.
chown -R 231072:231072 "$T/way/users/rootfs"
refused "a shifted tree" "*belong to uid 231072 instead of root*allow=shared-rootfs" "unpack it again*"
chown -R 0:0 "$T/way/users/rootfs"

# Passwords.
config
cp "$root/bin/busybox" "$root/bin/real-su"
ln -sf real-su "$root/bin/su"
chmod 4755 "$root/bin/real-su"
echo 'root::0:0::/root:/bin/sh' >"$root/etc/passwd"
refused "no password in passwd" "*root has no password in $root/etc/passwd, and /bin/su is setuid*without the line allow=empty-root-password" "sudo sed -i *"
mended "no password in passwd"
echo 'root:x:0:0::/root:/bin/sh' >"$root/etc/passwd"
echo 'root::19000:0:99999:7:::' >"$root/etc/shadow"
chmod 0600 "$root/etc/shadow"
refused "no password in shadow" "*root has no password in $root/etc/shadow, and /bin/su is setuid*"
run as_user lsl check
like "... which check by a user reports as unknown" "$out" "*unknown*whether root has a password*"
allowed "no password in shadow" "allow=empty-root-password"
config
cp "$root/etc/passwd" "$root/etc/shadow" "$W"
printf 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:*:19000::::::\ntoor::19000::::::\n' >"$root/etc/shadow"
refused "no password of another uid 0" "*toor has no password in $root/etc/shadow, and /bin/su is setuid*"
cp "$W/passwd" "$W/shadow" "$root/etc"
chmod 0755 "$root/bin/real-su"
gives "no password, but nothing by which to become root" 0 "" "" lsl start
lsl stop
mkdir "$root/opt/bin"
cp "$root/bin/busybox" "$root/opt/bin/sudo"
chmod 4755 "$root/opt/bin/sudo"
config "bins=/opt/bin;/bin"
refused "sudo, in a directory of bins" "*and /opt/bin/sudo is setuid*"
config
chmod 4755 "$root/bin/real-su"
mended "no password in shadow"
is "... which is locked then" "$(cut -d: -f2 "$root/etc/shadow")" '!'
for password in '*' '!' '$6$x$y'; do
	printf 'root:%s:19000::::::\n' "$password" >"$root/etc/shadow"
	gives "root's password is $password" 0 "" "" lsl start
	lsl stop
done

# A running one is left alone, also by restart; others start.
gives "lsl start" 0 "" "" lsl start
chmod 0777 "$root/usr"
gives "a running container is left alone" 0 "" "" lsl start
run lsl restart
is "restart does not stop what it could not start again" "$status" 1
ok "... it runs on" debian:true
chmod 0755 "$root/usr"
lsl stop
container other
chmod 0777 "$root/usr"
run lsl start
is "one that is refused: exit status 1" "$status" 1
ok "... the others are started" is_started other

# Names that a shell would split.
hostile="$T/rootfs/a;touch pwned;\$(touch pwned) 'b"
cp -a "$root" "$hostile"
rm "$CONFIG"
container quoted "path=$hostile"
root=$hostile
mended "a hostile name"
not_ok "... runs nothing of it" test -e pwned

# The host's own root, at any mount point.
mkdir "$T/again"
mount --bind / "$T/again"
container again "path=$T/again"
run lsl start again
is "another mount of the host's root is refused" "$status" 1
like "... and it says so" "$err" "*again*host's own root*"
umount "$T/again"
