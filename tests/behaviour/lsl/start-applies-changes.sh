#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start adds new elements of mnt to a running container as if it had been
# built with them, and running programs see them. Removed or changed elements
# wait for a restart, and lsl start says so. An element that cannot be added
# does not affect the others.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

config() {
	rm -f "$CONFIG"
	container debian "$@"
}
mnt_of_record() {
	sed -n 's/^mnt=//p' "$MNTDIR/debian:record"
}
namespace() {
	stat -Lc %i "$MNTDIR/debian"
}
# The mounts that the container sees, except those that hide the command
# directory.
mounts() {
	debian:cat /proc/self/mountinfo | awk '{ print $5 }' | grep -v "$LINKSDIR" | sort
}

mkdir -p "$T/data/sub" "$T/tools" "$T/more"
echo data >"$T/data/sub/file"
echo one >"$T/hosts"
program "$T/tools/tool" 'echo tool'
config "mnt=$T/home" "bins=/tools;/bin"
lsl start
before=$(namespace)
mkfifo "$W/ask" "$W/answer"
debian:sh -c 'while read -r line; do cat /srv/data/sub/file /opt/deep/hosts 2>&1; done' <"$W/ask" >"$W/answer" &
runs=$!
exec 3>"$W/ask" 4<"$W/answer"

# New elements.
config "mnt=$T/data:/srv/data;$T/home;$T/hosts:/opt/deep/hosts;$T/tools:/tools" "bins=/tools;/bin"
gives "new elements of mnt: start says nothing and exits 0" 0 "" "" lsl start
gives "a directory is visible at once" 0 data "" debian:cat /srv/data/sub/file
gives "so is a file" 0 one "" debian:cat /opt/deep/hosts
gives "so are the commands in it" 0 tool "" debian:tool
echo >&3
read -r first <&4
read -r second <&4
is "a program that runs already sees both" "$first $second" "data one"
is "the namespace is the same" "$(namespace)" "$before"
echo two >"$T/hosts.new"
mv "$T/hosts.new" "$T/hosts"
gives "a file is live: it follows a rename on the host" 0 two "" debian:cat /opt/deep/hosts
mkdir "$T/data/later"
mount -t tmpfs lsl-later "$T/data/later"
echo later >"$T/data/later/file"
gives "the host's later mounts below it are visible" 0 later "" debian:cat /srv/data/later/file
debian:mount -t tmpfs lsl-inside /srv/data/sub
is "a mount inside is not on the host" "$(cat "$T/data/sub/file")" data
debian:umount /srv/data/sub
umount "$T/data/later"
like "the record has them" "$(mnt_of_record)" "$T/home:$T/home;*$T/data:/srv/data*$T/hosts:/opt/deep/hosts*"
mounts >before
gives "a second start says nothing" 0 "" "" lsl start
mounts >after
same "... and mounts nothing again" after before
lsl restart
mounts >after
same "a restart makes the same mounts" after before
kill $runs 2>/dev/null || :
exec 3>&- 4<&-

# Elements that have to wait.
before=$(namespace)
config "mnt=$T/more:/srv/data;$T/hosts:/opt/deep/hosts;$T/tools:/tools;$T/more:/srv/more" "bins=/tools;/bin"
run lsl start
is "one removed, one changed, one new: exit status 0" "$status" 0
is "it says once that mnt takes effect after restart" "$err" "lsl: debian: the changed mnt takes effect after restart (sudo lsl restart debian)"
ok "a removed element is still there" debian:test -d "$T/home/alice"
ok "a changed element is as before" debian:test -e /srv/data/sub/file
ok "a new element is there nevertheless" debian:test -d /srv/more
like "the record says what is mounted" "$(mnt_of_record)" "$T/data:/srv/data;$T/home:$T/home;*;$T/more:/srv/more"
run lsl start
like "the next start says it again" "$err" "*debian*mnt*after restart*"
gives "restart applies them" 0 "" "" lsl restart
not_ok "... a removed element disappears" debian:test -d "$T/home/alice"
not_ok "... a changed element is replaced" debian:test -e /srv/data/sub/file
gives "... and then start has nothing to say" 0 "" "" lsl start
config "mnt=$T/more:/srv;$T/hosts:/opt/deep/hosts;$T/tools:/tools;$T/more:/srv/more" "bins=/tools;/bin"
run lsl start
like "one that would cover what is in use waits too" "$status$err" "0*debian*mnt*after restart*"
ok "... which still exists" debian:test -d /srv/more
config "mnt=$T/more:/srv/more;$T/tools:/tools;$T/hosts:/opt/deep/hosts" "bins=/tools;/bin"
lsl restart
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more" "bins=/tools;/bin"
gives "another order is not a change" 0 "" "" lsl start
waits="lsl: debian: the changed mnt takes effect after restart (sudo lsl restart debian)"
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts" "bins=/tools;/bin"
gives "only a removed element: it says so" 0 "" "$waits" lsl start
mkdir "$T/more/below"
config "mnt=$T/data:/srv/more/below;$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more" "bins=/tools;/bin"
gives "one that a later one would cover waits" 0 "" "$waits" lsl start
not_ok "... and is not visible" debian:test -e /srv/more/below/sub
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more;$T/data:/srv/more/below" "bins=/tools;/bin"
gives "below another it is added" 0 "" "" lsl start
ok "... and is visible" debian:test -e /srv/more/below/sub
config "mnt=$T/data:/srv/more/below;$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more" "bins=/tools;/bin"
gives "an order in which one covers another is a change" 0 "" "$waits" lsl start
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more" "bins=/tools;/bin"
lsl restart
rmdir "$T/more/below"

