#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A command that was typed at a terminal prints "Executing /usr/bin/id in
# debian" on standard error: standard error is a terminal and the process leads
# its process group. make, scripts and pipes stay quiet.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs script

container debian
mkdir -p "$T/rootfs/debian/usr/bin"
cp "$T/rootfs/debian/bin/busybox" "$T/rootfs/debian/usr/bin/id"
lsl start

# typed COMMAND: its output on a terminal, and the exit status. The shell has
# job control, so that each command leads a process group.
typed() {
	status=0
	ran=$1
	out=$(as_user script -q -e -c "sh -m -c '$1; exit \$?'" /dev/null </dev/null | tr -d '\r') || status=$?
}

typed 'debian:id -u'
is "typed at a terminal, it is announced" "$out" "Executing /usr/bin/id in debian
$USERID"
typed 'debian:id -u >/dev/null'
is "also when standard output is elsewhere" "$out" "Executing /usr/bin/id in debian"
typed 'debian:id -u 2>/dev/null'
is "not when standard error is elsewhere" "$out" "$USERID"
typed "debian:id -u 2>$W/stderr >$W/stdout; cat $W/stdout $W/stderr"
is "it is never on standard output" "$out" "$USERID"
typed 'true | debian:id -u'
is "not behind a pipe: another one leads" "$out" "$USERID"
typed 'LSL_QUIET=1 debian:id -u'
is "LSL_QUIET=1 silences it" "$out" "$USERID"
typed 'LSL_QUIET=0 debian:id -u'
like "LSL_QUIET=0 does not" "$out" "Executing*"
typed 'LSL_QUIET= debian:id -u'
like "nor does an empty one" "$out" "Executing*"
printf '#!/bin/sh\ndebian:id -u\n' >"$W/a-script"
chmod 0755 "$W/a-script"
typed "$W/a-script"
is "not in a script" "$out" "$USERID"
typed 'debian:sh -c "exit 7"; echo $?'
is "the exit status is the program's" "$out" "Executing /bin/sh in debian
7"
printf 'all:\n\t@debian:id -u\n' >"$W/Makefile"
if command -v make >/dev/null; then
	typed "make -s -C $W"
	is "not in make" "$out" "$USERID"
fi
gives "not without a terminal" 0 "$USERID" "" as_user debian:id -u
gives "not even for a group's leader" 0 "$USERID" "" as_user setsid -w debian:id -u
