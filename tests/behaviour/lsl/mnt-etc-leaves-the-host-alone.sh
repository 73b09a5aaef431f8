#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs in a container can write, rename and unlink the files that mnt puts
# below /etc, and dpkg can install, upgrade and purge the packages that own
# them. None of that changes a file of the host.
. "$(dirname "$0")/../../lib/lib.sh"
export LSL_TEST_DEBIAN

mkdir "$T/host" "$T/host/static"
for file in owned sudoers plain target static/absolute; do
	echo "of the host: $file" >"$T/host/$file"
done
ln -s target "$T/host/relative"
ln -s "$T/host/static/absolute" "$T/host/absolute"
(cd "$T/host" && find . -type f -exec cksum {} +) | sort >before
unchanged() {
	(cd "$T/host" && find . -type f -exec cksum {} +) | sort >after
	same "$1" after before
}

debian_rootfs "$T/rootfs/debian"
# The path of one file has a link, and the path of another one leads to another
# file in the container.
mkdir -p "$T/rootfs/debian/etc/real" "$T/rootfs/debian$T/host/static"
ln -s etc/real "$T/rootfs/debian/alias"
echo "of the container" >"$T/rootfs/debian$T/host/static/absolute"
echo "the container's own" >"$T/rootfs/debian/etc/plain"
container debian "mnt=$W;/etc/resolv.conf;$T/host/owned:/etc/owned;$T/host/sudoers:/etc/sudoers;$T/host/plain:/etc/plain" \
	"    $T/host/relative:/etc/relative;$T/host/absolute:/etc/absolute;$T/host/target:/alias/target" \
	"bins=/usr/bin;/usr/sbin;/bin;/sbin" "envPath=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
gives "lsl start" 0 "" "" lsl start

for file in owned plain absolute; do
	gives "/etc/$file is the host's inside" 0 "$(cat "$T/host/$file")" "" as_user debian:cat "/etc/$file"
done
not_ok "sudoers, which nothing reads without sudo, is not in the way of its installation" debian:test -e /etc/sudoers
is "the target of a relative link of the host is a file inside" "$(debian:stat -c %F /etc/relative)" "regular file"

for file in /etc/owned /etc/plain /etc/relative /etc/absolute; do
	ok "$file can be written to" debian:sh -c "echo inside >$file"
	ok "... have hard links" debian:ln -f "$file" /etc/hard
	ok "... be replaced" debian:sh -c "echo inside >/etc/new && mv -f /etc/new $file"
	ok "... change its mode" debian:chmod 0777 "$file"
	ok "... become a link" debian:ln -sf /nowhere "$file"
	ok "... be removed" debian:rm -f "$file"
done
for file in /alias/target /etc/real/target; do
	not_ok "$file, mounted, cannot be written to" debian:sh -c "echo inside >$file"
	not_ok "... be replaced" debian:sh -c "echo inside >/etc/new && mv -f /etc/new $file"
	not_ok "... be removed" debian:rm -f "$file"
	not_ok "... change its mode" debian:chmod 0777 "$file"
	not_ok "... have hard links" debian:ln "$file" /etc/hard
done
unchanged "... and the host's files are what they were"

# package VERSION: with configuration files, like sudo's /etc/sudoers.
package() {
	dir=$T/rootfs/debian/tmp/package
	mkdir -p "$dir/DEBIAN" "$dir/etc/real"
	printf 'Package: owner\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: owns files of /etc\n' "$1" >"$dir/DEBIAN/control"
	: >"$dir/DEBIAN/conffiles"
	for file in owned plain relative absolute real/target; do
		echo "of the package, $1" >"$dir/etc/$file"
		echo "/etc/$file" >>"$dir/DEBIAN/conffiles"
	done
	debian:dpkg-deb --build --root-owner-group /tmp/package "/tmp/owner-$1.deb" >/dev/null
	rm -r "$dir"
}
package 1
package 2
for how in "--install /tmp/owner-1.deb" "--force-confnew --install /tmp/owner-2.deb" "--force-confnew --force-confmiss --install /tmp/owner-1.deb" "--remove owner" "--purge owner"; do
	# shellcheck disable=SC2086 # words
	run debian:dpkg $how
	unchanged "dpkg $how leaves the host's files as they were"
