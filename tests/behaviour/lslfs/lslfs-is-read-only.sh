#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Nobody can change anything in the command directory, not even root; everybody
# can look. Its links lead to lslExecutor. While nothing is mounted, only root
# can write to the directory below it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
lsl start
command=$LINKSDIR/debian:true

for who in "" as_user; do
	is "${who:-root} can list it" "$($who ls "$LINKSDIR" | grep -cx debian:true)" 1
	is "${who:-root} can read a link" "$($who readlink "$command")" "$MNTDIR/:lslExecutor"
	is "... under the bare name too" "$($who readlink "$LINKSDIR/debian/true")" "$MNTDIR/:lslExecutor"
	for change in "touch $LINKSDIR/new" "touch $LINKSDIR/debian/new" "mkdir $LINKSDIR/new" "rm -f $command" \
		"rmdir $LINKSDIR/debian" "mv $command $LINKSDIR/debian:x" "ln $command $LINKSDIR/x" \
		"ln -s x $LINKSDIR/debian:x" "mknod $LINKSDIR/x p" "chmod 777 $LINKSDIR" \
		"chown 1 $LINKSDIR/debian" "chown -h 1 $command" "touch -h $command" \
		"setfattr -h -n user.x -v 1 $LINKSDIR" "truncate -s 0 $LINKSDIR/new"; do
		command -v "${change%% *}" >/dev/null || continue
		# shellcheck disable=SC2086 # words
		not_ok "${who:-root}: no $change" $who $change
	done
done
is "nothing has changed" "$(readlink "$command") $(stat -c '%a %u' "$LINKSDIR" "$LINKSDIR/debian")" "$MNTDIR/:lslExecutor 555 0
555 0"
is "a link is a link of root" "$(stat -c '%F %u %g' "$command")" "symbolic link 0 0"
is "its size is that of its target" "$(stat -c %s "$command")" $((${#MNTDIR} + 13))
ok "statfs answers" stat -f "$LINKSDIR"
ok "find is content with it" sh -c "find '$LINKSDIR' -type l | grep -q debian:true"
ok "ls -lR is content with it" sh -c "ls -lR '$LINKSDIR' >/dev/null"
ok "a name without a colon is not a command" sh -c "! ls '$LINKSDIR/true' 2>/dev/null"
for name in : :x x: debian: debian:: "debian:$(printf %0240d 0)" '*' ' ' '-' 'debian:..' 'debian:.'; do
	run stat "$LINKSDIR/$name"
	is "'$(printf %.12s "$name")': no such file" "$(echo "$err" | grep -c 'No such file')" 1
done
run stat "$LINKSDIR/debian:$(printf %0400d 0)"
like "a name that is too long gives that error" "$err" "*File name too long*"
