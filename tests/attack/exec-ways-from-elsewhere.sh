#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: plant the things that lslExecutor uses to enter a container from
# another mount namespace: /proc, process 1 in it, a namespace's id, the result
# of a system call. Origin: CVE-2024-21626 (runc), CVE-2018-18955; measured with
# setns.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs strace python3

container debian
lsl start
cp "$MNTDIR/debian:record" "$W/record"

# without_id: a record as on a kernel before 6.18; then root's commands use
# /proc.
without_id() {
	sed 's/^\(namespace=[0-9]*:[0-9]*\):.*/\1/' "$W/record" >"$MNTDIR/debian:record"
}

# refused WHAT SCRIPT: SCRIPT plants something in a separate mount namespace, in
# which root calls a command.
refused() {
	run timeout 20 unshare -m --propagation slave sh -c "$2"'
		exec strace -qq -e trace=setns,openat,capset -o "$0" "$@"' "$W/trace" "$EXECUTOR" debian echo ran
	is "$1: 125, nothing runs, one line" "$status$out$(printf '%s\n' "$err" | wc -l)" 1251
	is "$1: nothing is entered" "$(grep -c '^setns(.*= 0$' "$W/trace")" "${3:-0}"
}

# 1. /proc.

without_id
refused "a /proc of files" 'mount -t tmpfs proc /proc && mkdir -p /proc/1/ns /proc/self/fd && : >/proc/1/ns/mnt'
refused "a fifo in the place of the namespace" 'mount -t tmpfs proc /proc && mkdir -p /proc/1/ns && mkfifo /proc/1/ns/mnt'
unshare -m sleep 1000 &
young=$!
retry sh -c 'test "$(readlink /proc/$0/ns/mnt)" != "$(readlink /proc/self/ns/mnt)"' "$young"
refused "a /proc whose process 1 leads to another namespace" "mkdir $W/proc && mount --rbind /proc $W/proc &&
	mount -t tmpfs proc /proc && mkdir -p /proc/1/ns && ln -s $W/proc/$young/ns/mnt /proc/1/ns/mnt"
refused "no /proc" 'while umount -l /proc 2>/dev/null; do :; done'
refused "a process of that namespace in the place of process 1: it has no pins either" "mount --bind /proc/$young /proc/1" 1
end "$young"
if as_user unshare -U -r -m true 2>/dev/null; then
	as_user unshare -U -r -m sh -c 'echo $$ >"$0/pid"; exec sleep 1000' "$W" &
	retry test -s "$W/pid"
	owned=$(cat "$W/pid")
	retry sh -c 'test "$(cat /proc/$0/comm)" = sleep' "$owned"
	refused "a user's process with its own namespaces, mounted over process 1" "mount --bind /proc/$owned /proc/1"
else
	owned=
	skip_check "a user's process in the place of process 1" "users may not make namespaces"
fi
# A service's private /tmp: elsewhere a script's path has another user's file.
mkdir -m 1777 "$W/tmp"
printf '#!%s/debian:sh\necho planted\n' "$LINKSDIR" >"$W/tmp/script"
chmod 0755 "$W/tmp/script"
chown bob "$W/tmp/script"
sed 's/planted/private/' "$W/tmp/script" >"$W/private"
gives "a user's script is at the path of root's in the container: root's command does not run it" 125 "" \
	"lslExecutor: the script $W/tmp/script is not visible in debian" \
	unshare -m --propagation slave sh -c 'mount -t tmpfs private "$0/tmp" && cp "$0/private" "$0/tmp/script" &&
		chmod 0755 "$0/tmp/script" && "$0/tmp/script"' "$W"
gives "... nor by a relative path" 125 "" "lslExecutor: the script tmp/script is not visible in debian" \
	unshare -m --propagation slave sh -c 'mount -t tmpfs private "$0/tmp" && cp "$0/private" "$0/tmp/script" &&
		chmod 0755 "$0/tmp/script" && cd "$0" && exec tmp/script' "$W"
