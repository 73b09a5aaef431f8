#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The command directory is never stale and never hangs, even if events are lost,
# no watch can be had, a root filesystem is deleted, a container is stopped
# while a process is in its directory, or the file system of one container does
# not answer. One line in the log says what is wrong.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs perl pgrep
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"
log_to "$W/log"

small() {
	mkdir -p "$T/rootfs/$1/bin" "$T/rootfs/$1/opt"
	cp "$(command -v busybox)" "$T/rootfs/$1/bin/busybox"
	ln "$T/rootfs/$1/bin/busybox" "$T/rootfs/$1/bin/true"
	name=$1
	shift
	container "$name" "bins=/opt;/bin" "$@"
}
for name in plain many unwatched deleted; do
	small $name
done
lsl start plain many deleted

# fresh WHAT CONTAINER: changes of a new and a removed program are seen there.
fresh() {
	opt=$T/rootfs/$2/opt seen=
	for way in "$LINKSDIR/$2:new" "$LINKSDIR/$2/new"; do
		ls "$LINKSDIR/$2" >/dev/null
		test ! -h "$way" || seen="$seen $way was there before;"
		cp -l "$T/rootfs/$2/bin/true" "$opt/new"
		test -h "$way" || seen="$seen $way is missed;"
		test "$(ls "$LINKSDIR/$2" | grep -cx new)" = 1 || seen="$seen $way is not listed;"
		rm "$opt/new"
		test "$(ls "$LINKSDIR/$2" | grep -cx new)" = 0 || seen="$seen $way is listed when it is gone;"
		retry test ! -h "$way" || seen="$seen $way is found when it is gone;"
	done
	is "$1" "$seen" ""
}

# More events than the kernel keeps, while nobody reads them: those of another
# container are lost, and only the loss is reported.
fresh "at first everything is as it should be" plain
cp -l "$T/rootfs/plain/bin/true" "$T/rootfs/plain/opt/old"
# Twice: the second listing is the kernel's.
for _ in 1 2; do
	ls -l "$LINKSDIR" "$LINKSDIR/many" "$LINKSDIR/plain" >/dev/null
done
server=$(lslfs_server)
hold "$server"
perl -e 'for my $i (1 .. $ARGV[1]) { open(my $f, ">", "$ARGV[0]/f$i") or die; unlink "$ARGV[0]/f$i" }' \
	"$T/rootfs/many/opt" "$(cat /proc/sys/fs/inotify/max_queued_events)"
rm "$T/rootfs/plain/opt/old"
cp -l "$T/rootfs/plain/bin/true" "$T/rootfs/plain/opt/last"
kill -CONT "$server"
is "events were lost: a new program is listed, a removed one is not" "$(ls "$LINKSDIR/plain" | grep -x -e old -e last)" last
ok "... lookups find what came" test -h "$LINKSDIR/plain:last"
ok "... and not the removed one" retry test ! -h "$LINKSDIR/plain:old"
fresh "... and it continues as before" plain
is "... one line in the log says so" "$(lines 'too many changes at once')" 1

# No watch can be made, only for this process.
if traced "$server" -e trace=inotify_add_watch -e inject=inotify_add_watch:error=ENOSPC; then
	lsl start unwatched
	fresh "no watches are left: nothing is stale" unwatched
	cp -l "$T/rootfs/unwatched/bin/true" "$T/rootfs/unwatched/opt/old"
	ls -l "$LINKSDIR/unwatched" >/dev/null
	rm "$T/rootfs/unwatched/opt/old"
	not_ok "... a removed one disappears at once" test -h "$LINKSDIR/unwatched:old"
	fresh "... for the others everything is as before" plain
	is "... one line in the log says so, with a remedy" "$(lines 'unwatched.*max_user_watches')" 1
else
	skip_check "no watches are left" "strace cannot attach"
fi
untraced
fresh "when there are watches again, nothing is stale" unwatched

