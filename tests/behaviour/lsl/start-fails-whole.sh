#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Any system call of lsl start may fail, also in the process that builds a
# namespace and in the daemon. Its exit status is 0 only if everything has been
# started; otherwise there is a message. No container is half started, and the
# next lsl stop leaves nothing. The exit status of lsl stop is 0 only if nothing
# is left.
#
# Instead of a small sample of all calls and places:
#
#	LSL_FAULTS=NUMBER	so many of them
#	LSL_FAULTS=all		all (minutes; an hour where something hangs)
#	LSL_FAULTS=K/N		the K-th of N parts of them
. "$(dirname "$0")/../../lib/lib.sh"
needs strace pgrep

echo content >"$T/hostfile"
container debian "mnt=$T/home;$T/hostfile:/etc/live"
program=$T/usr/bin/lsl
state() {
	mount_table
	find "$T/run" "$LINKSDIR" | sort
	lslfs_pids
}
lsl start # the mount points in the root filesystem
lsl stop
retry no_lslfs
nothing=$(state)

# traced FILE CMD...: strace does not keep us waiting for the daemon, which it
# follows.
traced() {
	file=$1
	shift
	run timeout -s KILL 30 strace -D -f -qq -o "$file" "$@"
}

# calls FILE: the calls in a trace, each with the greatest number in any
# process, as "NAME NUMBER" for all places. Calls that only wait or end the
# process cannot fail. A daemon that cannot send answers (writev) has not failed
# to start. The C library, which makes brk(2) and arch_prctl(2), does not expect
# them to fail like this.
calls() {
	awk '{ pid = $1; sub(/^[0-9]+ +/, ""); if (!match($0, /^[a-z0-9_]+\(/)) next
		name = substr($0, 1, RLENGTH - 1); n[pid, name]++; if (n[pid, name] > most[name]) most[name] = n[pid, name] }
	END { for (name in most) for (i = 1; i <= most[name] && i <= 60; i++) print name, i }' "$1" |
		grep -v -E '^(exit|exit_group|execve|rt_sigreturn|restart_syscall|close|getpid|gettid|epoll_wait|futex|writev|brk|arch_prctl) ' | sort -k1,1 -k2,2n
}

# sample COUNT: that many lines of stdin, evenly, or all, or of N parts the
# K-th.
sample() {
	cat >"$W/all"
	case $1 in
	all) set -- 1000000 ;;
	*/*)
		awk -v part="${1%/*}" -v parts="${1#*/}" 'NR % parts == part % parts' "$W/all"
		return
		;;
	esac
	awk -v all="$(wc -l <"$W/all")" -v count="$1" 'int(NR * count / all) != int((NR - 1) * count / all) || count >= all' "$W/all"
}

error_of() {
	case $((number % 4)) in
	0) echo ENOMEM ;;
	1) echo EPERM ;;
	2) echo EIO ;;
	3) echo EMFILE ;;
	esac
}

# "yes" if a container has both pin and record, "no" if it has neither.
is_whole() {
	case $(is_mounted "$MNTDIR/debian" && echo pin) in
	pin) if [ -f "$MNTDIR/debian:record" ]; then echo yes; else echo "a pin without a record"; fi ;;
	*) if [ -f "$MNTDIR/debian:record" ]; then echo "a record without a pin"; else echo no; fi ;;
	esac
}

# The fault has passed: strace would repeat it in every thread that the daemon
# makes.
works() {
	retry sh -c 'pkill -KILL -x strace; ! pgrep -x strace'
	retry timeout 10 runuser -u alice -- "$LINKSDIR/debian:true" &&
		[ "$(timeout 10 runuser -u alice -- "$LINKSDIR/debian:cat" /etc/live)" = content ]
}

# Remains are listed in $W/stop.
cleaned() {
	lsl stop >"$W/stop" 2>&1 && retry no_lslfs || return 1
	state >"$W/left"
	echo "$nothing" | diff - "$W/left" >>"$W/stop"
}

# wrong WHAT: records it for the present fault.
wrong() {
	wrongs="$wrongs
$call number $number with $error: $1 (status $status: $err)"
}

