#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The host's people use su and sudo of a container as on the host: by password,
# by NOPASSWD, and by a group of the host's sudoers whose number another group
# of the container has. A person without these rights on the host has none
# inside.
. "$(dirname "$0")/../../lib/lib.sh"
needs perl

R=$T/rootfs/debian
debian_rootfs "$R"
cp /etc/resolv.conf "$R/etc/resolv.conf"
hash() {
	perl -e 'print crypt($ARGV[0], "\$6\$saltsalt\$")' "$1"
}
cp /etc/shadow "$T/machine/shadow"
{
	echo "alice:*:19000::::::"
	echo "bob:$(hash secret-of-bob):19000::::::"
	echo "carol:$(hash secret-of-carol):19000::::::"
} >>"$T/machine/shadow"
mount --bind "$T/machine/shadow" /etc/shadow
echo "carol:x:51003:51003::$T/home/carol:/bin/sh" >>/etc/passwd
echo "carol:x:51003:" >>/etc/group
# Debian's own group with that number is uucp.
echo "wheel:x:10:carol" >>/etc/group
cat >>/etc/sudoers <<END
%wheel ALL=(ALL) NOPASSWD: ALL
bob ALL=(ALL) ALL
END
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;/etc/sudoers;$T/home" "bins=/usr/sbin;/usr/bin;/sbin;/bin" \
	"envPath=/usr/sbin:/usr/bin:/sbin:/bin"
gives "lsl start" 0 "" "" lsl start
as() { # USER PASSWORD CMD...
	user=$1 password=$2
	shift 2
	(cd / && printf '%s\n' "$password" | runuser -u "$user" -- "$@") 2>/dev/null
}
is "su by password" "$(as alice secret-of-bob debian:su bob -c 'id -un')" bob
is "... not by another" "$(as alice wrong debian:su bob -c 'id -un')" ""
is "... not without one" "$(as bob "" debian:su alice -c 'id -un')" ""
if DEBIAN_FRONTEND=noninteractive debian:apt-get -q update >"$W/apt" 2>&1 &&
	DEBIAN_FRONTEND=noninteractive debian:apt-get -q -y install --no-install-recommends sudo >>"$W/apt" 2>&1; then
	lsl restart
	is "sudo by NOPASSWD, of one without a password" "$(as alice "" debian:sudo -n id -u)" 0
	is "... by the host's group, also if the container uses its number" "$(as carol "" debian:sudo -n id -u)" 0
	is "... by password" "$(as bob secret-of-bob debian:sudo -S -p "" id -u)" 0
	is "... not by another" "$(as bob wrong debian:sudo -S -p "" id -u)" ""
	grep -v '^bob ' /etc/sudoers >"$T/machine/new"
	cat "$T/machine/new" >/etc/sudoers
	lsl refresh
	is "... nor if the host's sudoers no longer has that user" "$(as bob secret-of-bob debian:sudo -S -p "" id -u)" ""
else
	skip_check "sudo inside" "$(tail -1 "$W/apt")"
fi
lsl stop
is "no hash is left" "$(grep -rl saltsalt "$R/etc" || :)" ""
