#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a file in the state directory that is not a container's mount
# namespace: setns(2) itself does not refuse a namespace that an unprivileged
# user made and owns. Origin: CVE-2022-31214 (firejail), measured with setns.
#
# If somebody got such a file there, it is not entered, not opened if opening
# has an effect, and nothing hangs.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=tests/lib/faults.sh
. "$tests/lib/faults.sh"
needs strace taskset

container debian
lsl start
owned=

# plant NAME: a record for it, which names the container's namespace as the one
# that was proved. Not by its id, by which it would be opened, whatever is
# pinned.
plant() {
	sed "s/^name=.*/name=$1/; s/^\(namespace=[0-9]*:[0-9]*\):.*/\1/" "$MNTDIR/debian:record" >"$MNTDIR/$1:record"
}

# refused WHAT NAME
refused() {
	run timeout 10 runuser -u alice -- "$EXECUTOR" "$2" echo ran
	is "$1: 125, and nothing runs" "$status$out" 125
	is "$1: in one line" "$(printf '%s\n' "$err" | wc -l)" 1
	(cd / && strace -f -u alice -o "$W/trace" timeout 10 "$EXECUTOR" "$2" echo ran) >/dev/null 2>&1 || :
	is "$1: setns is not tried" "$(grep -c ' setns(' "$W/trace")" 0
}

touch "$MNTDIR/file" "$MNTDIR/net" "$MNTDIR/uts" "$MNTDIR/user" "$MNTDIR/own" "$MNTDIR/status"
for name in file net uts user own status fifo link dir missing tty; do
	plant $name
done
refused "an ordinary file" file
mkfifo -m 0666 "$MNTDIR/fifo"
refused "a fifo" fifo
is "... is not even opened" "$(grep 'openat(.*"fifo"' "$W/trace" | grep -vc O_PATH)" 0
ln -s debian "$MNTDIR/link"
refused "a link to a container's" link
mkdir "$MNTDIR/dir"
refused "a directory" dir
refused "nothing" missing
mknod -m 0666 "$MNTDIR/tty" c 5 0
refused "a device" tty
is "... is not even opened" "$(grep 'openat(.*"tty"' "$W/trace" | grep -vc O_PATH)" 0
mount --bind /proc/self/ns/net "$MNTDIR/net"
refused "a network namespace" net
mount --bind /proc/self/ns/user "$MNTDIR/user"
refused "a user namespace" user
mount --bind /proc/self/status "$MNTDIR/status"
refused "a file of /proc" status
# own_namespace CPU: a user's namespace, made on that CPU.
own_namespace() {
	rm -f "$W/pid"
	as_user taskset -c "$1" unshare -U -r -m sh -c 'echo $$ >"$0/pid"; exec sleep 1000' "$W" &
	# Everybody can write to the directory.
	retry test -s "$W/pid"
	owned=$(cat "$W/pid")
	mount --bind "/proc/$owned/ns/mnt" "$MNTDIR/own" 2>/dev/null
}
if as_user unshare -U -r -m true 2>/dev/null; then
	# Only a namespace with a greater number than our own can be pinned, and
	# each CPU has its own numbers.
	for cpu in $(seq 0 $(($(nproc --all) - 1))); do
		! own_namespace "$cpu" || break
		kill "$owned"
		owned=
	done
	[ -n "$owned" ] || skip_check "a user's own mount namespace" "the kernel does not let it be pinned"
fi
if [ -n "$owned" ]; then
	refused "a mount namespace that a user's user namespace owns" own
	# Whatever else goes wrong.
	as="-u alice"
	faulty -e trace=all "$EXECUTOR" own echo ran
	calls_traced 0 | grep -E '^(f?stat|newfstatat|ioctl|openat|fstatfs) ' >"$W/calls"
	faults_of 1 <"$W/calls" >"$W/faults"
	suffer "... not by a call that fails" "$W/faults" "125:" "$EXECUTOR" own echo ran
	sed -i '/^namespace=/d' "$MNTDIR/own:record"
	refused "... nor if the record names no namespace" own
	kill "$owned"
fi
gives "the container itself runs" 0 ran "" as_user "$EXECUTOR" debian echo ran
umount "$MNTDIR/net" "$MNTDIR/user" "$MNTDIR/status"
[ -z "$owned" ] || umount "$MNTDIR/own"
