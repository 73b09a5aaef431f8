#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: send so many requests for a slow container that other users never get
# their turn: two users who always have a request waiting, and eight who fill
# the queue.
#
# Another user's request, and root's, is answered after one of each of these
# users, and is not refused.
variants="setuid"
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs perl pgrep

container debian
program "$T/rootfs/debian/bin/tool" 'echo ran'
lsl start
helper askers

# Each look of a worker takes 10 ms or more.
server=$(lslfs_server)
traced "$server" -e trace=openat2 -e inject=openat2:delay_enter=10000 || skip "strace cannot attach"

# asked USER: the result of a lookup. All waiting ones take a minute or more.
asked() {
	runuser -u "$1" -- perl -MTime::HiRes=time -e '
		my $start = time; lstat "$ARGV[0]/debian:not-$$-$ARGV[1]"; my $error = $!;
		my $took = time - $start; print $took < 15 ? "in time: $error" : sprintf("after %.0f s: %s", $took, $error)' \
		"$LINKSDIR" "$1"
}
flood() {
	: >"$W/asking"
	"$W/askers" "$LINKSDIR/debian:no" "$@" >"$W/asking" &
	askers=$!
	retry grep -q asking "$W/asking"
}

flood 400 2001 2002
is "two users with 400 requests each: a third one's comes" "$(asked bob)" "in time: No such file or directory"
is "... and root's request" "$(asked root)" "in time: No such file or directory"
flooders=$askers
flood 600 2003 2004 2005 2006 2007 2008 2009 2010
is "eight users fill the queue: another user's request is answered" "$(asked bob)" "in time: No such file or directory"
is "... and root's request" "$(asked root)" "in time: No such file or directory"
# Another server, which is not slow, answers the remaining ones.
kill -KILL "$flooders" "$askers" "$server"
wait $tracer 2>/dev/null || :
ok "afterwards commands run" retry debian:tool
lsl stop
