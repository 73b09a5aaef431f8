#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# No configuration and no root filesystem makes the command directory look into
# itself, which would hang it for good: not by bins, mnt or links, and not by
# mounts in it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

# within WHAT CMD...: it must end.
within() {
	what=$1
	shift
	[ "$1" != lsl ] || set -- "$@" $LSL_FLAGS
	run timeout 10 "$@"
	if [ "$status" != 124 ]; then pass "$what"; else fail "$what" "it hangs"; fi
}

container plain
container links "bins=/bin;/loop;/rooted;/single"
ln -s "/oldRoot$LINKSDIR" "$T/rootfs/links/loop"
ln -s "/oldRoot$LINKSDIR/links:single" "$T/rootfs/links/single"
mkdir "$T/rootfs/links/rooted"
for name in a links:a plain:true; do
	ln -s "/oldRoot$LINKSDIR/links:a" "$T/rootfs/links/rooted/$name"
done
ln -s "/oldRoot/proc/1/root$LINKSDIR/links/a" "$T/rootfs/links/rooted/b"
ln -s "/proc/1/cwd/../..$LINKSDIR/links/c" "$T/rootfs/links/rooted/c"
container mounted "bins=/bin;/deep$LINKSDIR;/top/subsysbin" "mnt=$T:/deep$T;$T:/top"
container around "path=$T/rootfs/around" "bins=/bin;/inner/commands"
mkdir -p "$T/rootfs/around/inner/commands"
mount --bind "$LINKSDIR" "$T/rootfs/around/inner/commands"
# By the command directory that is visible inside.
container shown "bins=/bin;/into;/names;/single"
ln -s "$LINKSDIR" "$T/rootfs/shown/into"
ln -s "$LINKSDIR/shown:sh" "$T/rootfs/shown/single"
mkdir "$T/rootfs/shown/names"
for name in plain:true shown:a shown/a shown/b host:true host/true; do
	ln -s "$LINKSDIR/$name" "$T/rootfs/shown/names/$(echo "$name" | tr / -)"
done
ln -s shown-b "$T/rootfs/shown/names/a"
ln -s "../into/shown/a" "$T/rootfs/shown/names/b"
ln -s "../into" "$T/rootfs/shown/names/c"
gives "they start" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS start
for round in 1 2; do
	within "round $round: a listing ends" ls -l "$LINKSDIR"
	for name in plain links mounted around shown; do
		within "round $round: a listing of $name ends" ls -l "$LINKSDIR/$name"
		within "round $round: a look for what $name does not have ends" ls "$LINKSDIR/$name:nosuch"
		gives "round $round: its programs run" 0 "$name" "" "$name:sh" -c 'echo $LSL_CONTAINER'
	done
	for name in a b c single links:a plain:true; do
		within "round $round: a look at links:$name ends" ls "$LINKSDIR/links:$name" "$LINKSDIR/links/$name"
	done
	for name in a b c single plain:true shown:a shown-b host:true; do
		within "round $round: a look at shown:$name ends" ls "$LINKSDIR/shown:$name" "$LINKSDIR/shown/$name"
		run timeout 10 "$EXECUTOR" shown "$name"
		is "round $round: shown:$name is no program" "$status" 127
		within "round $round: the same from inside" timeout 10 "$LINKSDIR/shown:ls" -l "$LINKSDIR/shown:$name" \
			"$LINKSDIR/host/$name" "$LINKSDIR/plain:$name"
	done
	within "round $round: a listing from inside ends" "$LINKSDIR/shown:find" "$LINKSDIR"
	within "round $round: find ends" find "$LINKSDIR" "$T/rootfs/around/inner"
	# The command directory mounted a second time, with everything started.
	umount "$LINKSDIR"
	within "round $round: it is mounted again" lsl start
done
# Named outright: refused, or not followed.
for line in "bins=/bin;/oldRoot$LINKSDIR" "bins=/bin;/oldRoot$LINKSDIR/plain" "mnt=$LINKSDIR:/loop" "mnt=$LINKSDIR:/bin" \
	"mnt=$LINKSDIR/plain:/loop" "mnt=/:/host" "mnt=$T:/loop" "path=$T" "path=$LINKSDIR" "path=/" "bins=/bin;/proc/1/root$LINKSDIR"; do
	cp "$CONFIG" "$W/config"
	case $line in
	bins=*) container self "$line" ;;
	path=*) container self "$line" "bins=/bin;/subsysbin;$LINKSDIR;/usr/bin" ;;
	*) container self "$line" "bins=/loop;/bin;/host$LINKSDIR;/loop/subsysbin" ;;
	esac
	within "$line: lsl start ends" lsl start self
	within "$line: a listing ends" ls -l "$LINKSDIR" "$LINKSDIR/self" "$LINKSDIR/plain"
	within "$line: a look ends" ls "$LINKSDIR/self:plain:true" "$LINKSDIR/self:true" "$LINKSDIR/self:nosuch"
	is "$line: nothing of the directory is listed again" "$(timeout 10 ls "$LINKSDIR" | grep -c '^self:plain')" 0
	gives "$line: the others run" 0 plain "" timeout 10 "$LINKSDIR/plain:sh" -c 'echo $LSL_CONTAINER'
	within "$line: lsl stop ends" lsl stop self
	cp "$W/config" "$CONFIG"
done
within "a restart ends" lsl restart
within "a stop ends" lsl stop
ok "the daemon ends" retry no_lslfs