# The root filesystem is deleted under a started container.
ls -l "$LINKSDIR/deleted" >/dev/null
rm -rf "$T/rootfs/deleted/bin" "$T/rootfs/deleted/opt"
gives "a deleted root filesystem: nothing is listed" 0 "" "" timeout 10 ls "$LINKSDIR/deleted"
ok "... nor found" retry test ! -h "$LINKSDIR/deleted:true"
mkdir "$T/rootfs/deleted/bin" "$T/rootfs/deleted/opt"
cp "$T/rootfs/plain/bin/busybox" "$T/rootfs/deleted/bin/true"
ok "... the next directory of PATH is found" test -h "$LINKSDIR/deleted:true"
fresh "... everything is as before" deleted

# Stopped with the directory open, and a process in it.
mkfifo "$W/in"
(cd "$LINKSDIR/many" && exec sh <"$W/in" >"$W/said" 2>&1) &
exec 8>"$W/in"
perl -e 'opendir(my $d, $ARGV[0]) or die; readdir $d; print "open\n"; STDOUT->flush; sleep 1 until -e $ARGV[1];
	1 while defined readdir $d; print "read\n"' "$LINKSDIR/many" "$W/stopped" >"$W/reader" &
reader=$!
retry grep -q open "$W/reader"
gives "a container is stopped while its directory is open" 0 "" "" timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS stop many
touch "$W/stopped"
ok "... a reading process comes to an end" retry sh -c "! kill -0 $reader"
echo 'ls . ; test -h true || echo gone; cd / && echo out' >&8
ok "... a process in it finds nothing, and can leave" retry grep -qx out "$W/said"
is "... it disappears" "$(grep -x gone "$W/said")" gone
exec 8>&-
lsl start many
fresh "... started again, it is as before" many

# A file system below one container never answers.
small hung
mkdir "$T/rootfs/hung/dead"
sed -i '/^\[hung\]/,$ s,^bins=.*,bins=/dead/bin;/bin,' "$CONFIG"
lsl start hung
"$hangfs" "$T/rootfs/hung/dead"
# soon WHAT CMD...: succeeds, in less time than the daemon's patience.
soon() {
	what=$1
	shift
	ok "$what" timeout 2 "$@"
}
ls "$LINKSDIR/hung:nosuch" >/dev/null 2>&1 &
ls "$LINKSDIR" >/dev/null 2>&1 &
retry has_requests "$T/rootfs/hung/dead"
soon "while a container hangs, another one's commands run" plain:true
soon "... programs just installed too" sh -c "cp -l '$T/rootfs/plain/bin/true' '$T/rootfs/plain/opt/uname'; '$LINKSDIR/plain:uname'"
soon "... its directory is listed" ls "$LINKSDIR/plain"
soon "... a name that it does not have is not found" sh -c "! test -h '$LINKSDIR/plain:nosuch'"
soon "... nor a name that is no command" sh -c "! env PATH='$LINKSDIR' nosuch 2>/dev/null"
ok "a listing of everything comes to an end" timeout 20 ls "$LINKSDIR"
ok "... the next one at once, without that container's commands" timeout 2 sh -c "ls '$LINKSDIR' | grep -qx plain:true"
fresh "... the others are not stale" plain
is "... one line in the log says so" "$(lines 'hung does not answer')" 1
sed 's/^\[hung\]/[another]/' "$CONFIG" >"$T/another.conf"
run timeout 20 "$T/usr/bin/lsl" $LSL_FLAGS -c "$T/another.conf" start another
is "a container that hangs already is not started" "$status" 1
like "... and it says so" "$err" "*another*does not answer*"
kill -KILL "$(pgrep -x hangfs)"
ok "after that, the container is back" retry sh -c "ls '$LINKSDIR' | grep -qx hung:true"
gives "lsl stop ends" 0 "" "" timeout 30 "$T/usr/bin/lsl" $LSL_FLAGS stop
ok "the daemon ends" retry no_lslfs
