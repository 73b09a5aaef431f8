#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A system call that lsl or the daemon never makes kills the process before the
# call has an effect, and a message names the call. test-seccomp.c looks at what
# the filters let through.
. "$(dirname "$0")/../../lib/lib.sh"
[ -z "$LSL_FLAGS" ] || skip "a build with sanitizers runs without the filter"
case $(uname -m) in
x86_64) flock=73 unshare=272 inotify_init1=294 acct=163 bpf=321 init_module=175 getpriority=140 ;;
*) skip "force-call is for x86-64" ;;
esac
force=$(dirname "$LSL_TEST_STAGE")/helpers/force-call
[ -x "$force" ] || skip "there is no $force (make check makes it)"
reason="a bug in lsl, or an attack"

container debian
gives "lsl is killed, and says by what" 159 "" \
	"lsl: system call acct is not allowed: $reason (please report it; --disable-seccomp runs without the filter)" \
	"$force" $flock $acct "$T/usr/bin/lsl" start
gives "... nothing is started" 0 stopped "" sh -c "lsl status | awk '/^debian/ { print \$2 }'"
run "$force" $unshare $init_module "$T/usr/bin/lsl" start
is "one of its children is killed" "$status" 1
like "... and says by what" "$err" "*lsl: system call init_module is not allowed: $reason*"
like "... and lsl says for whom" "$err" "*debian: *the system call filter stopped it*"
gives "without the filter there is no limit" 0 "" "" lsl --disable-seccomp start
lsl stop
run "$force" $flock $getpriority "$T/usr/bin/lsl" --debug start
like "--debug names a call that is only refused" "$err" "*lsl: debug: system call getpriority is refused by the filter*"
run "$force" $flock $acct "$T/usr/bin/lsl" --debug start
like "... and one that kills, as ever" "$status$err" "159*lsl: system call acct is not allowed: $reason*"
is "... whatever else the filter refuses, lsl does not need" "$(printf '%s\n' "$err" | grep -c refused)" 0
lsl stop

log_to "$W/syslog"
timeout 60 "$force" $inotify_init1 $getpriority "$HELPER" --foreground -o debug lslfs "$LINKSDIR" 2>"$W/daemon" &
retry findmnt "$LINKSDIR" || :
lsl start
ok "a call that is only refused does not end the daemon" grep -q "^debian:" <<-EOF
	$(ls "$LINKSDIR")
EOF
lsl stop
wait $! || :
like "... and -o debug names it" "$(cat "$W/daemon")" "*mount.lslfs: system call getpriority is refused by the filter*"
is "... and nothing else" "$(grep -c refused "$W/daemon")" 1
run timeout 60 "$force" $inotify_init1 $bpf "$HELPER" --foreground lslfs "$LINKSDIR"
is "the daemon's server is killed" "$status" 32
like "... and says by what" "$err" "*mount.lslfs: system call bpf is not allowed: $reason (please report it; -o noseccomp runs without the filter*"
retry grep -q "mount.lslfs: system call bpf is not allowed: $reason (please report it; -o noseccomp runs without the filter" "$W/syslog" || :
is "... in the system's log, too" "$(grep -c "<27>mount.lslfs: system call bpf is not allowed" "$W/syslog")" 1
ok "... nothing is mounted" sh -c "! findmnt '$LINKSDIR'"
