#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Symbolic links in a root filesystem never make lsl create, mount or read
# anything outside it. A mount point behind such a link is below the root
# filesystem.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

canary=$T/canary
mkdir -p "$canary/sub" "$T/source"
echo untouched >"$canary/file"
echo content >"$T/source/file"
echo host >"$T/hostfile"

state() {
	find "$canary" -printf '%p %y %i %m %u %s %T@ %C@ %l\n' | sort
	cat "$canary/file"
	grep "$canary" /proc/self/mountinfo || :
}

# hostile LINK TARGET: a container whose root filesystem has this link, and one
# in which the link's target exists.
hostile() {
	for inside in no yes; do
		name=h$((number += 1))
		path=$T/rootfs/$name
		cp -al "$T/rootfs/model" "$path"
		[ $inside = no ] || mkdir -p "$path$canary/sub"
		rm -rf "${path:?}$1"
		mkdir -p "$(dirname "$path$1")"
		ln -s "$2" "$path$1"
		container "$name" "mnt=$T/source:/data/x/y;$T/hostfile:/etc/live;$T/source:$canary/sub;$T/hostfile:$canary/new"
		echo "$1 -> $2, inside: $inside" >"$W/what-$name"
	done
}

busybox_rootfs "$T/rootfs/model"
up=../../../../../../../..
number=0
for target in "$canary" "$up$canary" /oldRoot"$canary" "/proc/1/root$canary" "/proc/self/cwd"; do
	for link in /data /data/x /dev /proc /sys /run /oldRoot /etc /etc/live "$canary"; do
		hostile "$link" "$target"
	done
done
for target in file new "nowhere/at/all"; do
	hostile /etc/live "$canary/$target"
	hostile /data/x/y "$canary/$target"
	hostile "$canary/new" "$up$canary/$target"
done
hostile /etc/live /etc/live # around in circles
hostile /data ../data
before=$(state)

run lsl start
like "start ends, with 0 or 1" "$status" "[01]"
is "nothing outside was touched by the start of $number containers" "$(state)" "$before"
started=0
for name in $(ls "$MNTDIR" | grep -v record); do
	case $name in h*) ;; *) continue ;; esac
	started=$((started + 1))
	"$EXECUTOR" "$name" busybox true || fail "$(cat "$W/what-$name"): what started runs"
	if [ "$("$EXECUTOR" "$name" busybox cat /data/x/y/file)" != content ]; then
		fail "$(cat "$W/what-$name"): what mnt names is there inside"
	fi
done
is "containers whose links lead inside start ($started)" "$([ $started -gt 20 ] && echo yes)" yes
for name in $(ls "$T/rootfs" | grep '^h'); do
	[ -e "$MNTDIR/$name" ] || case $err in
	*"$name: not started"*) ;;
	*) fail "$(cat "$W/what-$name"): what does not start is told" ;;
	esac
done
lsl restart >/dev/null 2>&1 || :
lsl stop
is "nor by restart and stop" "$(state)" "$before"
