#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A large directory uses up neither the daemon's memory nor its patience: one
# without programs that is read slowly does not count as hanging; one with more
# programs than can be listed is cut, and the log says so. A directory with a
# time in the future is not read again and again.
variants="setuid"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs perl
log_to "$W/log"

container debian
container other
program "$T/rootfs/debian/bin/tool" 'echo ran'
cp "$T/rootfs/debian/bin/tool" "$T/rootfs/other/bin/tool"
lsl start

# Slow, large, and with no programs.
mkdir "$T/rootfs/other/slow"
seq 900 | sed "s|^|$T/rootfs/other/slow/data-|" | xargs touch
sed -i '/^\[other\]/,$ s,^bins=.*,bins=/slow;/bin,' "$CONFIG"
lsl start other
traced "$(lslfs_server)" -e trace=newfstatat,fstatat64 -e inject=newfstatat,fstatat64:delay_enter=5000
is "4.5 seconds for files that are not programs: it does not count as hanging" "$(listed other tool)" 1
untraced
is "... and the log says nothing" "$(lines 'other does not answer')" 0

# No scan for each request, for any time of MNTDIR.
touch -d '+1 year' "$MNTDIR"
ls "$LINKSDIR" >/dev/null
traced "$(lslfs_server)" -e trace=openat,open
for i in 1 2 3 4 5; do
	test ! -h "$LINKSDIR/debian:no-such-$i" || fail "no-such-$i is there"
done
untraced
is "a time in the future: records are not read for each request" "$(grep -c ':record' "$W/trace" || :)" 0

# More programs than are listed.
mkdir "$T/rootfs/other/many"
perl -e 'for (1 .. $ARGV[1]) { link("$ARGV[0]/bin/tool", "$ARGV[0]/many/a-program-of-many-$_") or exit(print "no\n") }' \
	"$T/rootfs/other" 64000 >"$W/links"
if [ ! -s "$W/links" ]; then
	sed -i '/^\[other\]/,$ s,^bins=.*,bins=/bin;/many,' "$CONFIG"
	lsl start other
	count=$(ls -U "$LINKSDIR/other" | wc -l)
	ok "of 64,000 programs in one container not all are listed: $count" [ "$count" -gt 40000 -a "$count" -lt 64000 ]
	ls "$LINKSDIR/other" >/dev/null
	is "... one line in the log says so" "$(lines 'other has more programs than can be listed')" 1
	ok "... all of them are found" sh -c "for i in 1 2 63999 64000; do test -h '$LINKSDIR/other:a-program-of-many-'\$i || exit; done"
	resident=$(for pid in $(lslfs_pids); do cat "/proc/$pid/status"; done | awk '/^VmHWM:/ { sum += $2 } END { print sum }')
	ok "... its memory is bounded: $resident KiB" [ "$resident" -lt 9216 ]
else
	skip_check "more programs than can be listed" "no 64,000 links to one file here"
fi
lsl stop
