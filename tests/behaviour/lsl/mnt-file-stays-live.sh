#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A file in mnt that is not below /etc of the container shows the host's current
# file, although the host's tools replace it by rename; also if the container's
# own file is a dangling link or missing.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

mkdir "$T/host" "$T/host/static"
echo one >"$T/host/replaced"
echo one >"$T/host/hosts"
echo one >"$T/host/real"
ln -s real "$T/host/linked"
echo absolute >"$T/host/static/file"
ln -s "$T/host/static/file" "$T/host/absolute"
container debian "mnt=$T/host/replaced:/srv/replaced;$T/host/hosts:/srv/hosts;$T/host/real:/srv/deep/missing/real;$T/host/linked:/srv/linked;$T/host/late:/srv/late;$T/host/absolute:/srv/absolute;/etc/passwd"
mkdir "$T/rootfs/debian/srv"
ln -s ../run/somewhere/else "$T/rootfs/debian/srv/replaced"
echo own >"$T/rootfs/debian/srv/hosts"
mkdir -p "$T/rootfs/debian$T/host/static"
echo "of the container" >"$T/rootfs/debian$T/host/static/file"
run lsl start
is "a missing file of the host does not keep the container from starting" "$status" 0
like "... but is reported, with file and line" "$err" "*$CONFIG:4:*$T/host/late*"

# replace NAME TEXT: like vipw and resolvconf.
replace() {
	echo "$2" >"$T/host/$1.new"
	mv "$T/host/$1.new" "$T/host/$1"
}

for file in replaced hosts deep/missing/real; do
	gives "/srv/$file has the host's content" 0 one "" debian:cat "/srv/$file"
done
gives "an absolute link of the host means what it means on the host" 0 absolute "" debian:cat /srv/absolute
stale=0
for i in $(seq 50); do
	replace replaced "number $i"
	replace hosts "number $i"
	replace real "number $i"
	for file in replaced hosts deep/missing/real linked; do
		[ "$(as_user debian:cat "/srv/$file")" = "number $i" ] || stale=$((stale + 1))
	done
done
is "replaced 50 times by rename, the container never sees the old content" $stale 0

mkfifo "$W/ask" "$W/answer"
debian:sh -c 'while read -r line; do cat /srv/replaced; done' <"$W/ask" >"$W/answer" &
exec 3>"$W/ask" 4<"$W/answer"
replace replaced "while it runs"
echo >&3
read -r line <&4
is "a program that runs already sees it too" "$line" "while it runs"
exec 3>&- 4<&-

ln -sf other "$T/host/linked"
echo other >"$T/host/other"
gives "a link of the host that leads elsewhere now is followed" 0 other "" debian:cat /srv/linked

echo appended >>"$T/host/hosts"
like "so is a file that is written to" "$(debian:cat /srv/hosts)" "number 50
appended"
debian:sh -c 'echo written inside >/srv/hosts'
is "writing inside changes the host's file" "$(cat "$T/host/hosts")" "written inside"

rm "$T/host/replaced"
not_ok "a file that the host removed disappears" debian:cat /srv/replaced
replace replaced back
gives "... and appears again with the host's" 0 back "" debian:cat /srv/replaced

gives "users of the host have their names in the container" 0 alice "" as_user debian:id -un

lsl stop
is "the container's own link is as before" "$(readlink "$T/rootfs/debian/srv/replaced")" ../run/somewhere/else
is "so is its own file" "$(cat "$T/rootfs/debian/srv/hosts")" own
