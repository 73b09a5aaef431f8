#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: look into the privileged process, stop it anywhere, and make others
# wait for it; find the moment in which it acts with more privilege than it
# needs. Origin: CVE-2016-8659 and CVE-2026-41163 (bubblewrap, ptrace),
# CVE-2024-21626 (runc, leaked descriptors), CVE-2019-11503 (snap-confine, chdir
# as root), CVE-2019-14287 (sudo), CVE-2022-47952 (lxc).
#
# At each system call of a user's lslExecutor, its credentials and the view of
# others are as the manual says.
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"

helper caller
container debian
lsl start
ln -s "$LINKSDIR/debian:true" "$T/home/alice/link"
both=240000 # CAP_SYS_ADMIN, CAP_SYS_CHROOT
case $LSL_TEST_PRIVILEGE in
setuid) euid=0 drop="setresuid prctl capset" proof="getresuid setresuid" ;;
*) euid=$USERID drop="capset" proof="setresuid" ;; # its ids are the caller's from the beginning
esac

# steps COMMAND PATH ARG...: the steps of alice's call, and whether COMMAND
# succeeds meanwhile.
steps() {
	(cd / && $bounded "$W/caller" steps "$USERID" "$USERID" "$@") >"$W/steps" 2>"$W/err" || :
	# The start-up of glibc reads /proc/self/exe, a path that no caller has
	# chosen.
	executor_is_musl || sed -i '1,/^prctl /{/^readlink /d}' "$W/steps"
}
bounded=

command=$LINKSDIR/debian:true
# A command that waits for the stopped one would wait for ever.
steps "timeout -s KILL 20 runuser -u bob -- debian:true </dev/null >/dev/null 2>&1" "$command" debian:true
is "the call came to its exec" "$(sed -n '$s/ .*//p' "$W/steps")" execve
is "no caller can look into it at any of $(wc -l <"$W/steps") moments" "$(grep -c ' seen ' "$W/steps")" 0
is "stopped at any of them it keeps nobody waiting" "$(grep -c blocked "$W/steps")" 0
is "whatever it looks at or enters, it has no more than two capabilities" \
	"$(awk -v both=$both '$1 ~ /^(openat|readlink|setns|chdir)$/ && $2 != both && $2 != 0' "$W/steps" | head -n 3)" ""
is "no link is read with privilege" "$(grep -c '^readlink ' "$W/steps")" 0
is "the state is opened with its own ids" \
	"$(awk -v euid="$euid" '$1 == "setns" { exit } $1 == "openat" { n++; if ($7 != euid) bad++ } END { print (n > 0) bad }' "$W/steps")" 1
# drop_is DROP PROOF
drop_is() {
	is "between setns and the drop there is nothing" \
		"$(awk '$1 == "setns" { on = 1; next } on { print $1 } on && $1 == "capset" { exit }' "$W/steps" | tr '\n' ' ')" "$1 "
	is "it looks whether it is the caller, and tries to become root again" \
		"$(awk '$1 == "capset" && on { proof = 1 } $1 == "setns" { on = 1 } proof && $1 ~ /resuid|resgid/ { print $1 }' "$W/steps" | tr '\n' ' ')" "$2 "
}
drop_is "$drop" "$proof"
is "the directory is entered, and the program executed, by nobody but the caller, without a capability" \
	"$(awk -v id="$USERID" '$1 == "chdir" || $1 == "execve" { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++; if ($2 != 0 || $3 != 0) bad++ } END { print (n >= 2) bad }' "$W/steps")" 1
is "it makes itself undumpable before all else, and again when its ids have changed" \
	"$(awk '$1 == "prctl" { n++; due = 0 } (due && $1 !~ /^setres/) || (!n && $1 ~ /^(cap|setres|readlink|open|setns)/) { bad++ } $1 ~ /^setres/ && !proof { due = 1 } $1 == "setns" { on = 1 } $1 == "capset" && on { proof = 1 } END { print (n > 0) bad }' "$W/steps")" 1