done

# The real package.
export DEBIAN_FRONTEND=noninteractive
if debian:apt-get update >"$W/apt" 2>&1; then
	ok "apt-get install sudo" debian:apt-get install -y -q sudo
	lsl refresh
	gives "... and then has the host's sudoers" 0 "of the host: sudoers" "" debian:cat /etc/sudoers
	is "... with the mode that sudo wants" "$(debian:stat -c %a /etc/sudoers)" 440
	unchanged "... and leaves the host's as it was"
	ok "its reinstallation" debian:apt-get install -y -q --reinstall sudo
	ok "... with the package's own sudoers" debian:apt-get install -y -q --reinstall -o Dpkg::Options::=--force-confnew -o Dpkg::Options::=--force-confmiss sudo
	unchanged "... leaves the host's as it was"
	ok "dpkg --purge sudo" debian:env SUDO_FORCE_REMOVE=yes dpkg --purge sudo
	unchanged "... leaves the host's as it was"
	lsl refresh
	not_ok "... and the container has none" debian:test -e /etc/sudoers
	ok "it can be installed again" debian:apt-get install -y -q sudo
else
	skip_check "sudo's own package" "$(tail -1 "$W/apt")"
fi

# Its services: package scripts start none while the container is started.
is "policy-rc.d refuses" "$(debian:sh -c '/usr/sbin/policy-rc.d x start; echo $?')" 101
lsl stop
not_ok "... while the container is started" test -e "$T/rootfs/debian/usr/sbin/policy-rc.d"
program "$T/rootfs/debian/usr/sbin/policy-rc.d" "exit 104"
lsl start
is "... unless it has its own" "$(debian:sh -c '/usr/sbin/policy-rc.d x start; echo $?')" 104
lsl stop
is "... which stays" "$(tail -n 1 "$T/rootfs/debian/usr/sbin/policy-rc.d")" "exit 104"
# Scripts see in the host's /run that systemd runs, and call systemctl.
mkdir -p "$T/machine/run/systemd/system"
mount --bind "$T/machine/run" /run
systemctl=$T/rootfs/debian/usr/bin/systemctl
lsl start
gives "if they see that systemd runs, there is a systemctl, which does nothing" 0 "" "Running in chroot, ignoring command" \
	debian:sh -c '[ ! -d /run/systemd/system ] || systemctl start nginx'
lsl refresh
ok "... also after a refresh" test -x "$systemctl"
lsl stop
not_ok "... while the container is started" test -e "$systemctl"
sed -i '/^\[debian\]/a own=/run' "$CONFIG"
lsl start
not_ok "... nor with own=/run" debian:test -e /usr/bin/systemctl
lsl stop
sed -i '/^own=/d' "$CONFIG"
program "$systemctl" "exit 3"
lsl start
is "... nor if it has one" "$(debian:sh -c 'systemctl; echo $?')" 3
lsl stop
is "... which stays" "$(tail -n 1 "$systemctl")" "exit 3"
rm "$systemctl"
umount /run
lsl start

# The same for a file that is added to a running container.
echo "of the host: later" >"$T/host/later"
(cd "$T/host" && find . -type f -exec cksum {} +) | sort >before
sed -i "s,^mnt=.*,&;$T/host/later:/etc/later," "$CONFIG"
gives "lsl start adds a file" 0 "" "" lsl start
gives "... which exists" 0 "of the host: later" "" debian:cat /etc/later
ok "... and can be removed" debian:rm -f /etc/later
unchanged "... which leaves the host's as it was"

echo "changed on the host" >"$T/host/plain"
ok "lsl refresh" lsl refresh
gives "a change of the host's file is inside after a refresh" 0 "changed on the host" "" debian:cat /etc/plain
lsl stop
is "a stop restores the container's own file" "$(cat "$T/rootfs/debian/etc/plain")" "the container's own"
