#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file in mnt below /etc is a copy of the host's file that is kept fresh. The
# container's former file comes back at a stop. A file that the container's own
# programs put there stays until the host's file changes or until the next
# start.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

R=$T/rootfs/debian
mkdir "$T/host"
for file in resolv.conf hosts motd; do
	echo "one" >"$T/host/$file"
done
container debian "mnt=$T/host/resolv.conf:/etc/resolv.conf;$T/host/hosts:/etc/hosts;$T/host/motd:/etc/motd;$T/host/late:/etc/late;$T/host/deep:/etc/not/there/yet"
ln -s ../run/own "$R/etc/resolv.conf"
echo own >"$R/etc/hosts"
chmod 0640 "$R/etc/hosts"
chown 1:2 "$R/etc/hosts"
snapshot() {
	(cd "$R" && find etc ! -path etc ! -path 'etc/not*' -printf '%p %y %m %U:%G %l\n' -type f -exec cksum {} \;) | sort
}
# replace NAME TEXT: like vipw and resolvconf.
replace() {
	echo "$2" >"$T/host/$1.new"
	mv "$T/host/$1.new" "$T/host/$1"
}
not_there() {
	! debian:test -e /etc/linked
}
milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}
# within_a_second WHAT TEXT FILE: the file in the container has it, and not
# later than that.
within_a_second() {
	began=$(milliseconds)
	until [ "$(cat "$R$3")" = "$2" ]; do
		[ $(($(milliseconds) - began)) -lt 20000 ] || break
		sleep 0.01
	done
	took=$(($(milliseconds) - began)) text=$(cat "$R$3")
	if [ "$text" = "$2" ] && [ "$took" -lt 1000 ]; then pass "$1"; else fail "$1" "$took ms: $text"; fi
}
snapshot >before

run lsl start
is "lsl start" "$status" 0
for file in resolv.conf hosts motd; do
	gives "/etc/$file is the host's" 0 one "" debian:cat "/etc/$file"
	is "... and a regular file of the rootfs" "$(debian:stat -c %F "/etc/$file")" "regular file"
	not_ok "... and no mount point" findmnt --mountpoint "$R/etc/$file"
done
is "owner and mode are those of the container's own" "$(debian:stat -c '%a %u:%g' /etc/hosts)" "640 1:2"
is "the container's own file is kept beside it" "$(cat "$R/etc/.hosts.lsl-kept")" own
is "only root can read the journal" "$(stat -c '%a %u' "$R/etc/.lsl-journal")" "600 0"

replace hosts two
ok "lsl refresh" lsl refresh
gives "a file that the host replaces is inside after a refresh" 0 two "" debian:cat /etc/hosts
not_ok "a file that the host does not have does not exist inside" debian:test -e /etc/late
echo "now" >"$T/host/late"
lsl refresh
gives "... and appears when the host has it" 0 now "" debian:cat /etc/late
rm "$T/host/late"
lsl refresh
not_ok "... and disappears with it" debian:test -e /etc/late

debian:sh -c 'echo inside >/etc/new; mv /etc/new /etc/motd; rm /etc/resolv.conf; ln -s /nowhere /etc/resolv.conf'
lsl refresh
gives "a file of the container's programs stays" 0 inside "" debian:cat /etc/motd
is "... also a link" "$(debian:readlink /etc/resolv.conf)" /nowhere
replace motd three
lsl refresh
gives "... until the host's file changes" 0 three "" debian:cat /etc/motd
lsl start
gives "... or the next start" 0 one "" debian:cat /etc/resolv.conf
is "the host's own file was never touched" "$(cat "$T/host/resolv.conf")" one

ok "lsl restart" lsl restart
gives "a restart keeps it fresh" 0 two "" debian:cat /etc/hosts

sed -i 's,;[^;]*:/etc/motd,,' "$CONFIG"
ok "lsl start without one of them" lsl start
is "takes it out and puts back what the container's programs made of it" "$(cat "$R/etc/motd")" inside
rm "$R/etc/motd"
ok "lsl stop" lsl stop
ln -sf ../run/own "$R/etc/resolv.conf"
snapshot >after
same "a stop leaves the rootfs as it was before the first start" after before

# No command is needed: a process follows the host.
lsl start
for i in $(seq 50); do
	replace hosts "number $i"
