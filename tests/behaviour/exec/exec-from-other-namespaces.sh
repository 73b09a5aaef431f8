#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Commands work in mount namespaces that are younger than the container's: those
# of units with PrivateTmp= and similar settings, unshare -m, ip netns exec.
# Pins are not visible there, and lslExecutor opens the namespace by its id,
# which needs Linux 6.18. On older kernels root's commands use the namespace of
# process 1, and a user's command says why it cannot run.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs setpriv strace

container debian "mnt=$T/home;$W"
say_program "$T/rootfs/debian/usr/bin/say"
lsl start
cd "$T/home/alice"

# young CMD...: in a new mount namespace, as a unit's manager makes it.
# young_user CMD...: and as alice.
young() {
	unshare -m --propagation slave sh -c 'mount -t tmpfs tmp /tmp && exec "$@"' young "$@"
}

young_user() {
	young runuser -u alice -- "$@"
}

# by_id: whether the record has an id. without_id: a record as on a kernel
# before 6.18.
by_id() {
	grep -q '^namespace=[0-9]*:[0-9]*:[0-9]*$' "$MNTDIR/debian:record"
}

without_id() {
	sed -i 's/^\(namespace=[0-9]*:[0-9]*\):.*/\1/' "$MNTDIR/debian:record"
}

# works WHO CMD...: the properties of every command.
works() {
	who=$1
	shift
	gives "$who: it runs in the container" 0 debian "" "$@" "$LINKSDIR/debian:sh" -c 'echo "$LSL_CONTAINER"'
	gives "$who: in the container's namespace" 0 "$(readlink "/proc/$holder/ns/mnt")" "" \
		"$@" "$LINKSDIR/debian:readlink" /proc/self/ns/mnt
	gives "$who: in the caller's directory" 0 "$T/home/alice" "" "$@" "$LINKSDIR/debian:pwd"
	gives "$who: with its exit status" 7 "" "" "$@" "$LINKSDIR/debian:sh" -c 'exit 7'
	gives "$who: as the same process" 0 same "" "$@" sh -c \
		'test $$ = "$("$0/debian:sh" -c "echo \$PPID")" && echo same' "$LINKSDIR"
	gives "$who: no such program" 127 "" "lslExecutor: debian has no program nosuch (lsl which nosuch)" \
		"$@" "$EXECUTOR" debian nosuch
}

# A process that shows which namespace is the container's.
as_user "$LINKSDIR/debian:sleep" 1000 &
retry pgrep -x -u alice sleep
holder=$(pgrep -x -u alice sleep)

if by_id; then
	works "root" young
	works "a user" young_user
	works "root in a namespace of a namespace" young unshare -m
	works "without CAP_SYS_PTRACE" young setpriv --bounding-set -sys_ptrace
	gives "... nothing else is in effect" 0 "0000000000000000" "" young_user "$LINKSDIR/debian:sh" -c \
		'while read -r k v; do [ "$k" != CapEff: ] || echo "$v"; done </proc/self/status'
	young_user "$LINKSDIR/debian:sh" -c 'echo "$PPID" >"$0/ppid"; exec sleep 1000' "$W" &
	retry sh -c 'test "$(pgrep -x -u alice -c sleep)" = 2'
	is "lsl ps shows what was started so" "$(lsl ps debian | grep -c ' sleep 1000$')" 2
else
	skip_check "by id" "the kernel gives namespaces none (before Linux 6.18)"
fi
if command -v ip >/dev/null && by_id; then
	# Its names are files of /run.
	mount -t tmpfs -o mode=0755 run /run
	if ip netns add lsl 2>/dev/null; then
		gives "ip netns exec: root's command" 0 debian "" ip netns exec lsl "$LINKSDIR/debian:sh" -c 'echo "$LSL_CONTAINER"'
		gives "ip netns exec: a user's" 0 debian "" ip netns exec lsl runuser -u alice -- \
			"$LINKSDIR/debian:sh" -c 'echo "$LSL_CONTAINER"'
		gives "... in that network" 0 "$(ip netns exec lsl readlink /proc/self/ns/net)" "" \
			ip netns exec lsl "$LINKSDIR/debian:readlink" /proc/self/ns/net
	else
		skip_check "ip netns exec" "no network namespace can be made"
	fi
	umount -l /run
