#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create and lsl remove may be killed at any of their system calls, and at
# any moment of their tools' work: no list shows an incomplete container, and
# the next create or remove removes the remains.
. "$(dirname "$0")/../../lib/lib.sh"
needs strace

STATE=$T/var/lib/lsl
busybox_rootfs "$T/rootfs/source"
echo data >"$T/rootfs/source/data"
tar -C "$T/rootfs/source" -cf rootfs.tar .
: >empty
# All calls that change something take minutes: mkdir mkdirat renameat unlinkat
# flock fsync fchown sendto.
calls=${LSL_TEST_CALLS:-renameat sendto}
export LSL_FOLLOW=no

# whole: no container, or a complete one.
whole() {
	if [ -e "$CONFIG.d/box.conf" ]; then
		[ "$(cat "$STATE/box/data")" = data ] && [ -x "$STATE/box/bin/sh" ]
	else
		[ "$(lsl status 2>/dev/null | grep -c box)" = 0 ]
	fi
}
# nothing: a create and a remove leave nothing behind.
nothing() {
	[ -z "$(ls -A "$STATE" | grep -v '^.lock$')$(ls -A "$CONFIG.d" 2>/dev/null)" ]
}
no_tools() {
	no_lsl_at_work && ! pgrep -x 'tar|xz|rm|du' >/dev/null
}
# kill_at CALL NUMBER CMD...: kills the first process of lsl that makes the call
# so often; false if it ended before that.
kill_at() {
	call=$1 number=$2
	shift 2
	run strace -D -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" "$@" </dev/null
	retry no_tools || fail "killed at $call $number: its processes end" "$(ps ax -o pid,ppid,comm,args)"
	[ "$status" != 0 ]
}

moments=0
# all_of CALL...: kills create, then remove, at each of these.
all_of() {
	for name; do
		bad='' number=1
		while kill_at "$name" $number "$T/usr/bin/lsl" $LSL_FLAGS create box --from ./rootfs.tar; do
			moments=$((moments + 1))
			whole || bad="$bad $number(half)"
			# It may already exist.
			if [ -e "$CONFIG.d/box.conf" ]; then
				lsl remove box --yes >>log 2>&1 || bad="$bad $number(remove)"
			else
				# It sweeps first, and then fails.
				lsl create other --from ./empty >>log 2>&1 && bad="$bad $number(create)"
			fi
			nothing || bad="$bad $number(left: $(ls -A "$STATE"))"
			number=$((number + 1))
			[ $number -le 60 ] || break
		done
		ran=
		is "create killed at any $name: all or nothing, and the next one sweeps" "$bad" ""
		lsl remove box --yes >>log 2>&1 || :
		bad='' number=1
		lsl create box --from ./rootfs.tar >>log 2>&1
		while kill_at "$name" $number "$T/usr/bin/lsl" $LSL_FLAGS remove box --yes; do
			moments=$((moments + 1))
			whole || bad="$bad $number(half)"
			if [ -e "$CONFIG.d/box.conf" ]; then
				lsl remove box --yes >>log 2>&1 || bad="$bad $number(remove)"
			fi
			lsl create box --from ./rootfs.tar >>log 2>&1 || bad="$bad $number(create)"
			number=$((number + 1))
			[ $number -le 60 ] || break
		done
		ran=
		is "remove killed at any $name: all or nothing, and it can be removed and made again" "$bad" ""
		lsl remove box --yes >>log 2>&1 || :
		nothing || fail "nothing is left after $name" "$(ls -A "$STATE" "$CONFIG.d")"
	done
}
# shellcheck disable=SC2086 # words
all_of $calls
ok "there were moments enough ($moments)" test $moments -ge 8
[ $failures = 0 ] || cat log

# With --keep-files it never deletes them, and neither does the next one.
bad='' number=1
lsl create box --from ./rootfs.tar >>log 2>&1
while kill_at fsync $number "$T/usr/bin/lsl" $LSL_FLAGS remove box --yes --keep-files; do
	lsl create other --from ./empty >>log 2>&1 || :
	[ "$(cat "$STATE/box/data")" = data ] || bad="$bad $number(lost)"
	rm -rf "$STATE/box"* "$CONFIG.d/box.conf"
	lsl stop box >>log 2>&1 || :
	lsl create box --from ./rootfs.tar >>log 2>&1 || bad="$bad $number(create)"
	number=$((number + 1))
	[ $number -le 20 ] || break
done
ran=
is "remove --keep-files killed at any fsync: the files stay" "$bad" ""
ok "... there were moments enough ($number)" [ "$number" -ge 5 ]
rm -rf "$STATE/box"*

