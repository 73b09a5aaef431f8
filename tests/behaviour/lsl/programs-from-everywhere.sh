#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl ps, status, stop and remove know the programs of a container, however they
# were started: from a separate mount namespace, from inside another container,
# by the host, in a mount namespace that was made inside; and those that an
# earlier stop has left running.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq

container debian "mnt=$T/home;$COVERAGE"
container other ${COVERAGE:+"mnt=$COVERAGE"}
# The same root filesystem: its programs are its own.
container twin "path=$T/rootfs/debian" "mnt=$T/home;$COVERAGE"
lsl start
D=$LINKSDIR/debian:sleep

# started ARGUMENT CMD...: in the background; CMD's last process is sleep
# ARGUMENT.
started() {
	number=$1
	shift
	"$@" &
	retry pgrep -x -f "(/bin/)?sleep $number"
}

is_young() {
	grep -q '^namespace=[0-9]*:[0-9]*:[0-9]*$' "$MNTDIR/debian:record"
}

started 1001 "$D" 1001
started 1002 unshare -m "$D" 1002
started 1003 "$LINKSDIR/other:sh" -c "exec $D 1003"
started 1004 "$LINKSDIR/other:sh" -c "exec $LINKSDIR/host:sh -c 'exec $D 1004'"
started 1005 "$LINKSDIR/debian:sh" -c "exec $LINKSDIR/host:sh -c 'exec $D 1005'"
started 1006 "$LINKSDIR/debian:unshare" -m /bin/sleep 1006
started 1007 as_user "$D" 1007
count=7
if is_young; then
	started 1008 unshare -m runuser -u alice -- "$D" 1008
	count=8
fi
# These are not debian's.
started 2001 "$LINKSDIR/debian:sh" -c "exec $LINKSDIR/host:sleep 2001"
started 2002 "$LINKSDIR/debian:sh" -c "exec $LINKSDIR/other:sleep 2002"
started 2003 "$LINKSDIR/twin:sleep" 2003
started 2004 unshare -m sleep 2004
started 2005 chroot "$T/rootfs/debian" /bin/sleep 2005
# One that another tool has started there, like RootDirectory= of a unit.
started 2006 unshare -m chroot "$T/rootfs/debian" /bin/sleep 2006
# One that looks like debian's, in alice's user namespace: root neither looks at
# its file systems nor ends it.
if as_user unshare -U -r -m true 2>/dev/null; then
	started 2008 as_user unshare -U -r -m sh -c \
		'mount --rbind "$0" "$0" && mount --rbind / "$0/oldRoot" && exec chroot "$0" /bin/sleep 2008' "$T/rootfs/debian"
else
	started 2008 sleep 2008
	skip_check "a user's own namespace is not a container's" "users may not make namespaces"
fi

# shown CMD...: the numbers of the container's programs that it prints.
shown() {
	"$@" 2>&1 | sed -n "s/.*sleep \([0-9]*\)$/\1/p" | sort | tr '\n' ' '
}
all="1001 1002 1003 1004 1005 1006 1007 "
[ $count = 7 ] || all="${all}1008 "

is "lsl ps has them all, and no others" "$(shown lsl ps debian)" "$all"
is "... those of other containers with theirs" "$(shown lsl ps other) $(shown lsl ps twin)" "2002  2003 "
is "... and none of the host" "$(lsl ps | grep -c -e 'sleep 2001' -e 'sleep 200[4568]')" 0
is "lsl status counts them" "$(lsl status --json | jq -c '[.containers[] | .running]')" "[$count,1,1]"
is "... for an ordinary user not" "$(as_user lsl status --json | jq -c '[.containers[] | .running]')" "[null,null,null]"
is "an ordinary user sees theirs" "$(shown as_user lsl ps debian)" "1007 $([ $count = 7 ] || echo '1008 ')"
is "lsl stop names them" "$(shown lsl stop debian)" "$all"

is "after the stop lsl ps still has them" "$(shown lsl ps debian)" "$all"
is "... and lsl status" "$(lsl status --json | jq -c '.containers[0] | [.state, .running]')" "[\"stopped\",$count]"
is "... for an ordinary user not" "$(as_user lsl status --json debian | jq -c '.containers[0].running')" null
is "... and another stop" "$(shown lsl stop debian)" "$all"
is "... of all" "$(shown lsl stop)" "$(echo "$all" | sed 's/$/2002 2003 /')"
is "... when nothing is started" "$(shown lsl stop)" "$(echo "$all" | sed 's/$/2002 2003 /')"
is "lsl ps, too" "$(shown lsl ps)" "$(echo "$all" | sed 's/$/2002 2003 /')"
# Programs that the twin's stop has left have the same root directory.
is "... of the two with one root filesystem they have it once" "$(shown lsl ps debian twin)" "${all}2003 "
pkill -x -f '.*sleep 2003'
retry sh -c '! pgrep -x -f ".*sleep 2003"'
lsl start
started 1009 "$D" 1009
all="${all}1009 "
is "they are known beside those of the new start" "$(shown lsl ps debian)" "$all"
is "... and lsl status counts both" "$(lsl status --json | jq -c '.containers[0].running')" $((count + 1))
is "lsl restart names them" "$(shown lsl restart debian)" "$all"

started 2007 "$LINKSDIR/twin:sleep" 2007
gives "lsl stop --kill ends them all" 0 "" "" lsl stop --kill debian
# With -f: a zombie has no arguments.
is "... and no others" "$(pgrep -a -f -x '(/bin/)?sleep [0-9]+' | sed 's/.* //' | sort | tr '\n' ' ')" "2001 2002 2004 2005 2006 2007 2008 "
lsl start debian
started 1010 "$D" 1010
lsl stop debian 2>/dev/null
gives "lsl stop --kill ends what an earlier stop has left" 0 "" "lsl: debian is not started" lsl stop --kill debian
not_ok "... it has ended" pgrep -x -f '.*sleep 1010'
lsl stop --kill 2>/dev/null
is "... without a name, those of all containers" "$(pgrep -a -f -x '(/bin/)?sleep [0-9]+' | sed 's/.* //' | sort | tr '\n' ' ')" \
	"2001 2004 2005 2006 2008 "

# A root filesystem is not deleted while a program uses it.
busybox_rootfs "$T/made"
gives "one is made" 0 "" "" sh -c '"$@" >/dev/null 2>&1' x "$T/usr/bin/lsl" $LSL_FLAGS create made --from "$T/made"
started 3001 "$LINKSDIR/made:sleep" 3001
lsl stop made 2>/dev/null
run lsl remove --yes made
is "lsl remove refuses what has a program that a stop has left" "$status" 1
like "... and names it" "$err" "*made: still running: * sleep 3001*made: not removed: programs run in it (--kill ends them)*"
ok "... --kill ends it" lsl remove --yes --kill made
not_ok "... so that nothing runs" pgrep -x -f '.*sleep 3001'
pkill -x sleep
