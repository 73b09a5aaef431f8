#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What starting a program costs: /usr/bin/true natively, by lsl, and by the
# other ways into a root filesystem, all of them the very same file. On the
# private installation that "make check" makes (see tests/lib/lib.sh); from the
# build directory:
#
#	sh SRCDIR/tests/bench/startup.sh [RUNS]
#
# Prints two tables, of ratios against the native start: root's and an ordinary
# user's. The ways of each take turns (startup.c), RUNS times (1000), the slow
# ones a tenth of that; ratios are of medians. What is not installed is left
# out. Below root's table: by how much lsl is above the floor, and what part
# that is of the floor's own cost, which says more of lsl than of the machine.
#
# native	the program itself
# floor		a program without any C library that only enters and executes
#		(floor.c)
# lsl		the command, by its link in the command directory; for the user
#		lslExecutor is setuid
# nsenter, chroot, bwrap, proot
#		the tools themselves, into the same namespace or root filesystem
# schroot	without any setup (type=plain), and in a session that was begun
#		before (type=directory)
: "${LSL_TEST_LIMIT:=7200}" "${LSL_PRIVILEGE:=setuid}"
export LSL_TEST_LIMIT LSL_PRIVILEGE
if [ -z "${LSL_TEST_ROOT:-}" ]; then
	LSL_BENCH=${1:-1000}
	export LSL_BENCH
fi
bench=$(cd "$(dirname "$0")" && pwd -P)
. "$bench/../lib/lib.sh"
needs cc

rootfs=$T/rootfs/debian
usr_rootfs "$rootfs"
container debian "mnt=$USR_MNT;$T/home" "bins=/usr/bin"
lsl start
cd "$T/home"
# For those that enter the directory, what the namespace has of the host anyway.
for dir in $(echo "$USR_MNT" | tr ';' ' ') /proc /dev; do
	mkdir -p "$rootfs$dir"
	mount --rbind "$dir" "$rootfs$dir"
done
program=/usr/bin/true
cc -O2 -o "$T/startup" "$bench/startup.c"
cc -O2 -static -nostdlib -DNSFILE="\"$MNTDIR/debian\"" -DPROGRAM="\"$program\"" -o "$T/floor" "$bench/floor.c" 2>/dev/null ||
	echo "floor: not on this machine"

# A schroot of the run's own, with sessions that nobody else sees.
prepare_schroot() {
	[ -d /etc/schroot ] || return 0
	cp -a /etc/schroot "$T/machine/schroot"
	for name in session plain; do
		type=directory
		[ $name = session ] || type=plain
		printf '[%s]\ntype=%s\ndirectory=%s\nusers=root,alice\nroot-users=root,alice\nprofile=minimal\n' \
			$name $type "$rootfs" >"$T/machine/schroot/chroot.d/$name.conf"
	done
	sed -i '/profile=/d' "$T/machine/schroot/chroot.d/plain.conf"
	for dir in $(echo "$USR_MNT" | tr ';' ' '); do
		echo "$dir $dir none rw,bind 0 0"
	done >"$T/machine/schroot/minimal/fstab"
	mount --bind "$T/machine/schroot" /etc/schroot
	mount -t tmpfs schroot /var/lib/schroot
	mkdir /var/lib/schroot/session /var/lib/schroot/unpack /var/lib/schroot/union /var/lib/schroot/mount
	mount -t tmpfs -o mode=0755 run /run
	mkdir -p /run/lock /run/schroot/mount
}
prepare_schroot

# way LABEL [/N] CMD...: one more to measure, if it is there and works.
way() {
	label=$1 every=/1
	shift
	case $1 in
	/[0-9]*)
		every=$1
		shift
		;;
	esac
	why=$(as "$@" 2>&1 >/dev/null </dev/null) || {
		echo "$label: left out: ${why:-it does not work here}" | head -n 1 >&2
		return 0
	}
	echo "$label" >>"$T/labels"
	ways="$ways -- $every $*"
}

# measure WHOSE AS...: the ways that were collected, by turns.
measure() {
	whose=$1
	# shellcheck disable=SC2086 # words
	as "$T/startup" "$LSL_BENCH" ${ways# -- } >"$T/times" </dev/null
	printf '\n| start of `true`, %s | against the native start | more than it | runs |\n|---|---|---|---|\n' "$whose"
	tail -n +2 "$T/times" | paste "$T/labels" - | awk -F '\t' '{
		split($2, n, " ")
		if (NR == 1) native = n[1]
		if ($1 == "floor") floor = n[1]
		if ($1 ~ /^lsl/) lsl = n[1]
		printf "| %s | %.2f | %.0f us | %d |\n", $1, n[3], n[1] - native, n[4]
	}
	END {
		if (floor) printf "\nlsl above the floor: %.0f us, %.2f of the floor'"'"'s\n", lsl - floor, (lsl - floor) / (floor - native)
	}'
	: >"$T/labels"
	ways=
}

: >"$T/labels"
ways=
as() {
	"$@"
}
way native "$program"
[ ! -x "$T/floor" ] || way floor "$T/floor"
way "lsl, \`debian:true\`" "$LINKSDIR/debian:true"
way nsenter nsenter "--mount=$MNTDIR/debian" "$program"
way chroot chroot "$rootfs" "$program"
way bwrap bwrap --bind "$rootfs" / "$program"
way "schroot, nothing set up" /10 schroot -q -c plain -d / "$program"
as schroot -q -b -c session -n root-session >/dev/null 2>&1 || :
way "schroot, in a session" /10 schroot -q -r -c root-session -d / "$program"
measure "as root"

as() {
	as_user "$@"
}
way native "$program"
way "lsl, \`debian:true\`" "$LINKSDIR/debian:true"
way bwrap bwrap --bind "$rootfs" / "$program"
way proot /10 proot -w / -r "$rootfs" "$program"
way "schroot, nothing set up" /10 schroot -q -c plain -d / "$program"
as schroot -q -b -c session -n user-session >/dev/null 2>&1 || :
way "schroot, in a session" /10 schroot -q -r -c user-session -d / "$program"
measure "as an ordinary user"
echo
pass "startup: $LSL_BENCH runs"