done
within_a_second "the last of 50 changes in a loop is inside" "number 50" /etc/hosts
echo "in place" >"$T/host/hosts"
within_a_second "so is what is written in place" "in place" /etc/hosts
ln -s elsewhere/hosts "$T/host/link"
mkdir "$T/host/elsewhere"
echo "by a link" >"$T/host/elsewhere/hosts"
sed -i 's,^mnt=,mnt='"$T/host/link:/etc/linked;," "$CONFIG"
lsl start
within_a_second "what a link of the host leads to" "by a link" /etc/linked
echo "behind the link" >"$T/host/elsewhere/new"
mv "$T/host/elsewhere/new" "$T/host/elsewhere/hosts"
within_a_second "... also when it is replaced behind the link" "behind the link" /etc/linked
ln -sf hosts "$T/host/link"
within_a_second "... or the link leads elsewhere" "in place" /etc/linked
ln -sfn later/file "$T/host/link"
retry not_there
not_ok "a link that leads nowhere gives no file" debian:test -e /etc/linked
mkdir "$T/host/later"
echo "at last" >"$T/host/later/file"
within_a_second "... until there is one" "at last" /etc/linked
rm "$T/host/link"
retry not_there
not_ok "... and when the link is removed" debian:test -e /etc/linked
ok "one process does that" retry one_follower
is "... with no descriptor of its caller's" "$(readlink "/proc/$follower/fd/"[012] | sort -u)" /dev/null
is "... no environment" "$(tr '\0' '\n' <"/proc/$follower/environ")" ""
lsl restart
echo "after a restart" >"$T/host/hosts"
within_a_second "a restart keeps it going" "after a restart" /etc/hosts
retry one_follower
pkill -KILL -P "$follower"
echo "for nobody" >"$T/host/hosts"
ok "it ends without the process that writes for it" retry no_follower
lsl start
echo "for the next one" >"$T/host/hosts"
within_a_second "... and the next start has another" "for the next one" /etc/hosts
sed -i "s,$T/host/link:/etc/linked;,," "$CONFIG"
replace hosts two
lsl start
lsl stop
ok "it ends with the last container" retry no_follower

# The zone: a link in the usual form if the container has that zone.
mkdir -p "$T/host/zoneinfo/Area"
echo "a zone" >"$T/host/zoneinfo/Area/City"
ln -s "$T/host/zoneinfo/Area/City" "$T/host/localtime"
sed -i 's,^mnt=,mnt='"$T/host/localtime:/etc/localtime;," "$CONFIG"
lsl start
is "a zone that the container does not have is copied" "$(debian:stat -c %F /etc/localtime) $(debian:cat /etc/localtime)" "regular file a zone"
mkdir -p "$R/usr/share/zoneinfo/Area"
echo "its own" >"$R/usr/share/zoneinfo/Area/City"
lsl refresh
is "... one that it has is a link to its own" "$(debian:readlink /etc/localtime)" /usr/share/zoneinfo/Area/City
rm -r "$R/usr/share/zoneinfo"
sed -i "s,$T/host/localtime:/etc/localtime;,," "$CONFIG"
lsl start
not_ok "... and disappears" debian:test -e /etc/localtime
lsl stop
retry no_follower

# A machine that goes down: without the namespace, and with the rootfs as it
# was.
lsl start
umount -l "$MNTDIR" && rm -rf "$MNTDIR"
umount -l "$LINKSDIR" || :
retry no_lslfs
is "without a stop the copies are still there" "$(cat "$R/etc/hosts")" two
replace hosts four
ok "the next start" lsl start
gives "... is right again" 0 four "" debian:cat /etc/hosts
umount -l "$MNTDIR" && rm -rf "$MNTDIR"
umount -l "$LINKSDIR" || :
retry no_lslfs
ok "so is a stop without a start" lsl stop
snapshot >after
same "... which puts everything back" after before

# A read-only rootfs: mounted, if mount points exist.
mount --bind "$R" "$R"
mount -o remount,bind,ro "$R"
sed -i 's,mnt=.*,mnt='"$T/host/hosts:/etc/hosts;$T/host/hosts:/etc/missing," "$CONFIG"
missing="lsl: $CONFIG:4: /etc/missing does not exist in $R, which is read-only; debian is started without it"
gives "lsl start with a read-only rootfs" 0 "" "$missing" lsl start
gives "... again" 0 "" "$missing" lsl start
gives "... has the host's file too" 0 four "" debian:cat /etc/hosts
not_ok "... which cannot be written to" debian:sh -c 'echo inside >/etc/hosts'
lsl stop
umount "$R"