else
	skip_check "ip netns exec" "no ip, or no ids"
fi
# As with TemporaryFileSystem=/run.
hidden() {
	young sh -c 'mount -t tmpfs -o mode=0755 run "$0" && exec "$@"' "${MNTDIR%/*}" "$@"
}
gives "if $MNTDIR is hidden, root's commands run" 0 debian "" hidden "$EXECUTOR" debian sh -c 'echo "$LSL_CONTAINER"'
gives "... and a user's say what hides it" 125 "" \
	"lslExecutor: cannot enter debian: $MNTDIR is not visible here (a unit with TemporaryFileSystem= or InaccessiblePaths=?)" \
	hidden runuser -u alice -- "$EXECUTOR" debian true

# A unit's filter refuses one of the calls. strace is root's, and so is its log.
# filtered CALL ERROR CMD...
filtered() {
	call=$1 error=$2
	shift 2
	strace -qq -u alice -o "$W/trace" -e trace="$call" -e inject="$call:error=$error" "$@"
}
gives "where setns is refused it says so" 125 "" \
	"lslExecutor: cannot enter debian: setns(2) is refused (a unit with RestrictNamespaces= or SystemCallFilter=?)" \
	filtered setns EPERM "$EXECUTOR" debian true
gives "... or fails" 125 "" "lslExecutor: cannot enter debian: No such process" \
	filtered setns ESRCH "$EXECUTOR" debian true
if by_id; then
	gives "where open_by_handle_at is refused the pin is as good" 0 debian "" \
		filtered open_by_handle_at EPERM "$EXECUTOR" debian sh -c 'echo "$LSL_CONTAINER"'
	gives "... if there is none, it says so" 125 "" \
		"lslExecutor: cannot enter debian from this mount namespace: open_by_handle_at(2) is refused (a unit with SystemCallFilter=?)" \
		young strace -qq -u alice -o "$W/trace" -e trace=open_by_handle_at -e inject=open_by_handle_at:error=EPERM \
		"$EXECUTOR" debian true
fi

# Without an id.
without_id
cannot="lslExecutor: cannot enter debian from this mount namespace"
works "root by process 1" young
works "root by process 1, no_new_privs" young setpriv --no-new-privs
gives "... without CAP_SYS_PTRACE" 125 "" \
	"$cannot: before Linux 6.18 that needs CAP_SYS_PTRACE (a unit with CapabilityBoundingSet=?) and the host's /proc" \
	young setpriv --bounding-set -sys_ptrace "$LINKSDIR/debian:true"
gives "a user's say why" 125 "" \
	"$cannot (a unit with PrivateTmp= or the like, unshare -m, ip netns exec, or a container?): before Linux 6.18 only root can" \
	young_user "$LINKSDIR/debian:true"
gives "... they run in the host's namespace" 0 debian "" as_user "$LINKSDIR/debian:sh" -c 'echo "$LSL_CONTAINER"'
lsl start
if by_id; then
	works "once lsl start has written the id again, a user" young_user
	# The pin is unmounted, and no process is left.
	pkill -x -u alice sleep
	retry sh -c '! pgrep -x -u alice sleep'
	retry umount "$MNTDIR/debian"
	gives "a namespace that no longer exists" 125 "" "lslExecutor: the namespace of debian is gone (sudo lsl restart)" \
		as_user "$EXECUTOR" debian true
	lsl restart debian
	ok "... until the restart" as_user "$LINKSDIR/debian:true"
fi
