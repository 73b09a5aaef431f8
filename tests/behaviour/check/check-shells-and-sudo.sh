#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl check says whether login shells and sudo find commands: the command
# directory has to be last in PATH and in sudo's secure_path. If it is not,
# check prints the line to write. It also says where commands get no privilege.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/findings.sh"

container debian
for dir in /etc/profile.d /etc/sudoers.d; do
	[ -d $dir ] || skip "there is no $dir"
	mount -t tmpfs -o mode=0755 lsl-etc $dir
done
mount --bind "$T/machine/sudoers" /etc/sudoers

finds "no file names it" warning "no file that login shells read puts $LINKSDIR into PATH"
like "... with a remedy" "$out" "*PATH=\$PATH:$LINKSDIR into /etc/profile.d/*"
echo "# PATH=\$PATH:$LINKSDIR" >/etc/profile.d/x.sh
finds "only a comment names it" warning "no file that login shells read puts *"
echo "PATH=\$PATH:${LINKSDIR}else" >>/etc/profile.d/x.sh
echo "PATH=\$PATH:/opt$LINKSDIR" >>/etc/profile.d/x.sh
finds "another directory of a longer name" warning "no file that login shells read puts *"
echo "PATH=$LINKSDIR:\$PATH" >>/etc/profile.d/x.sh
finds "first in PATH" warning "/etc/profile.d/x.sh:4: $LINKSDIR is not last in PATH*"
echo "export PATH=\"\$PATH:$LINKSDIR\"" >>/etc/profile.d/x.sh
finds "last in PATH" ok "/etc/profile.d/x.sh:5: login shells have $LINKSDIR in PATH"
echo "touch $W/executed" >>/etc/profile.d/x.sh
lsl check >/dev/null || :
is "the file is read and not executed" "$(ls "$W")" ""

run env PATH="$LINKSDIR:/bin:$T/usr/bin" "$T/usr/bin/lsl" check
told "first in the caller's PATH" warning "$LINKSDIR is not last in your PATH*"
run env PATH=/bin "$T/usr/bin/lsl" check
told "not in the caller's PATH" warning "$LINKSDIR is not in your PATH"
run env PATH="/bin:$LINKSDIR" "$T/usr/bin/lsl" check
told "last in the caller's PATH" ok "$LINKSDIR is last in your PATH"

# sudoers LINE...: the contents of /etc/sudoers.
sudoers() {
	printf '%s\n' "$@" >"$T/machine/sudoers"
}
finds "secure_path has it" ok "/etc/sudoers: sudo finds commands*"
sudoers 'Defaults env_reset' 'Defaults	secure_path="/usr/sbin:/usr/bin"' 'root ALL=(ALL) ALL' '@includedir /etc/sudoers.d'
finds "secure_path lacks it" warning "/etc/sudoers: sudo does not find commands*visudo -f /etc/sudoers.d/lsl*"
like "... and the exact line" "$out" "*
         Defaults secure_path=\"/usr/sbin:/usr/bin:$LINKSDIR\"*"
printf '%s\n' "$out" | sed -n 's/^ *\(Defaults secure_path.*\)/\1/p' >/etc/sudoers.d/lsl
finds "that line in that file" ok "/etc/sudoers: sudo finds commands*"
if command -v visudo >/dev/null; then
	ok "... which sudo understands" visudo -c -f /etc/sudoers.d/lsl
fi
echo 'Defaults secure_path="/bin"' >/etc/sudoers.d/zz.disabled
echo 'Defaults secure_path="/bin"' >/etc/sudoers.d/zz~
finds "files that sudo does not read do not count" ok "/etc/sudoers: sudo finds commands*"
echo 'Defaults secure_path = /bin' >/etc/sudoers.d/zz
finds "the last one counts" warning "/etc/sudoers: sudo does not find commands*"
like "... without quotes too" "$out" "*\"/bin:$LINKSDIR\"*"
rm /etc/sudoers.d/*
# shellcheck disable=SC1003 # a backslash at the end of a line
sudoers 'Defaults \' '  env_reset, \' "  secure_path=\"/bin:$LINKSDIR\""
finds "a continued line" ok "/etc/sudoers: sudo finds commands*"
sudoers 'Defaults secure_path="/bin"' 'Defaults !secure_path'
finds "switched off" ok "/etc/sudoers: sudo searches the caller's PATH"
sudoers 'Defaults secure_path="/bin"'
finds "only what is in force counts" warning "/etc/sudoers: sudo does not find commands*"
run as_user lsl check
told "only root can ask" unknown "/etc/sudoers: whether sudo finds commands is not known: only root can ask it*"
program "$W/sudo" 'sleep 1000'
mount --bind "$W/sudo" "$(command -v sudo)"
finds "a sudo that does not answer is not waited for" unknown "/etc/sudoers: whether sudo finds commands*"
umount "$(command -v sudo)"

finds "privilege" ok "commands can get their privilege here"
run setpriv --no-new-privs "$T/usr/bin/lsl" check
told "no_new_privs" warning "no_new_privs is set here*"
run as_user unshare -r "$T/usr/bin/lsl" check
case $err in
*unshare:*) skip_check "a user namespace" "unprivileged ones are forbidden" ;;
*) told "a user namespace" warning "this is another user namespace*" ;;
esac