ln -s "$LINKSDIR/debian:sh" "$W/interpreter"
sed "1s|.*|#!$W/interpreter|" "$W/private" >"$W/linked"
gives "... nor by a link to the command" 125 "" \
	"lslExecutor: the script $W/tmp/script is not visible in debian" \
	unshare -m --propagation slave sh -c 'mount -t tmpfs private "$0/tmp" && cp "$0/linked" "$0/tmp/script" &&
		chmod 0755 "$0/tmp/script" && "$0/tmp/script"' "$W"
# Whatever fails on the way.
cannot="lslExecutor: cannot enter debian from this mount namespace: before Linux 6.18 that needs CAP_SYS_PTRACE (a unit with CapabilityBoundingSet=?) and the host's /proc"
for fault in "openat:error=EACCES -P /proc" "capset:error=EPERM:when=2" "capset:error=EPERM:when=3"; do
	# shellcheck disable=SC2086 # words
	gives "a fault in ${fault%% *}: 125" 125 "" "$cannot" unshare -m strace -qq -o "$W/trace" \
		-e trace="${fault%%:*}" -e inject=$fault "$EXECUTOR" debian echo ran
done
gives "the file there leads to the container" 0 ran "" unshare -m strace -qq -o "$W/trace" "$EXECUTOR" debian echo ran
is "CAP_SYS_PTRACE is in effect for one call" "$(awk '/^capset\(/ { on = /effective=[^,]*CAP_SYS_PTRACE/; seen += on; next }
	on && !/^openat\([0-9]+, "1\/ns\/mnt"/ { print }
	END { print seen }' "$W/trace")" 1
run unshare -m strace -qq -u alice -o "$W/trace" "$EXECUTOR" debian echo ran
is "a user's command does not look at process 1" "$(grep -c 1/ns "$W/trace")" 0

# 2. Ids.

if ! grep -q '^namespace=[0-9]*:[0-9]*:' "$W/record"; then
	skip_check "ids" "the kernel gives namespaces none (before Linux 6.18)"
	exit 0
fi
# id_of PID: its mount namespace's, NS_GET_ID.
id_of() {
	python3 -c 'import fcntl, struct, sys
with open(f"/proc/{sys.argv[1]}/ns/mnt") as ns:
    print(struct.unpack("Q", fcntl.ioctl(ns, 0x8008b70d, b"\0" * 8))[0])' "$1"
}
sed "s/^\(namespace=[0-9]*:[0-9]*:\).*/\1$(id_of 1)/" "$W/record" >"$MNTDIR/debian:record"
gives "another namespace's id: the pin counts" 0 debian "" as_user "$EXECUTOR" debian sh -c 'echo "$LSL_CONTAINER"'
run unshare -m --propagation slave runuser -u alice -- "$EXECUTOR" debian echo ran
is "... and where none shows it is refused" "$status$out" 125
cp "$W/record" "$MNTDIR/debian:record"
if [ -n "$owned" ]; then
	# The call returns an open file of the caller, a user's namespace.
	OWNED=$owned
	export OWNED
	run sh -c 'exec strace -qq -u alice -e trace=open_by_handle_at -e inject=open_by_handle_at:retval=0 \
		-o "$0/trace" "$@" <"/proc/$OWNED/ns/mnt"' "$W" "$EXECUTOR" debian readlink /proc/self/ns/mnt
	is "a call that gives another namespace: the container runs" "$status:$out" \
		"0:mnt:[$(sed -n 's/^namespace=[0-9]*:\([0-9]*\).*/\1/p' "$W/record")]"
	gives "a user namespace's root has no privilege" 125 "" \
		"lslExecutor: no privilege to enter debian: this is another user namespace (a rootless container or a sandbox); commands work only outside of it" \
		as_user unshare -U -r -m "$EXECUTOR" debian true
	kill "$owned"
	wait
fi
# Stopped, with a program left.
as_user "$EXECUTOR" debian sleep 1000 &
retry pgrep -x -u alice sleep
lsl stop debian 2>/dev/null || :
gives "a container that was stopped and has programs is not entered" 125 "" \
	"lslExecutor: debian is not started (sudo lsl start debian)" as_user "$EXECUTOR" debian echo ran
