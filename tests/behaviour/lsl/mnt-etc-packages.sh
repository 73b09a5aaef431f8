#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The packages that own the usual files of mnt below /etc, or edit them, can be
# installed, upgraded, reconfigured and purged in a container with all of these
# files. The host's /etc does not change, and the container keeps the host's
# time zone and its names. tests/field/lived-in does this with fifty packages.
. "$(dirname "$0")/../../lib/lib.sh"

cp -a /etc "$T/machine/etc"
rm -f "$T/machine/etc/localtime"
ln -s /usr/share/zoneinfo/Asia/Tokyo "$T/machine/etc/localtime"
mount --bind "$T/machine/etc" /etc
debian_rootfs "$T/rootfs/debian"
R=$T/rootfs/debian
container debian "mnt=/etc/passwd;/etc/shadow;/etc/group;/etc/resolv.conf;/etc/sudoers;/etc/hosts;/etc/localtime;$T/home" \
	"bins=/usr/sbin;/usr/bin;/sbin;/bin" "envPath=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
host_files() {
	(cd /etc && find . ! -type d -printf '%p %l %m %U:%G\n' -type f -exec cksum {} +) | sort
}
host_files >before
untouched() { # WHEN
	host_files >after
	same "$1: the host's /etc is what it was" after before
	is "... and each package is whole" "$(debian:dpkg --audit 2>&1)" ""
	is "... and the host's people are known" "$(debian:id -u alice):$(debian:getent passwd | cut -d: -f1 | sort | uniq -d)" "$USERID:"
}
export DEBIAN_FRONTEND=noninteractive SUDO_FORCE_REMOVE=yes
apt() {
	debian:apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"
}
zone() {
	debian:readlink /etc/localtime
}
gives "lsl start" 0 "" "" lsl start
apt update >"$W/apt" 2>&1 || skip "no packages: $(tail -n 1 "$W/apt")"
# With users, groups, setgid programs and statoverrides.
packages="sudo tzdata cron openssh-client ssl-cert"
# shellcheck disable=SC2086 # words
{
	ok "packages are installed" apt install $packages
	lsl refresh
	untouched "installed"
	is "the zone is the host's" "$(zone):$(debian:date +%Z)" "/usr/share/zoneinfo/Asia/Tokyo:JST"
	is "sudoers is the host's" "$(debian:cat /etc/sudoers)" "$(cat /etc/sudoers)"
	ok "they are upgraded, and so are packages that always own accounts" apt install --reinstall $packages base-passwd passwd
	untouched "upgraded"
	for package in $packages base-passwd passwd; do
		ok "$package is reconfigured" debian:dpkg-reconfigure -f noninteractive "$package"
	done
	untouched "reconfigured"
	is "the zone has survived that" "$(zone):$(debian:date +%Z)" "/usr/share/zoneinfo/Asia/Tokyo:JST"
	ok "a package that replaces resolv.conf is installed" apt install resolvconf
	untouched "resolvconf installed"
	lsl start
	is "lsl start brings the host's resolv.conf back" "$(debian:cat /etc/resolv.conf)" "$(cat /etc/resolv.conf)"
	ok "all are purged" apt purge resolvconf $packages
	untouched "purged"
}
ok "lsl stop" lsl stop
host_files >after
same "stopped: the host's /etc is what it was" after before
is "... and nobody of the host is in the container" "$(grep -c '^alice:' "$R/etc/passwd" "$R/etc/shadow" || :)" "$R/etc/passwd:0
$R/etc/shadow:0"
