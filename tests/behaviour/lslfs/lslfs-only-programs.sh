#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A name is in the command directory exactly if the executor would run it: an
# element of bins has it, and it leads, inside the container, to a regular file
# with an execute bit. Listed names run, others do not.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian "bins=/bin;/opt/bin/;/opt/single;/opt/again;/opt/hard;/opt/renamed;/missing;/linked;/bin" "mnt=$W/tools:/tools"
bin=$T/rootfs/debian/bin
opt=$T/rootfs/debian/opt
mkdir "$W/tools" "$opt" "$opt/bin" "$opt/target"
rm -f "$bin"/*grep
ln -s target "$opt/../linked"
ln -s opt/target "$T/rootfs/debian/linked" 2>/dev/null || ln -sfn opt/target "$T/rootfs/debian/linked"
for file in bin/plain bin/no-x bin/only-user bin/only-other single target/by-link bin/private; do
	program "$opt/$file" 'echo ran'
done
ln -s single "$opt/again"
ln "$opt/single" "$opt/hard"
chmod 0644 "$opt/bin/no-x"
chmod 0100 "$opt/bin/only-user"
chmod 0001 "$opt/bin/only-other"
mkdir "$opt/bin/directory"
mkfifo -m 0755 "$opt/bin/fifo"
mknod -m 0777 "$opt/bin/null" c 1 3
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1); chmod 0755, $ARGV[0]' "$opt/bin/socket"
ln -s nowhere "$opt/bin/dangling"
ln -s loop "$opt/bin/loop"
ln -s /opt/single "$opt/bin/absolute"
ln -s ../../../../../../opt/single "$opt/bin/dots"
ln -s /opt/bin/chain2 "$opt/bin/chain1"
ln -s ../single "$opt/bin/chain2"
# Files that only the host has, and one that only the container has.
program "$W/hostprogram" 'echo host'
ln -s "$W/hostprogram" "$opt/bin/outside"
ln -s "/oldRoot$W/hostprogram" "$opt/bin/through-oldroot"
ln -s directory "$opt/bin/to-directory"
program "$W/tools/mounted" 'echo mounted'
ln -s /tools/mounted "$opt/bin/to-mounted"
program "$opt/bin/with
newline" 'echo ran'
lsl start

root_lists() {
	ls -1b "$LINKSDIR" | sed -n 's/^debian://p'
}
root_lists | sort >"$W/listed"
ls -1b "$LINKSDIR/debian" | sort >"$W/bare"
same "both directories list the same names" "$W/bare" "$W/listed"
is "no name is listed twice" "$(uniq -d "$W/listed")" ""
is "everything of a directory of programs is listed" \
	"$(ls "$bin" | while read -r n; do grep -qxF -e "$(printf %s "$n" | sed 's/\\/\\\\/g')" "$W/listed" || echo "$n"; done)" ""

for name in plain single again hard only-user only-other private by-link dots chain1 chain2 absolute to-mounted through-oldroot; do
	is "$name is listed" "$(grep -cx "$name" "$W/listed")" 1
	ok "... and looked up" test -h "$LINKSDIR/debian:$name"
done
for name in no-x directory fifo null socket dangling loop outside to-directory nosuch renamed missing .. . ""; do
	is "$name is not listed" "$(grep -cxF "$name" "$W/listed")" 0
	not_ok "... nor looked up" test -h "$LINKSDIR/debian:$name"
	run "$EXECUTOR" debian "$name"
	like "... nor executed" "$status" "12[567]"
done
gives "a name with a newline is a command" 0 ran "" "debian:with
newline"

# Each that is listed is one that the executor finds.
refused=
while read -r name; do
	run "$EXECUTOR" debian "$name" --help </dev/null
	case $status in 125 | 127) refused="$refused $name" ;; esac
done <<EOF
$(grep -v newline "$W/listed")
EOF
ran=
is "the executor finds all of $(wc -l <"$W/listed") that are listed" "$refused" ""
gives "to-mounted runs what mnt puts there" 0 mounted "" debian:to-mounted
