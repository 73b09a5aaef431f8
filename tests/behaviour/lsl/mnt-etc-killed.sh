#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A start, refresh or stop that is killed at any system call that changes a root
# filesystem leaves complete account files, and a journal with which the next
# start works and the next stop restores everything.
. "$(dirname "$0")/../../lib/lib.sh"
needs strace

R=$T/rootfs/debian
mkdir "$T/host"
echo one >"$T/host/hosts"
echo one >"$T/host/motd"
container debian "mnt=$T/host/hosts:/etc/hosts;$T/host/motd:/etc/motd;/etc/passwd;/etc/group"
echo own >"$R/etc/hosts"
printf 'root:x:0:0::/root:/bin/sh\nbob:x:1005:1005::/:/bin/sh\n' >"$R/etc/passwd"
printf 'root:x:0:\nolder:x:51100:\n' >"$R/etc/group"
printf 'root:*:19000::::::\nbob:!:19000::::::\n' >"$R/etc/shadow"
printf 'root:*::\n' >"$R/etc/gshadow"
chmod 0640 "$R/etc/shadow" "$R/etc/gshadow"
snapshot() {
	# lckpwdf(3) also leaves the lock of the account files.
	(cd "$R/etc" && find . ! -name .pwd.lock -printf '%p %y %m %U:%G %l\n' -type f -exec cksum {} \;) | sort
}
snapshot >before

# whole: the container's files have each name once, and all accounts that it
# always has.
whole() {
	for file in passwd group shadow; do
		[ -z "$(cut -d: -f1 "$R/etc/$file" | sort | uniq -d)" ] && grep -q '^root:' "$R/etc/$file" || return 1
	done
	grep -q '^bob:' "$R/etc/passwd"
}

# killed CALL NUMBER COMMAND: false if lsl ended before that.
killed() {
	LSL_FOLLOW=no run strace -D -f -qq -o /dev/null -e "trace=$1" -P "$R/etc" -e "inject=$1:signal=KILL:when=$2" \
		"$T/usr/bin/lsl" $LSL_FLAGS "$3"
	retry sh -c 'pkill -KILL -x strace; ! pgrep -x strace'
	retry no_lsl_at_work
	[ "$status" != 0 ]
}

export LSL_FOLLOW=no
moments=0
for command in start refresh stop; do
	for call in renameat linkat unlinkat fsync openat; do
		number=1 bad_files='' bad_start='' bad_stop='' last=no
		while [ $last = no ] && [ $number -le 60 ]; do
			[ $command = start ] || lsl start
			echo "$command $call $number" >"$T/host/hosts"
			killed $call $number $command || last=yes
			whole || bad_files="$bad_files $number"
			# Sometimes the next is a stop, sometimes a start.
			if [ $((number % 2)) = 0 ]; then
				lsl start && [ "$(cat "$R/etc/hosts")" = "$command $call $number" ] &&
					debian:grep -q ^alice: /etc/passwd || bad_start="$bad_start $number"
			fi >>"$W/log" 2>&1
			lsl stop >>"$W/log" 2>&1
			snapshot >after
			diff before after >>"$W/log" || bad_stop="$bad_stop $number"
			number=$((number + 1)) moments=$((moments + 1))
		done
		ran=
		is "$command killed at any $call: account files are whole" "$bad_files" ""
		is "... the next start is right" "$bad_start" ""
		is "... the next stop puts everything back" "$bad_stop" ""
	done
done
is "there were moments enough ($moments)" "$([ $moments -gt 60 ] && echo yes)" yes
[ $failures = 0 ] || tail -n 40 "$W/log"
