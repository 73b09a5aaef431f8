#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What lsl create of a local archive costs over tar alone, on the private
# installation that "make check" makes (see tests/lib/lib.sh). From the build
# directory:
#
#	sh SRCDIR/tests/bench/create.sh [RUNS]
#
# For the archive of a small Debian, as it is and packed: the median time of tar
# with the options that keep owners, capabilities and ACLs, that of lsl create
# until it has printed its last line, the container started, that of its first
# command, and the median of the rounds' ratios of the first two, which a busy
# machine changes least. Each round is in an order drawn anew.
if [ -z "${LSL_TEST_ROOT:-}" ]; then
	LSL_BENCH=${1:-11}
	export LSL_BENCH
fi
bench=$(cd "$(dirname "$0")" && pwd -P)
. "$bench/../lib/lib.sh"
needs xz zstd shuf

debian_rootfs "$T/rootfs/debian"
cp "$LSL_TEST_DEBIAN" debian.tar
zstd -q -3 -o debian.tar.zst debian.tar
xz -1 -k -T 0 debian.tar

microseconds() {
	before=$(date +%s%N)
	"$@" >/dev/null 2>&1 || fail "$*"
	echo $((($(date +%s%N) - before) / 1000))
}
unpack() {
	tar -C "$T/unpacked" --extract --numeric-owner --same-owner --same-permissions --acls --xattrs \
		--xattrs-include=security.capability --xattrs-include='user.*' --file="$1"
}
create() {
	"$T/usr/bin/lsl" $LSL_FLAGS create box --from "./$1"
}
# one KIND FILE: a line with its time.
one() {
	case $1 in
	tar)
		mkdir "$T/unpacked"
		echo "tar $2 $(microseconds unpack "$2")"
		rm -rf "$T/unpacked"
		;;
	create)
		echo "create $2 $(microseconds create "$2")"
		echo "command $2 $(microseconds "$LINKSDIR/box:true")"
		lsl remove box --yes 2>/dev/null
		;;
	esac
}
median() {
	sort -n | sed -n "$(((LSL_BENCH + 1) / 2))p"
}

export LSL_FOLLOW=no
for round in $(seq "$LSL_BENCH"); do
	for file in debian.tar debian.tar.zst debian.tar.xz; do
		printf '%s\n' "tar $file" "create $file"
	done | shuf | while read -r kind file; do
		one "$kind" "$file" | sed "s/$/ $round/"
	done
done >measured
for file in debian.tar debian.tar.zst debian.tar.xz; do
	for kind in tar create command; do
		awk -v kind=$kind -v file=$file '$1 == kind && $2 == file { print $3 }' measured | median >"$kind"
	done
	awk -v file=$file '$2 == file { us[$1, $4] = $3 } END { for (i = 1; us["tar", i]; i++) print us["create", i] / us["tar", i] }' measured |
		median >ratio
	awk -v file=$file -v tar="$(cat tar)" -v create="$(cat create)" -v command="$(cat command)" -v ratio="$(cat ratio)" 'BEGIN {
		printf "%-16s tar %7.1f ms  lsl create %7.1f ms  first command %5.1f ms  ratio %.2f\n", \
			file, tar / 1000, create / 1000, command / 1000, ratio }'
done
pass "measured"
