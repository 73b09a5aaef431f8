#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The command directory shows the containers' directories live: a program is a
# command from the moment of its rename, and no longer a command when it is
# removed. No command has to be run, and nothing waits.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian "bins=/usr/local/bin;/usr/bin;/bin;/opt/tool"
bin=$T/rootfs/debian/usr/bin
lsl start

# The listing of both directories without the other's form.
list() {
	ls -U "$LINKSDIR" | sed -n 's/^debian://p' | sort
}

program "$W/new" 'echo ran'
missed=0 unlisted=0 unbare=0
for i in $(seq 300); do
	ls "$LINKSDIR/debian:new$i" >/dev/null 2>&1 && fail "debian:new$i is not there before"
	cp "$W/new" "$bin/.tmp"
	mv "$bin/.tmp" "$bin/new$i"
	[ -h "$LINKSDIR/debian:new$i" ] || missed=$((missed + 1))
	[ -h "$LINKSDIR/debian/new$i" ] || unbare=$((unbare + 1))
	case $((i % 10)) in
	0) list | grep -qx "new$i" || unlisted=$((unlisted + 1)) ;;
	esac
done
is "300 new programs: each is found by the very next lookup" $missed 0
is "... under its bare name too" $unbare 0
is "... and listed by the very next listing" $unlisted 0
gives "it runs at once, although a shell just missed it" 0 ran "" \
	sh -c "debian:late 2>/dev/null; cp '$W/new' '$bin/late'; debian:late"
gives "... also within one process, as root and user" 0 ran "" \
	as_user sh -c "debian:late2 2>/dev/null; sudo debian:cp /usr/bin/late /usr/bin/late2; debian:late2"

rm "$bin/new1"
is "a removed one is not in the next listing" "$(list | grep -cx new1)" 0
ok "... and from lookups" retry sh -c "! ls '$LINKSDIR/debian:new1'"
run "$EXECUTOR" debian new1
is "... and executing it says 127" "$status" 127
mv "$bin/new2" "$bin/renamed"
is "a renamed one is listed only under its new name" "$(list | grep -x -e new2 -e renamed)" renamed
chmod a-x "$bin/new3"
is "one that loses its execute bit is not in the next listing" "$(list | grep -cx new3)" 0
chmod a+x "$bin/new3"
is "... and back with it" "$(list | grep -cx new3)" 1
ok "... for lookups too" test -h "$LINKSDIR/debian:new3"
ln -s new4 "$bin/alias"
is "a new link is listed" "$(list | grep -cx alias)" 1
rm "$bin/new4"
ok "a link whose target is removed disappears" retry sh -c "! ls '$LINKSDIR' | grep -qx debian:alias"

# A hidden program appears when the one in front of it is removed.
program "$bin/both" 'echo second'
program "$T/rootfs/debian/usr/local/bin/both" 'echo first'
is "a name in two directories is listed once" "$(list | grep -cx both)" 1
gives "the first directory's is meant" 0 first "" debian:both
rm "$T/rootfs/debian/usr/local/bin/both"
gives "after its removal, the second container's" 0 second "" debian:both
is "... which is listed" "$(list | grep -cx both)" 1

mkdir "$T/rootfs/debian/opt"
program "$T/rootfs/debian/opt/tool" 'echo tool'
ok "a single file of bins that comes later is a command" retry test -h "$LINKSDIR/debian:tool"
gives "... and runs" 0 tool "" debian:tool
rm -r "$T/rootfs/debian/opt"
ok "... and disappears" retry sh -c "! ls '$LINKSDIR/debian:tool'"

# A whole directory at once, as in a distribution's upgrade.
mv "$T/rootfs/debian/usr/local/bin" "$T/rootfs/debian/usr/local/old"
mkdir "$T/rootfs/debian/usr/local/bin"
program "$T/rootfs/debian/usr/local/bin/fresh" 'echo fresh'
ok "programs of a directory that took another one's place are found" retry test -h "$LINKSDIR/debian:fresh"
ok "... and listed" retry sh -c "ls '$LINKSDIR' | grep -qx debian:fresh"

# As many readers as writers.
for n in 1 2 3 4; do
	sh -c "i=0; while [ \$i -lt 50 ]; do i=\$((i+1)); cp '$W/new' '$T/rootfs/debian/tmp/w$n'; mv '$T/rootfs/debian/tmp/w$n' '$bin/w$n-'\$i; [ -h '$LINKSDIR/debian:w$n-'\$i ] || echo missed $n-\$i; done" >>"$W/misses" &
	sh -c "i=0; while [ \$i -lt 20 ]; do i=\$((i+1)); ls -l '$LINKSDIR' >/dev/null || echo failed; done" >>"$W/misses" 2>&1 &
done
wait
is "four writers and four readers at once: no miss, no failure" "$(cat "$W/misses")" ""
