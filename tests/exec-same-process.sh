#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The program is the caller's process: same ids, parent, group, session, terminal, file descriptors,
# signals, limits, priority and mask of files. Nothing stands in between.
. "$(dirname "$0")/lib.sh"

container debian "mnt=/etc/passwd;/etc/group"
lsl start

# The same program looks natively and as a command. Busybox at both places: the same program.
cat >look.sh <<'EOF'
echo "pid $$"
cut -d' ' -f 4-8,19 /proc/$$/stat
sed -n -e '/^Sig[BI]/p' -e /^ShdPnd/p -e /^Umask/p -e /^Uid/p -e /^Gid/p -e /^Groups/p -e /^Seccomp:/p \
	-e /^NoNewPrivs/p -e /^Cpus_allowed:/p -e /^CapBnd/p /proc/$$/status
cat /proc/$$/limits /proc/$$/cgroup /proc/$$/oom_score_adj /proc/$$/timerslack_ns
ls -l /proc/$$/fd >fds
sed -n 's/.* \([0-9]* ->\)/\1/p' fds | grep -v -e fds -e look.sh | sort
umask
id
EOF
# by NATIVE|COMMAND [PREFIX...]: what look.sh says, executed in the very same process as its caller.
cat >by.sh <<'EOF'
umask 027
ulimit -S -n 500
ulimit -S -c 0
trap '' USR1 HUP
exec 7<by.sh 9>>/dev/null
exec 7<&7
exec "$@" sh ./look.sh 8<&7
EOF
export W
program "$W/same" "echo \$\$ \$PPID; exec busybox sh ./by.sh \"\$@\""
compare() {
	what=$1
	shift
	for way in busybox debian:busybox; do
		: >got
		chmod 0666 got
		"$@" "$W/same" "$way" >>got 2>&1
		pid=$(sed -n '1s/ .*//p' got)
		is "$what: $way is the caller's own process" "$(sed -n 2p got)" "pid $pid"
		sed "1d; s/\\b$pid\\b/PID/g; s/\\b$(sed -n '1s/.* //p' got)\\b/PPID/g" got >"$way"
	done
	same "$what: all else is the same" debian:busybox busybox
}
: >fds
chmod 0666 fds
compare root
compare "a user" as_user
compare "a niced user" as_user nice -n 7
compare "with a signal blocked" as_user perl -e 'use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR2, SIGTERM)); exec @ARGV'
compare "in a session of its own" as_user setsid -w
compare "as through sudo" as_user sudo -E
if perl -e 'exit 0' 2>/dev/null; then
	compare "with an alarm pending" as_user perl -e 'alarm 1000; exec @ARGV'
fi

run perl -e 'alarm 1; exec @ARGV' debian:sleep 100
is "... and comes" "$status" 142
gives "standard input is the caller's" 0 line "" sh -c 'echo line | debian:cat'
gives "a descriptor of the caller's can be used" 0 line "" \
	sh -c 'echo line >"$W/f"; debian:sh -c "cat <&5" 5<"$W/f"'
gives "so can a pipe by its name in /dev/fd" 0 line "" \
	bash -c 'debian:cat <(echo line)'
gives "so can one opened for writing" 0 line "" \
	sh -c 'debian:sh -c "echo line >&6" 6>"$W/g"; cat "$W/g"'
is "nobody waits for it: the parent of a command is its caller" \
	"$(debian:sh -c 'echo $PPID')" $$
gives "wait4 gives its own resource usage" 0 "1" "" \
	perl -e 'system("debian:sh", "-c", "i=0; while [ \$i -lt 30000 ]; do i=\$((i+1)); done"); print((times)[2] > 0 ? 1 : 0)'

# Descriptors that are closed are not given to files that somebody else opens.
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
	run as_user sh -c "debian:true $closed"
	is "with $closed it runs" "$status" 0
	run as_user sh -c "'$EXECUTOR' nosuch true $closed"
	is "with $closed a refusal is 125" "$status" 125
done
