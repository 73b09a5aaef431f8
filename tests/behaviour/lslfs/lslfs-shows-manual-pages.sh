#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# man debian:gcc on the host shows the container's page, without any setup,
# because man searches share/man below each directory of PATH. Pages are as
# current as commands, and no other tool is disturbed.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs man mandb whatis apropos gzip xz

MAN=$LINKSDIR/share/man
R=$T/rootfs/debian
container debian "bins=/opt/tool/bin;/usr/bin;/bin"
mkdir -p "$R/usr/share/man/man1" "$R/usr/share/man/man3" "$R/usr/local/share/man/man8" \
	"$R/opt/tool/share/man/man1" "$R/opt/tool/bin"
# page FILE TITLE: compressed according to its name.
page() {
	printf '.TH %s 1\n.SH NAME\n%s \\- of a container\n' "$2" "$2" >"$W/page"
	case $1 in
	*.gz) gzip -9n <"$W/page" >"$1" ;;
	*.xz) xz <"$W/page" >"$1" ;;
	*) cp "$W/page" "$1" ;;
	esac
}
# shown NAME: the title that man shows.
shown() {
	man "$@" 2>&1 | sed -n '1s/(.*//p'
}
page "$R/usr/share/man/man1/paint.1.gz" paint
page "$R/usr/share/man/man1/plain.1" plain
page "$R/usr/share/man/man1/packed.1.xz" packed
page "$R/usr/share/man/man3/File::Paint.3pm.gz" File::Paint
page "$R/usr/local/share/man/man8/paintd.8.gz" paintd
page "$R/opt/tool/share/man/man1/tool.1.gz" tool
page "$R/opt/tool/share/man/man1/both.1.gz" first
page "$R/usr/share/man/man1/both.1.gz" second
ln -s paint.1.gz "$R/usr/share/man/man1/linked.1.gz"
ln -s /usr/share/man/man1/paint.1.gz "$R/usr/share/man/man1/absolute.1.gz"
head -c 400000 /dev/urandom | base64 >"$R/usr/share/man/man1/large.1"
echo '.so man1/paint.1' | gzip -9n >"$R/usr/share/man/man1/so-packed.1.gz"
echo '.so man1/paint.1' | gzip -1 >"$R/usr/share/man/man1/so-quick.1.gz"
echo '.so man1/paint.1' >"$R/usr/share/man/man1/so-name"
gzip "$R/usr/share/man/man1/so-name"
mv "$R/usr/share/man/man1/so-name.gz" "$R/usr/share/man/man1/so-named.1.gz"
printf '.\\" a comment\n.so man8/paintd.8\n' >"$R/usr/share/man/man1/so-plain.1"
lsl start

export MANPAGER=cat MANWIDTH=80
unset MANPATH
for name in paint plain packed File::Paint paintd tool; do
	is "man debian:$name" "$(shown "debian:$name")" "$name"
done
is "of two the one of the first directory of bins" "$(shown debian:both)" first
for name in linked absolute so-packed so-quick so-named; do
	is "one that refers to another one: $name" "$(shown "debian:$name")" paint
done
is "... in another section" "$(shown debian:so-plain)" paintd
is "the section can be said" "$(shown 8 debian:paintd)" paintd
gives "man -w says where" 0 "$MAN/man1/debian:paint.1.gz" "" man -w debian:paint
ok "a page is byte for byte that of the container" cmp "$MAN/man1/debian:paint.1.gz" "$R/usr/share/man/man1/paint.1.gz"
is "any part of a large one can be read separately" "$(dd "if=$MAN/man1/debian:large.1" bs=1000 skip=321 count=7 2>/dev/null | cksum)" \
	"$(dd "if=$R/usr/share/man/man1/large.1" bs=1000 skip=321 count=7 2>/dev/null | cksum)"
