#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: make the daemon of the command directory inherit something from the
# process that starts it, and keep it: descriptors, limits, a priority,
# processors, an environment, a umask, a working directory, a session, blocked
# signals.
#
# None of its processes has any of these, nor has a later server.
. "$(dirname "$0")/../lib/lib.sh"
needs perl

container debian
program "$T/rootfs/debian/bin/tool" 'echo ran'
mkdir "$W/here"
echo secret >"$W/file"

# Hard limits too, where root can raise them again; in some containers it
# cannot.
hard=
if sh -c 'ulimit -H -t 3600 && ulimit -H -t unlimited' 2>/dev/null; then hard=H; fi
few=9:$([ -z "$hard" ] || echo 9)
export few
gives "lsl start, with limits, descriptors and more of its caller" 0 "" "" sh -c '
	cd "$0/here" && umask 077 && exec 9<"$0/file" 8>"$0/file2" && ulimit -S"$1" -n 40 && ulimit -S"$1" -t 3600 && shift &&
	SECRET=word LD_SECRET=word exec prlimit --memlock="$few" --sigpending="$few" --msgqueue="$few" --rttime="$few" nice -n 7 perl -e '\''
		use POSIX; $SIG{CHLD} = $SIG{TERM} = "IGNORE"; alarm 300;
		sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM, SIGCHLD, SIGUSR1));
		exec @ARGV'\'' "$@"' "$W" "$hard" "$T/usr/bin/lsl" $LSL_FLAGS start

# value PID FILE KEY
value() {
	sed -n "s/^$3[[:space:]]*//p" "/proc/$1/$2" | tr -s ' \t' ' '
}
inspect() {
	for pid in $(lslfs_pids); do
		who=$(cat "/proc/$pid/comm")
		is "$1 $who: no descriptor of the caller" "$(find "/proc/$pid/fd" -lname "$W/*")" ""
		is "... no limit of processor time" "$(value "$pid" limits "Max cpu time")" "unlimited unlimited seconds "
		files=$(value "$pid" limits "Max open files")
		is "... room for descriptors: $files" "$([ "${files%% *}" -ge 1024 ] && echo yes)" yes
		for limit in "Max locked memory" "Max pending signals" "Max msgqueue size" "Max realtime timeout"; do
			is "... $limit" "$(value "$pid" limits "$limit" | grep '^9 ' || :)" ""
		done
		is "... no environment" "$(tr -d '\0' <"/proc/$pid/environ")" ""
		is "... nice value 0" "$(ps -o ni= -p "$pid" | tr -d ' ')" 0
		is "... an ordinary scheduling policy" "$(ps -o cls= -p "$pid" | tr -d ' ')" TS
		is "... umask" "$(value "$pid" status "Umask:")" 0022
		is "... the root as working directory" "$(readlink "/proc/$pid/cwd")" /
		is "... in a separate session" "$([ "$(ps -o sid= -p "$pid" | tr -d ' ')" != "$(ps -o sid= -p $$ | tr -d ' ')" ] && echo yes)" yes
		is "... no signals of the caller's blocked" "$(($(printf %d "0x$(value "$pid" status "SigBlk:")") & 0x200))" 0
		is "... no_new_privs, and a filter" "$(value "$pid" status "NoNewPrivs:") $(value "$pid" status "Seccomp:")" \
			"1 $([ -n "$LSL_FLAGS" ] && echo 0 || echo 2)"
	done
}
retry lslfs_is_whole
inspect "after lsl start:"
kill -KILL "$(lslfs_server)"
retry debian:tool
retry lslfs_is_whole
inspect "after the server was replaced:"
for pid in $(lslfs_server); do
	# CAP_SYS_CHROOT is 18, CAP_SYS_ADMIN 21.
	is "the server keeps two capabilities" "$(value "$pid" status "CapPrm:")" 0000000000240000
done
if [ -z "$LSL_FLAGS" ] && grep -q ^Seccomp_filters "/proc/$$/status"; then
	outer=$(value "$(lslfs_supervisor)" status "Seccomp_filters:")
	is "... and has a system call filter within the supervisor's" \
		"$(value "$(lslfs_server)" status "Seccomp_filters:")" $((outer + 1))
fi
for pid in $(lslfs_supervisor); do
	# CAP_SETGID 6 and CAP_SETUID 7, for later servers.
	is "the supervisor keeps four" "$(value "$pid" status "CapPrm:")" 00000000002400c0
	is "... is root by all its ids" "$(value "$pid" status "Uid:") $(value "$pid" status "Gid:")" "0 0 0 0 0 0 0 0"
	is "... and has no threads" "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" 1
done
gives "programs run" 0 ran "" as_user debian:tool