! grep -q ' blocked' "$W/steps" || cat "$W/steps" "$W/err"
if [ "$LSL_TEST_PRIVILEGE" = setuid ]; then
	bounded="setpriv --bounding-set -sys_admin"
	steps true "$command" debian:true
	bounded=
	like "where it does not get both capabilities it says so" "$(cat "$W/err")" "*CAP_SYS_ADMIN or CAP_SYS_CHROOT is not in the bounding set*"
	is "... and looks for the reason as the caller, with no capability" \
		"$(awk -v id="$USERID" '$1 == "readlink" || $1 == "write" { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++; if ($2 != 0 || $3 != 0) bad++ } END { print (n > 0) bad }' "$W/steps")" 1
	is "... and gives up the capabilities that it has first, then its ids" \
		"$(awk '$1 == "setresuid" { n++; if ($2 != 0 || $3 != 0) bad++ } END { print (n > 0) bad }' "$W/steps")" 1
	# No installation of ours is so, but nothing may depend on that.
	chgrp bob "$EXECUTOR"
	chmod 6755 "$EXECUTOR"
	steps "" "$command" debian:true
	drop_is "setresgid setresuid prctl capset" "getresgid getresuid setresuid setresgid"
	is "if it is setgid, too, the program has none of its ids" \
		"$(awk -v id="$USERID" '$1 == "execve" { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++ } END { print (n > 0) bad }' "$W/steps")" 1
	chgrp root "$EXECUTOR"
	chmod 4755 "$EXECUTOR"
fi

# A caller's link is followed after all privilege is given up, and the command
# to which it leads is executed.
steps "" "$T/home/alice/link" "$T/home/alice/link"
is "a link leads to another exec" "$(sed -n '$s/ .*//p' "$W/steps")" execve
is "... before it nobody can look into it" "$(grep -c ' seen ' "$W/steps")" 0
is "... the link is read, and the command executed, by nobody but the caller, without a capability" \
	"$(awk -v id="$USERID" '$1 == "readlink" || $1 == "execve" { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++; if ($2 != 0 || $3 != 0) bad++ } END { print (n >= 2) bad }' "$W/steps")" 1
is "... and nothing is opened or entered" "$(grep -c -e '^openat ' -e '^setns ' "$W/steps")" 0

# A script, which is looked at before the container is entered, is looked at by
# the caller.
printf '#!%s/debian:sh\n' "$LINKSDIR" >"$T/home/alice/script"
chmod 0755 "$T/home/alice/script"
steps "" "$T/home/alice/script" "$T/home/alice/script"
is "a script leads to an exec" "$(sed -n '$s/ .*//p' "$W/steps")" execve
is "... before it nobody can look into it" "$(grep -c ' seen ' "$W/steps")" 0
is "... the script is looked at by the caller, with no capability in effect" \
	"$(awk -v id="$USERID" '$1 == "setns" { exit } $1 == "stat" && $3 == 0 { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++ } END { print n bad }' "$W/steps")" 1
is "... and the container entered with both of them" "$(awk '$1 == "setns" { print $2, $3 }' "$W/steps")" "$both $both"
is "... between that and the drop there is nothing" \
	"$(awk '$1 == "setns" { on = 1; next } on { print $1 } on && $1 == "capset" { exit }' "$W/steps" | tr '\n' ' ')" "$drop "

# It prints every message as the caller, because standard error may be a file
# that checks who writes. says WHAT PATH ARG...
says() {
	what=$1
	shift
	steps "" "$@"
	is "$what: said without privilege" \
		"$(awk -v id="$USERID" '$1 == "write" { n++; for (i = 4; i <= 11; i++) if ($i != id) bad++; if ($2 != 0 || $3 != 0) bad++ } END { print (n > 0) bad }' "$W/steps")" 1
}
says "help" "$EXECUTOR" lslExecutor --help
says "wrong usage" "$EXECUTOR" lslExecutor
says "no argv[0]" "$EXECUTOR" ""
says "no such container" "$EXECUTOR" lslExecutor nosuch true
says "no container's name" "$EXECUTOR" lslExecutor ../debian true
says "not a program's name" "$EXECUTOR" lslExecutor debian a/b
says "no such program" "$EXECUTOR" lslExecutor debian nosuch
