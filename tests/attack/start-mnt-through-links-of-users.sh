#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: replace an element of mnt, or a directory that leads to it, by a
# symbolic link to a place that is closed to users, and wait for the next "lsl
# start": if root followed it, everybody in the container could enter that
# place. Origin: CVE-2021-41091 (moby), CVE-2015-1335 (lxc).
#
# Below the first directory that users other than root can change no link is
# followed; above it the host's links are.
. "$(dirname "$0")/../lib/lib.sh"

mkdir -m 0700 "$T/closed"
mkdir -m 0777 "$T/closed/dir"
echo secret >"$T/closed/dir/file"
home=$T/home/alice
chmod 0711 "$home"
mkdir -p "$T/host/real/dir" "$T/host/team"
ln -s real "$T/host/link"
ln -s "$T/host/link/dir" "$T/host/absolute"
echo of root >"$T/host/real/dir/file"

as_user mkdir -p "$home/share/sub" "$home/dir"
as_user sh -c 'echo shared >"$1/share/sub/file"; echo plain >"$1/file"' sh "$home"
mnt="$home/share:/share;$home/share/sub:/srv/sub;$home/file:/srv/file;$T/host/absolute:/srv/absolute;$T/host/link/dir/file:/srv/of-root;$home/file:/etc/of-alice"
container debian "mnt=$mnt"
gives "lsl start, nothing planted" 0 "" "" lsl start
gives "a user's directory is mounted" 0 shared "" as_user debian:cat /share/sub/file
gives "a user's file is mounted" 0 plain "" as_user debian:cat /srv/file
gives "... below /etc too" 0 plain "" as_user debian:cat /etc/of-alice
gives "root's links are followed" 0 "of root" "" as_user debian:cat /srv/absolute/file
gives "... to files too" 0 "of root" "" as_user debian:cat /srv/of-root
lsl stop

# planted WHAT TARGET-INSIDE: the next start omits it and says so, and nothing
# is opened.
planted() {
	run lsl start
	is "$1: lsl start continues" "$status" 0
	like "$1: and names the element that is left out" "$err" "*$CONFIG:*$2*symbolic link*other than root*"
	is "$1: nobody reads what is closed" "$(as_user debian:sh -c 'cat /share/file /share/dir/file /srv/sub/file /srv/file /etc/of-alice 2>/dev/null' | grep -c secret)" 0
	is "$1: nobody writes there" "$(as_user debian:sh -c 'touch /share/written /srv/sub/written' 2>/dev/null || :; ls "$T/closed/dir")" file
	like "$1: lsl check warns" "$(lsl check)" "*warning*$2*symbolic link*"
}
as_user mv "$home/share" "$home/aside"
as_user ln -s "$T/closed/dir" "$home/share"
planted "a directory" "$home/share"
gives "the rest of mnt is mounted" 0 "of root" "" as_user debian:cat /srv/of-root
lsl stop

as_user rm "$home/share"
as_user mkdir "$home/share"
as_user ln -s "$T/closed/dir" "$home/share/sub"
planted "a directory on the way" "$home/share/sub"
lsl stop

as_user rm -r "$home/share" "$home/file"
as_user mv "$home/aside" "$home/share"
as_user ln -s "$T/closed/dir/file" "$home/file"
planted "a file" "$home/file"

# An element that is added to a running container.
as_user ln -s "$T/closed" "$home/later"
sed -i "s,^mnt=.*,&;$home/later/dir:/srv/later," "$CONFIG"
run lsl start
like "added to a container that runs: it is left out" "$err" "*$home/later*symbolic link*"
not_ok "... and not there" debian:test -e /srv/later/file
lsl stop

# The link appears and disappears meanwhile: the closed place is never mounted.
as_user rm "$home/file" "$home/later"
as_user sh -c 'echo plain >"$1/file"; mkdir "$1/later" "$1/later/dir"; ln -s "$2" "$1/swap"' sh "$home" "$T/closed"
cat >"$W/swap.c" <<'EOC'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	for (;;)
		renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[argc - 1], RENAME_EXCHANGE);
}
EOC
if cc -o "$W/swap" "$W/swap.c" 2>/dev/null; then
	as_user timeout 300 "$W/swap" "$home/later" "$home/swap" &
	seen=
	for _ in $(seq 30); do
		run lsl start
		[ "$status" = 0 ] || seen="$seen start: $err"
		! as_user debian:cat /srv/later/file >/dev/null 2>&1 || seen="$seen read"
		lsl stop
	done
	kill $!
	is "30 starts while a directory and a link change places: each succeeds, and nothing closed is seen" "$seen" ""
else
	skip_check "a directory and a link change places" "no compiler"
fi

# Only root can write to a directory whose group has no members, like Debian's
# /usr/local.
echo "lsl-nobody:x:61999:" >>"$T/machine/group"
echo "lsl-somebody:x:61998:alice" >>"$T/machine/group"
for group in lsl-nobody lsl-somebody; do
	mkdir "$T/host/$group"
	ln -s ../real/dir "$T/host/$group/link"
	chgrp $group "$T/host/$group"
	chmod 2775 "$T/host/$group"
done
rm "$CONFIG"
container debian "mnt=$T/host/lsl-nobody/link:/srv/nobody;$T/host/lsl-somebody/link:/srv/somebody"
run lsl start
ok "a link in a directory of a group without members is followed" debian:test -e /srv/nobody/file
not_ok "one in a directory of a group with a member is not" debian:test -e /srv/somebody/file