# After a power failure: files are on disk before their directory has its name,
# and that name before the section.
strace -f -qq -o trace -e trace=syncfs,fsync,renameat "$T/usr/bin/lsl" $LSL_FLAGS create box --from ./rootfs.tar >>log 2>&1
is "each step is on disk before the next" "$(sed -n -e 's/^[0-9]* *\(syncfs\|fsync\)(.*/\1/p' \
	-e 's/.*renameat([0-9]*, "\.*\(rootfs\|box\.conf\|box:created\).*, "\.*\(box[^"]*\)".*/\2/p' trace | uniq | tr '\n' ' ')" \
	"syncfs fsync box:created fsync box fsync box.conf fsync box:created fsync "

# The first rename of remove is that of the record.
run strace -qq -o trace -e trace=renameat,unlinkat,close -e inject=renameat:error=EIO:when=2 \
	"$T/usr/bin/lsl" $LSL_FLAGS remove box --yes
is "remove cannot rename the root filesystem: it says so" "$status $(printf '%s\n' "$err" | tail -n 1)" \
	"1 lsl: box: not removed: cannot rename $STATE/box: Input/output error"
is "... and closes no descriptor twice" "$(grep EBADF trace)" ""
lsl create other --from ./empty >>log 2>&1 || :
ok "... and the next one finishes it" nothing

# Ends it by a signal at a random moment, like Ctrl-C, and by one that cannot be
# caught.
for signal in INT TERM KILL; do
	bad='' i=0
	while [ $i -lt "${LSL_TEST_KILLS:-4}" ]; do
		i=$((i + 1))
		"$T/usr/bin/lsl" $LSL_FLAGS create box --from ./rootfs.tar >>log 2>&1 </dev/null &
		pid=$!
		sleep "0.0$((i * 11 % 10))$i"
		kill -$signal $pid 2>/dev/null || :
		wait $pid 2>/dev/null || :
		retry no_tools || bad="$bad $i(processes stay)"
		whole || bad="$bad $i(half: $(ls -A "$STATE" "$CONFIG.d"; lsl status 2>&1))"
		if [ -e "$CONFIG.d/box.conf" ]; then
			lsl remove box --yes >>log 2>&1 || bad="$bad $i(remove)"
		elif [ $signal != KILL ]; then
			nothing || bad="$bad $i(left: $(ls -A "$STATE"))"
		fi
	done
	is "SIG$signal at a random moment" "$bad" ""
	lsl create other --from ./rootfs.tar >>log 2>&1
	lsl remove other --yes >>log 2>&1
	ok "... nothing is left after the next one" nothing
done

# A program that a tool has started, in a separate session.
mkdir tools
printf '#!/bin/sh\nsetsid sleep 1001 &\nexec sleep 1000\n' >tools/xz
chmod 0755 tools/xz
mount --bind tools /usr/local/sbin
printf '\3757zXZ\0' >packed
"$T/usr/bin/lsl" $LSL_FLAGS create box --from ./packed >>log 2>&1 </dev/null &
pid=$!
ok "a tool starts a program and leaves it" retry pgrep -f '^sleep 1001'
kill -INT $pid
wait $pid || :
not_ok "... which ends with it" pgrep -f '^sleep 100[01]'
umount /usr/local/sbin

# Two at once.
is_begun() {
	ls -d "$STATE"/.box.* >/dev/null 2>&1
}
mkfifo slow
# Only the test has it open: dash keeps another descriptor if a function is
# called.
exec 9<>slow
"$T/usr/bin/lsl" $LSL_FLAGS create box --from - <slow >told 2>&1 9>&- &
creator=$!
retry is_begun
run lsl create box --from ./rootfs.tar
like "two at once with one name: the second one says so" "$status $err" "1 lsl: box: not created: another lsl is creating or removing it"
run lsl create different --from ./rootfs.tar
is "... with another name it continues" "$status" 0
ok "... and sweeps nothing of the first" is_begun
exec 9>&-
wait $creator || :
like "... and ends" "$(cat told)" "lsl: box: not created: the archive is empty"
not_ok "... and leaves nothing" is_begun

# A section that comes while the container is made stays as it is.
exec 9<>slow
"$T/usr/bin/lsl" $LSL_FLAGS create box --from - <slow >told 2>&1 9>&- &
creator=$!
retry is_begun
printf '[box]\npath=%s\nbins=/bin\n' "$T/rootfs/source" >"$CONFIG.d/box.conf"
cat rootfs.tar >&9
exec 9>&-
wait $creator || :
like "a name that is taken meanwhile: it says so" "$(cat told)" \
	"lsl: box: not created: $CONFIG.d/box.conf:1 has a container of that name"
is "... the section stays" "$(sed -n 2p "$CONFIG.d/box.conf")" "path=$T/rootfs/source"
not_ok "... and nothing is left" ls -d "$STATE"/.box* "$STATE/box"
rm "$CONFIG.d/box.conf"
