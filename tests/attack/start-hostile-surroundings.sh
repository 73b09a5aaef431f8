#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: make root start containers from a process with odd inheritance: umask
# 0, ignored signals, closed descriptors, limits, somebody else's working
# directory, a hostile environment. Origin: CVE-2011-1089 (mount and
# RLIMIT_FSIZE), inheritance bugs of sudo and su.
#
# shellcheck disable=SC2086 # lsl_start is words
#
# The result of start is the same, or it fails with a message and leaves
# nothing.
variants="setuid sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs perl

container debian "mnt=$T/home"
lsl_start="$T/usr/bin/lsl $LSL_FLAGS start"
modes() {
	find "$MNTDIR" "$LINKSDIR" -maxdepth 1 -printf '%P %y %m %u %g\n' | grep -v ' l ' | sort
}
lsl start
usual=$(modes)
lsl stop
nothing=$(cut -d' ' -f5- /proc/self/mountinfo)

# starts WHAT CMD...: everything, or nothing and a message.
starts() {
	what=$1
	shift
	run timeout 30 "$@"
	if [ "$status" = 0 ]; then
		is "$what: it starts as usual" "$(modes)" "$usual"
		gives "$what: programs run" 0 ran "" as_user debian:echo ran
	else
		like "$what: it says why" "$err" "?*"
		not_ok "$what: no container is started" is_started debian
	fi
	lsl stop
	is "$what: stopped, nothing is left" "$(cut -d' ' -f5- /proc/self/mountinfo)" "$nothing"
}
starts "umask 0" sh -c "umask 0; exec $lsl_start"
starts "umask 0777" sh -c "umask 0777; exec $lsl_start"
starts "SIGCHLD, SIGPIPE, SIGTERM ignored" perl -e '$SIG{$_} = "IGNORE" for qw(CHLD PIPE TERM HUP USR1); exec @ARGV' $lsl_start
starts "all signals blocked" perl -e 'use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(1 .. 31)); exec @ARGV' $lsl_start
starts "standard input closed" sh -c "exec $lsl_start <&-"
starts "standard descriptors closed" sh -c "exec $lsl_start <&- >&-"
starts "an environment of nothing" env -i $lsl_start
starts "a hostile environment" env LD_LIBRARY_PATH="$W" TMPDIR="$W" PATH="$W" HOME=/nowhere LC_ALL=evil MALLOC_TRACE="$W/t" GCONV_PATH="$W" $lsl_start
mkdir -m 0777 "$W/user"
chown alice "$W/user"
starts "in a user's directory" sh -c "cd '$W/user'; exec $lsl_start"
for limit in "-n 3" "-n 6" "-n 12" "-f 0" "-c 0" "-s 64"; do
	starts "ulimit $limit" sh -c "ulimit $limit; exec $lsl_start"
done
is "nothing was written elsewhere" "$(ls -A "$W/user")" ""