is "man of the host's own is the same as ever" "$(man -w man)" "$(PATH=/usr/bin:/bin man -w man)"
run as_user man -w debian:paint
is "for users, too" "$out" "$MAN/man1/debian:paint.1.gz"
chmod 0700 "$R/.."
run as_user sh -c 'cat "$0" | gzip -d | head -n 1' "$MAN/man1/debian:paint.1.gz"
is "also where the root filesystem is closed to users" "$out" ".TH paint 1"
chmod 0755 "$R/.."
chmod 0600 "$R/usr/share/man/man1/plain.1"
not_ok "but not a page that is closed to them in the container" cat "$MAN/man1/debian:plain.1"

# Never stale.
misses=0
for i in $(seq 50); do
	man="$MAN/man1/debian:new$i.1.gz"
	! [ -e "$man" ] || misses=$((misses + 1))
	page "$R/usr/share/man/man1/.new" "new$i"
	gzip -9n <"$R/usr/share/man/man1/.new" >"$R/usr/share/man/man1/.new.gz"
	mv "$R/usr/share/man/man1/.new.gz" "$R/usr/share/man/man1/new$i.1.gz"
	[ "$(zcat "$man" 2>/dev/null | head -n 1)" = ".TH new$i 1" ] || misses=$((misses + 1))
	ls -U "$MAN/man1" | grep -qxF "debian:new$i.1.gz" || misses=$((misses + 1))
done
is "a new page is found at the next lookup, 50 times" $misses 0
misses=0
for i in $(seq 50); do
	printf '.TH other%s 1\n%*s\n' "$i" "$i" x >"$W/page"
	gzip -9n <"$W/page" >"$R/usr/share/man/man1/.new.gz"
	mv "$R/usr/share/man/man1/.new.gz" "$R/usr/share/man/man1/new1.1.gz"
	zcat "$MAN/man1/debian:new1.1.gz" 2>/dev/null | cmp -s - "$W/page" || misses=$((misses + 1))
done
is "so is another content, whatever its size" $misses 0
rm "$R/usr/share/man/man1/new1.1.gz"
not_ok "a removed one is not found" test -e "$MAN/man1/debian:new1.1.gz"
seq -f "$R/usr/share/man/man3/f%g.3.gz" 20000 | xargs touch
is "a directory of any size is listed whole, each page once" "$(ls -U "$MAN/man3" | sort -u | wc -l)" 20001
is "a change of the container's record counts at once" "$(
	sed -i 's|/opt/tool/bin;||' "$CONFIG"
	lsl start
	shown debian:both
)" second

# Others.
exec 3<"$MAN/man1/debian:paint.1.gz"
server=$(lslfs_server)
kill -KILL "$server"
retry test ! -e "/proc/$server/exe"
retry lslfs_is_whole
is "an open page can be read from a later server" "$(gzip -d <&3 | head -n 1)" ".TH paint 1"
exec 3<&-
is "share is not a command, and not listed" "$(ls "$LINKSDIR" | grep -v :)" debian
is "a walk through the command directory does not enter it" "$(find "$LINKSDIR" -name '*.1*' 2>&1)" ""
is "a walk that names it does" "$(find "$LINKSDIR/share" -name 'debian:paint.*')" "$MAN/man1/debian:paint.1.gz"
mount -t tmpfs cache /var/cache/man
before=$(lslfs_pids)
run env "MANPATH=$MAN" mandb -q
like "mandb has nothing to say" "$out$err" ""
run whatis debian:paint
like "whatis knows none" "$out$err" "debian:paint: nothing appropriate."
run apropos debian:paint
like "nor does apropos" "$out$err" "debian:paint: nothing appropriate."
is "nobody minds" "$(lslfs_pids)" "$before"
for write in "touch $MAN/man1/debian:x.1" "rm $MAN/man1/debian:paint.1.gz" "mkdir $MAN/man1/x"; do
	# shellcheck disable=SC2086 # words
	not_ok "nothing can be changed: ${write%% *}" $write
done
for name in one two three four five six; do
	container "without-$name"
done
lsl start
# Whichever comes first.
is "containers without pages hide nobody's" "$(ls "$MAN/man1" | grep -cx debian:paint.1.gz)" 1
lsl stop debian
not_ok "with the container its pages go" test -e "$MAN/man1/debian:paint.1.gz"
