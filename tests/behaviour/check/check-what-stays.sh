#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl status and lsl check report differences from the configuration: a package
# of the container has replaced a file of the host by its own version; files of
# the host are left in a root filesystem that is not started; a container keeps
# a file system in use that the host has unmounted. lsl check also reports once
# that a container lacks the host's locale, with the package to install, and
# that the host's people have no passwords in one with sudo.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq

R=$T/rootfs/debian
mkdir -p "$T/host"
echo "host" >"$T/host/conf"
container debian "mnt=$T/host/conf:/etc/conf"
mkdir -p "$R/var/lib/dpkg" "$R/usr/bin"
printf 'Package: conf\nConffiles:\n /etc/conf 0123\n' >"$R/var/lib/dpkg/status"
# told COMMAND CHECK: the texts and remedies of this kind.
told() {
	"$T/usr/bin/lsl" $LSL_FLAGS "$1" --json 2>/dev/null | jq -r ".problems // .findings | .[] | select(.check == \"$2\") | .text, .remedy"
}
lsl start
for command in status check; do
	is "lsl $command says nothing of a copy that is the host's" "$(told $command journal)" ""
done
debian:sh -c 'rm /etc/conf; echo package >/etc/conf'
echo "newer" >"$T/host/conf"
lsl refresh 2>/dev/null
for command in status check; do
	is "lsl $command says that a package's own version stays" "$(told $command journal)" \
		"/etc/conf: a package of the container installed its own version, which stays instead of the host's
to have the host's, remove it in the container, then sudo lsl start debian"
done
is "an ordinary user cannot know this, and gets no finding" "$(as_user "$T/usr/bin/lsl" $LSL_FLAGS status --json | jq -r '.problems[].check')" ""
lsl restart 2>/dev/null
like "... also after a restart" "$(told status journal)" "/etc/conf: *"
debian:rm /etc/conf
lsl start debian
is "the remedy helps" "$(debian:cat /etc/conf)$(told status journal)" newer

cp -a "$R/etc/.lsl-journal" "$T/machine/journal"
lsl stop
is "after a stop nothing is left" "$(told check journal)" ""
mv "$T/machine/journal" "$R/etc/.lsl-journal"
for command in status check; do
	is "after a crash lsl $command says that something is" "$(told $command journal)" \
		"it is not started, but files and people of the host are still in $R (was the machine switched off?)
sudo lsl stop debian"
done
lsl stop debian
is "the remedy helps here, too" "$(told check journal)" ""

mkdir "$T/usb" "$T/outer" "$T/stick"
mount -t tmpfs usb "$T/usb"
mount -t tmpfs stick "$T/stick"
busybox_rootfs "$T/usb/rootfs"
chmod 0755 "$T/usb" "$T/stick"
container usb "path=$T/usb/rootfs" "mnt=$T/stick:/media"
lsl start usb
for command in status check; do
	is "lsl $command says nothing while all is mounted" "$(told $command kept)" ""
done
umount "$T/stick"
is "a file system of mnt disappears without a restart" "$(told check kept)" ""
umount "$T/usb"
for command in status check; do
	is "lsl $command says what the container keeps in use" "$(told $command kept)" \
		"its / is on usb, which the host has unmounted: the container keeps that in use
sudo lsl stop usb"
done
lsl stop
is "a stop lets it go" "$(told check kept)" ""

container sudo "mnt=/etc/passwd;/etc/group"
mkdir -p "$T/rootfs/sudo/usr/bin"
is "without sudo inside nobody lacks passwords" "$(told check mnt | grep shadow || :)" ""
touch "$T/rootfs/sudo/usr/bin/sudo"
is "passwd without shadow is reported, with the element to add" "$(told check mnt | grep shadow)" \
	"mnt: /etc/passwd without /etc/shadow: sudo and su inside accept no password of the host's people
add ;/etc/shadow to mnt, then sudo lsl start sudo"
sed -i 's,^mnt=/etc/passwd,&;/etc/shadow,' "$CONFIG"
is "... and not with it" "$(told check mnt | grep shadow || :)" ""

echo 'LANG="xx_YY.UTF-8"' >"$T/machine/locale"
touch /etc/default/locale
mount --bind "$T/machine/locale" /etc/default/locale
is "a container without glibc lacks no locale" "$(told check locale)" ""
touch "$R/usr/bin/locale" "$R/usr/bin/apt-get"
is "a missing locale is reported, with the package to install" "$(told check locale)" \
	"it lacks the host's locale xx_YY.UTF-8, so its programs warn and print English
sudo debian:apt-get install locales-all"
mkdir -p "$R/usr/lib/locale/xx_YY.utf8"
is "... and an existing one is not" "$(told check locale)" ""
rm -r "$R/usr/lib/locale/xx_YY.utf8"
printf 'head\0xx_YY.utf8\0zz_ZZ\0' >"$R/usr/lib/locale/locale-archive"
is "... also in the archive" "$(told check locale)" ""
printf 'head\0xx_YY.utf8@euro\0zz_ZZ\0' >"$R/usr/lib/locale/locale-archive"
like "... where another begins so" "$(told check locale)" "*xx_YY*"
echo 'LANG=C.UTF-8' >"$T/machine/locale"
is "C.UTF-8 is everywhere" "$(told check locale)" ""
