#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Some file systems have names of more than 255 bytes: vfat with UTF-8, and some
# of FUSE. A program with such a name in bins is no command, and all others are,
# in every kind of lookup.
. "$(dirname "$0")/../../lib/lib.sh"
plainfs=$LSL_TEST_STAGE/../helpers/plainfs
[ -x "$plainfs" ] || skip "no tests/helpers/plainfs (make check makes it)"

container debian "bins=/long;/bin"
mkdir -p "$T/backing" "$T/rootfs/debian/long"
for length in 255 250 248; do
	program "$T/backing/$(head -c $length /dev/zero | tr '\0' n)" "echo $length"
done
program "$T/backing/before" "echo before"
program "$T/backing/zzz" "echo zzz"
"$plainfs" "$T/backing" "$T/rootfs/debian/long" -o allow_other,default_permissions,dev,suid || skip "FUSE cannot be mounted here"
long=$(for name in "$T/rootfs/debian/long"/nn*; do name=${name##*/} && [ ${#name} -lt 256 ] || echo "$name"; done)
is "the file system has a name of more than 255 bytes" "${#long}" 300
gives "lsl start" 0 "" "" lsl start
gives "other programs in the directory are commands" 0 before "" debian:before
gives "... and later ones" 0 zzz "" debian:zzz
gives "those in other directories, too" 0 "" "" debian:true
is "the directory of all commands is whole" "$(find "$LINKSDIR" -maxdepth 1 -name 'debian:*' | grep -c -e ':before$' -e ':zzz$' -e ':true$')" 3
for length in 248 250; do
	name=$(head -c $length /dev/zero | tr '\0' n)
	gives "... with names of $((length + 7)) bytes, which run" 0 $length "" "$(find "$LINKSDIR" -maxdepth 1 -name "debian:$name")"
done
is "the container's own directory has them" "$(find "$LINKSDIR/debian" -name 'nn*' | sed 's,.*/,,' | awk '{ print length($0) }' | sort | xargs)" "248 250"
gives "they run" 0 250 "" "$LINKSDIR/debian/$(head -c 250 /dev/zero | tr '\0' n)"
not_ok "the long one cannot even be asked for" test -e "$LINKSDIR/debian/$long"
ok "lsl status" lsl status
like "lsl which" "$(lsl which zzz)" "*/long/zzz*"
gives "lslExecutor with that name: no such program, or not executable" 125 "" "lslExecutor: '$long' is neither a program's name nor an absolute path" \
	"$EXECUTOR" debian "$long"
lsl stop
umount -l "$T/rootfs/debian/long"