traced "$W/trace" "$program" $LSL_FLAGS start
is "traced, it starts" "$status$err" 0
calls "$W/trace" | sample "${LSL_FAULTS:-24}" >"$W/faults"
lsl stop
retry no_lslfs
succeeded=0
failed=0
wrongs=
while read -r call number; do
	error=$(error_of)
	traced /dev/null -e trace="$call" -e inject="$call:error=$error:when=$number" "$program" $LSL_FLAGS start </dev/null
	if [ "$status" = 0 ]; then
		succeeded=$((succeeded + 1))
		if ! { [ "$(is_whole)" = yes ] && works; }; then wrong "status 0, but not everything is started"; fi
	else
		failed=$((failed + 1))
		# The first one is the dynamic loader's, which ends so.
		[ "$call $number $status" != "mmap 1 139" ] || err="lsl: the loader"
		case $err in "lsl: "* | "mount.lslfs: "* | "$T/"*": error while loading shared libraries: "* | "Error relocating "*) ;; *) [ "$call" = write ] || wrong "no message" ;; esac
		case $(is_whole) in yes | no) ;; *) wrong "$(is_whole)" ;; esac
	fi
	cleaned || wrong "stop does not clean up: $(cat "$W/stop")"
done <"$W/faults"
ran=
is "start with $(wc -l <"$W/faults") faults: all there ($succeeded times) or a message ($failed times), and clean afterwards" "$wrongs" ""
is "start: both were the case" "$([ $succeeded -gt 0 ] && [ $failed -gt 3 ] && echo yes)" yes

# spoilt CALL HOW MESSAGE: fails the first such call of the daemon's processes.
spoilt() {
	traced /dev/null -e trace="$1" -e "inject=$1:$2:when=1" "$program" $LSL_FLAGS start </dev/null
	is "the daemon fails by $2 in $1: it says so, with its name" "$status$err" "1mount.lslfs: $3"
	ok "... and is not visible" eval 'retry no_lslfs && ! is_mounted "$LINKSDIR"'
	is "... and lsl stop leaves nothing" "$(cleaned || echo "it leaves: $(cat "$W/stop")")" ""
}
spoilt signalfd4 error=EPERM "cannot receive signals: Operation not permitted"
spoilt signalfd4 signal=SIGSEGV "the daemon was killed before $LINKSDIR was ready: Segmentation fault"
spoilt inotify_init1 error=EMFILE "cannot watch for containers: Too many open files (raise fs.inotify.max_user_instances)"

traced /dev/null -e trace=umount2 -e inject=umount2:error=EBUSY "$program" $LSL_FLAGS start nosuch </dev/null
like "nothing is started, and $MNTDIR stays: it says why" "$err" "*lsl: cannot clean up $MNTDIR: Device or resource busy"
is "... and lsl stop leaves nothing" "$(cleaned || echo "it leaves: $(cat "$W/stop")")" ""

lsl start
traced "$W/trace" "$program" $LSL_FLAGS stop
is "traced, it stops" "$status$err" 0
calls "$W/trace" | sample "${LSL_FAULTS:-10}" >"$W/faults"
succeeded=0
failed=0
wrongs=
while read -r call number; do
	error=$(error_of)
	lsl start
	traced /dev/null -e trace="$call" -e inject="$call:error=$error:when=$number" "$program" $LSL_FLAGS stop </dev/null
	if [ "$status" = 0 ]; then
		succeeded=$((succeeded + 1))
		if ! { retry no_lslfs && [ "$(state)" = "$nothing" ]; }; then wrong "status 0, but something is left"; fi
	else
		failed=$((failed + 1))
		[ -n "$err" ] || [ "$call" = write ] || wrong "no message"
	fi
	cleaned || wrong "the next stop does not clean up: $(cat "$W/stop")"
done <"$W/faults"
ran=
is "stop with $(wc -l <"$W/faults") faults: all gone ($succeeded times) or a message ($failed times), and clean afterwards" "$wrongs" ""
is "stop: both were the case" "$([ $succeeded -gt 0 ] && [ $failed -gt 0 ] && echo yes)" yes
