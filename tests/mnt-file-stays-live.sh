#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file in mnt shows what the host has now, although the host's tools replace it by
# rename; also where the container's own file is a dangling link or is not there.
. "$(dirname "$0")/lib.sh"

mkdir "$T/host"
echo one >"$T/host/resolv.conf"
echo one >"$T/host/hosts"
echo one >"$T/host/real"
ln -s real "$T/host/linked"
container debian "mnt=$T/host/resolv.conf:/etc/resolv.conf;$T/host/hosts:/etc/hosts;$T/host/real:/etc/deep/missing/real;$T/host/linked:/etc/linked;$T/host/late:/etc/late;/etc/passwd"
ln -s ../run/systemd/resolve/stub-resolv.conf "$T/rootfs/debian/etc/resolv.conf"
echo own >"$T/rootfs/debian/etc/hosts"
run lsl start
is "a file of the host that is not there does not keep the container from starting" "$status" 0
like "... but is told, with file and line" "$err" "*$CONFIG:4:*$T/host/late*"

# replace NAME TEXT: as vipw and resolvconf do it.
replace() {
	echo "$2" >"$T/host/$1.new"
	mv "$T/host/$1.new" "$T/host/$1"
}

for file in resolv.conf hosts deep/missing/real; do
	gives "/etc/$file has the host's content" 0 one "" debian:cat "/etc/$file"
done
stale=0
for i in $(seq 50); do
	replace resolv.conf "number $i"
	replace hosts "number $i"
	replace real "number $i"
	for file in resolv.conf hosts deep/missing/real linked; do
		[ "$(as_user debian:cat "/etc/$file")" = "number $i" ] || stale=$((stale + 1))
	done
done
is "replaced 50 times by rename, the container never sees the old content" $stale 0

mkfifo "$W/ask" "$W/answer"
debian:sh -c 'while read -r line; do cat /etc/resolv.conf; done' <"$W/ask" >"$W/answer" &
exec 3>"$W/ask" 4<"$W/answer"
replace resolv.conf "while it runs"
echo >&3
read -r line <&4
is "a program that runs already sees it too" "$line" "while it runs"
exec 3>&- 4<&-

ln -sf other "$T/host/linked"
echo other >"$T/host/other"
gives "a link of the host that leads elsewhere now is followed" 0 other "" debian:cat /etc/linked

echo appended >>"$T/host/hosts"
like "so is a file that is written to" "$(debian:cat /etc/hosts)" "number 50
appended"
debian:sh -c 'echo written inside >/etc/hosts'
is "what is written inside is written on the host" "$(cat "$T/host/hosts")" "written inside"

rm "$T/host/resolv.conf"
not_ok "a file that the host removed is gone" debian:cat /etc/resolv.conf
replace resolv.conf back
gives "... and is there when the host has it again" 0 back "" debian:cat /etc/resolv.conf

gives "users of the host have their names in the container" 0 alice "" as_user debian:id -un

lsl stop
is "the container's own link is as before" "$(readlink "$T/rootfs/debian/etc/resolv.conf")" ../run/systemd/resolve/stub-resolv.conf
is "so is its own file" "$(cat "$T/rootfs/debian/etc/hosts")" own
