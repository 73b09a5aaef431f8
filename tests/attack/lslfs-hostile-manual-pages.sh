#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a container's manual pages lead to files of the host, to devices and
# pipes, to endless pages or to names that a shell would execute. Origin: files
# that soelim(1) includes, and links as in CVE-2015-1335.
#
# None of these is served, the other pages are, and nobody waits for a container
# that hangs.
. "$(dirname "$0")/../lib/lib.sh"
needs man gzip
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"

MAN=$LINKSDIR/share/man
container debian
container other
for name in debian other; do
	mkdir -p "$T/rootfs/$name/usr/share/man/man1" "$T/rootfs/$name/usr/share/man/man3"
	echo ".TH good 1" >"$T/rootfs/$name/usr/share/man/man1/good.1"
done
D=$T/rootfs/debian/usr/share/man/man1
echo secret >"$T/private.1"
echo secret >"$T/rootfs/debian/etc/shadow"
chmod 0600 "$T/rootfs/debian/etc/shadow"

ln -s "$T/private.1" "$D/link.1"
ln -s "../../../../../../../../../..$T/private.1" "$D/up.1"
ln -s /etc/shadow "$D/shadow.1"
ln -s loop.1 "$D/loop.1"
ln -s /dev/zero "$D/zero.1"
mkfifo "$D/fifo.1"
mkdir "$D/directory.1"
mknod "$D/tty.1" c 5 0
truncate -s 1T "$D/huge.1"
for name in '$(touch pwned).1' 'a b.1' '`id`.1' 'x;id.1' "$(printf 'new\nline.1')" "$(printf 'c\233.1')" '-rf.1' '.hidden.1' 'none'; do
	echo ".TH x 1" >"$D/$name"
done
lsl start
for name in link up shadow loop zero fifo directory tty huge; do
	not_ok "no page: $name" head -c 100 "$MAN/man1/debian:$name.1"
done
is "a name with unusual characters is not listed" "$(ls "$MAN/man1" | grep -v -e ':link' -e ':up' -e ':shadow' -e ':loop' -e ':zero' \
	-e ':huge' | tr '\n' ' ')" "debian:good.1 other:good.1 "
for name in '$(touch pwned).1' 'a b.1' '../good.1' 'good.1/' ''; do
	not_ok "nor found: '$name'" cat "$MAN/man1/debian:$name"
done

# References to other pages.
so() {
	name=$1
	shift
	printf '%b\n' "$@" >"$D/$name.1"
	printf '%b\n' "$@" | gzip -9n >"$D/$name.2.gz"
}
so absolute ".so $T/private.1"
so dots ".so man1/../../../../../../..$T/private.1"
so spaces ".  so $T/private.1"
so quote "'so $T/private.1"
so second ".TH x 1\n.so $T/private.1"
so tab ".so\t$T/private.1"
so colon ".so man1/other:good.1"
so shell '.so man1/$(id)'
for name in absolute dots spaces quote second tab colon shell; do
	for file in "$name.1" "$name.2.gz"; do
		is "$file names no file but pages of its container" \
			"$(zcat -f "$MAN/man1/debian:$file" | grep -e 'so' | grep -v '^\.so man[1-9]/debian:[a-z.:0-9]*$')" ""
	done
	not_ok "man shows nothing of it: $name" sh -c 'MANPAGER=cat man "$0" 2>&1 | grep secret' "$MAN/man1/debian:$name.1"
done
{ yes '.\" filler' | head -n 200; echo ".so $T/private.1"; } >"$D/long.1"
is "neither does a long one" "$(grep -c '^\.so' "$MAN/man1/debian:long.1")" 0
is "which has the size that it has" "$(stat -c %s "$MAN/man1/debian:long.1")" "$(stat -c %s "$D/long.1")"
head -c 900 /dev/urandom >"$D/noise.1.gz"
ok "an uncompressed page is unchanged" cmp "$D/noise.1.gz" "$MAN/man1/debian:noise.1.gz"

# One that hangs, and one with names without end.
seq -f "$T/rootfs/other/usr/share/man/man3/%g.3" 60000 | xargs touch
container hung
mkdir -p "$T/rootfs/hung/usr/share/man/man1"
"$hangfs" "$T/rootfs/hung/usr/share/man/man1"
lsl start
ok "a page of another container is served at once" timeout 2 cat "$MAN/man1/debian:good.1"
ok "a section is listed without the one that hangs" timeout 10 sh -c 'ls "$0" | grep -x debian:good.1' "$MAN/man1"
ok "and then at once" timeout 2 sh -c 'ls "$0" | grep -x debian:good.1' "$MAN/man1"
ok "so are commands" timeout 2 "$LINKSDIR/debian:true"
pkill -KILL -x hangfs
is "nothing was executed" "$(ls "$W")" ""
