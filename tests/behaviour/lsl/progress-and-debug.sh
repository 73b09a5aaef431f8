#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# If start or stop takes longer than a second, a line on the terminal shows its
# progress. A quick one prints nothing, and neither does one without a terminal.
# --debug prints decisions and actions.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs strace script

for name in one two three; do
	container $name
done
escape=$(printf '\033')

# at_terminal CMD: the output there.
at_terminal() {
	script -q -e -c "$1" /dev/null </dev/null | tr -d '\r'
}
# slow CALL COMMAND: the words for a shell that run lsl with a delay of a third
# of a second before each system call of that name.
slow() {
	echo "strace -qq -o /dev/null -e trace=$1 -e inject=$1:delay_enter=350000 $T/usr/bin/lsl $LSL_FLAGS $2"
}

is "a quick start says nothing on a terminal" "$(at_terminal "$T/usr/bin/lsl $LSL_FLAGS start")" ""
is "so does a quick stop" "$(at_terminal "$T/usr/bin/lsl $LSL_FLAGS stop")" ""
gives "a slow start says nothing elsewhere" 0 "" "" sh -c "$(slow pipe2 start)"
shown=$(at_terminal "$(slow umount2 stop)")
like "a slow stop says how far it is" "$shown" "*lsl: stop * (* of 3 containers)*"
is "... up to the last" "$(printf '%s' "$shown" | grep -c '(3 of 3 containers)')" 1
like "... and erases it" "$shown" "*${escape}[[]K"
shown=$(at_terminal "$(slow pipe2 start)")
like "so does a slow start" "$shown" "*lsl: start * (* of 3 containers)*"
like "... and erases it" "$shown" "*${escape}[[]K"
is "... all run" "$(one:echo 1; two:echo 2; three:echo 3)" "1
2
3"
shown=$(at_terminal "$(slow umount2 '-d stop')")
like "a slow stop with --debug says what it does" "$shown" "*lsl: debug: *umount2 $MNTDIR/three*"
is "... and not how far it is" "$(printf '%s' "$shown" | grep -c 'of 3 containers')" 0
container absent "path=$T/nowhere"
like "a message in between replaces the line" "$(at_terminal "$(slow pipe2 start)")" \
	"*(4 of 4 containers)${escape}[[]Klsl: $CONFIG:*$T/nowhere*"
chmod 0777 "$W"
program "$T/rootfs/one/bin/stubborn" 'trap "" TERM' 'echo >$1' 'while :; do sleep 0.05; done'
one:stubborn "/oldRoot$W/ready" &
retry test -e "$W/ready"
shown=$(at_terminal "$T/usr/bin/lsl $LSL_FLAGS stop --kill one")
like "one that waits for a program to end says so" "$shown" "*lsl: stop one (1 of 1 container)*"

run lsl -d start one
is "--debug: exit status and stdout are the same" "$status$out" 0
for word in cap_sys_admin "filter" "read $CONFIG" "locked $MNTDIR" "one: start" "open_tree /dev" "rbind /dev -> /dev" \
	"pivot_root $T/rootfs/one" "one: pinned"; do
	like "--debug start: $word" "$err" "*lsl: debug: *$word*"
done
is "... each line begins alike" "$(printf '%s\n' "$err" | grep -vc '^lsl: debug: ')" 0
run lsl -d start one
like "--debug of a second start: why nothing is done" "$err" "*one: already started*"
one:sleep 1001 &
retry pgrep -x -f 'sleep 1001'
run lsl -d stop --kill
for word in "to be ended: * sleep 1001" "signal 15" "umount2 $MNTDIR/one" "unmount $LINKSDIR"; do
	like "--debug stop: $word" "$err" "*lsl: debug: *$word*"
done
for command in check status ps; do
	like "--debug $command" "$(lsl -d $command 2>&1 >/dev/null)" "*lsl: debug: *"
done