# Impossible elements.
before=$(mnt_of_record)
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more;$T/late:/srv/late;$T/data:/bin/busybox;$T/data:/srv/well;$T/data:/srv/more/new;$T/hosts:/srv/more/file;$T/hosts:/etc/well" "bins=/tools;/bin"
run lsl start
is "some cannot be added: exit status 1" "$status" 1
like "a missing source is reported with file and line" "$err" "*$CONFIG:3: $T/late does not exist; *"
like "an impossible mount point is reported with file and line" "$err" "*$CONFIG:3: debian: not added: *mount point /bin/busybox*"
like "one that would have to be made on the host, too" "$err" "*$CONFIG:3: debian: not added: the mount point /srv/more/new does not exist, and is on the host*"
is "... where nothing was made" "$(ls "$T/more")" ""
ok "the others are visible" debian:test -e /srv/well/sub/file
gives "... files too" 0 two "" debian:cat /etc/well
is "the record has those, and no others" "$(mnt_of_record)" "$before;$T/data:/srv/well"
is "... and the file below /etc as a copy" "$(sed -n 's/^copies=//p' "$MNTDIR/debian:record")" "$T/hosts:/etc/well"
mkdir "$T/late"
echo late >"$T/late/file"
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more;$T/late:/srv/late;$T/data:/srv/well;$T/hosts:/etc/well" "bins=/tools;/bin"
gives "a source that came later is added" 0 "" "" lsl start
gives "... and is visible" 0 late "" debian:cat /srv/late/file
lsl stop
mv "$T/late" "$T/away"
run lsl start
like "one that is missing from the start" "$status$err" "0*$T/late does not exist*sudo lsl start debian*"
mv "$T/away" "$T/late"
gives "... is added later too" 0 "" "" lsl start
gives "... and is visible" 0 late "" debian:cat /srv/late/file

# A root filesystem whose links lead out.
mkdir -p "$T/canary" "$T/rootfs/debian$T/canary"
ln -s "$T/canary" "$T/rootfs/debian/out"
ln -s "../../../../../../..$T/canary" "$T/rootfs/debian/up"
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more;$T/late:/srv/late;$T/data:/srv/well;$T/hosts:/etc/well;$T/data:/out/a;$T/hosts:/up/b" "bins=/tools;/bin"
gives "links of the root filesystem are followed inside it" 0 "" "" lsl start
is "links of the root filesystem make nothing outside of it" "$(ls "$T/canary"; grep -c "$T/canary" /proc/self/mountinfo)" 0
ok "a link that leads inside is mounted" debian:test -e "$T/canary/a/sub/file"

# The command directory stays hidden, also in added elements.
config "mnt=$T/tools:/tools;$T/hosts:/opt/deep/hosts;$T/more:/srv/more;$T/late:/srv/late;$T/data:/srv/well;$T/hosts:/etc/well;$T/data:/out/a;$T/hosts:/up/b;$T:/everything" "bins=/tools;/bin"
gives "a directory that the command directory is in" 0 "" "" lsl start
is "... comes without it" "$(debian:ls "/everything${LINKSDIR#"$T"}")" ""
is "... and without what is pinned" "$(debian:grep -c ' - nsfs ' /proc/self/mountinfo)" 0

# With another root.
cp -a "$T/rootfs/debian" "$T/rootfs/other"
config "path=$T/rootfs/other" "mnt=$T/tools:/tools;$T/data:/srv/elsewhere" "bins=/tools;/bin"
run lsl start
like "with a changed path, all of mnt waits" "$err" "*debian: the changed path takes effect*debian: the changed mnt takes effect*"
is "... and nothing is made in the earlier root filesystem" "$(ls -d "$T/rootfs/debian/srv/elsewhere" 2>/dev/null)" ""
lsl stop
is "after a stop nothing of it is left" "$(grep -c -e "$MNTDIR" -e "$LINKSDIR" /proc/self/mountinfo)" 0
