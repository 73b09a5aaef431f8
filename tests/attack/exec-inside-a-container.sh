#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: lslExecutor is setuid inside containers, where the root filesystem,
# its libraries and its links are not the host's, and where users reach it by
# other paths. Origin: CVE-2019-14271 (docker cp), CVE-2021-44731
# (snap-confine), CVE-2019-11503 (snap-confine).
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"
needs strace setpriv

mkdir -p "$W/closed/dir" "$T/rootfs/users/etc"
chmod 0700 "$W/closed"
chmod 0777 "$W/closed/dir"
container debian "mnt=$T/home;$W/closed/dir:/open"
container other
busybox_rootfs "$T/rootfs/users"
chmod 0777 "$T/rootfs/users"
container users "allow=shared-rootfs"
# With its own lslExecutor, as from a package, and with a directory of the host
# that contains MNTDIR, like /run.
container closed "host=no" "mnt=${MNTDIR%/*}"
mkdir -p "$T/rootfs/closed${EXECUTOR%/*}"
cp -a "$EXECUTOR" "$T/rootfs/closed$EXECUTOR"
# The files that an ordinary program would load there.
for file in etc/ld.so.preload etc/ld.so.cache etc/nsswitch.conf etc/passwd etc/localtime lib/libc.so.6; do
	mkdir -p "$T/rootfs/debian/${file%/*}"
	echo "not to be read" >"$T/rootfs/debian/$file"
done
rm "$T/rootfs/debian/etc/ld.so.preload"
lsl start
host=$LINKSDIR/host:sh

# The files that it opens with privilege. strace is root's, and the trace begins
# with the shell inside.
run strace -f -qq -u alice -e trace=execve,openat,open,stat,newfstatat,readlink,readlinkat,setns,setresuid,capset,getdents64 \
	-o "$W/trace" "$LINKSDIR/debian:sh" -c "exec $LINKSDIR/other:true"
is "it runs" "$status" 0
awk '/execve\(".*other:true"/ { on = 1; next } on && / setns\(/ { exit } on' "$W/trace" >"$W/privileged"
ok "the trace has what it does with privilege" test -s "$W/privileged"
is "it opens only lsl's directory and files in it" "$(grep -E ' (open|openat|readlink|readlinkat)\(' "$W/privileged" |
	grep -vE "\"$MNTDIR\"|\"(:here|other:record|debian:record|other)\"|\"/dev/null\"" | head -n 3)" ""
is "it looks at nothing else" "$(grep -E ' (stat|newfstatat)\(' "$W/privileged" |
	grep -vE "\"(/|${MNTDIR%/*/*}|${MNTDIR%/*}|$MNTDIR|other|debian)\"|, \"\"" | head -n 3)" ""
gives "no privilege is left" 0 "0000000000000000 0000000000000000" "" as_user "$LINKSDIR/debian:sh" -c \
	"$host -c 'echo \$(sed -n \"s/^Cap\\(Eff\\|Prm\\):.//p\" /proc/self/status)'"
gives "... and has no id of root" 0 "$USERID $USERID $USERID $USERID" "" as_user "$LINKSDIR/debian:sh" -c \
	"$host -c 'echo \$(sed -n \"s/^Uid:.//p\" /proc/self/status)'"

# A root directory that users can change: nothing below it is accepted.
run as_user "$LINKSDIR/users:sh" -c "$LINKSDIR/host:true"
is "below a root directory that others may write: 125" "$status" 125
like "... and the message names the owner that it needs" "$err" "*is writable by users other than root*"
run as_user "$LINKSDIR/users:sh" -c "$LINKSDIR/other:true"
is "... for containers, too" "$status" 125

# host=no, and the container's own lslExecutor.
for name in host other; do
	gives "host=no: lslExecutor of the container's own does not enter $name" 125 "" \
		"lslExecutor: $name is not started (sudo lsl start $name)" as_user "$EXECUTOR" closed "$EXECUTOR" "$name" true
done
is "... and finds no record" "$("$EXECUTOR" closed ls -A "$MNTDIR")" ""

# A directory that the caller can enter inside, but not at its place outside.
run as_user "$LINKSDIR/debian:sh" -c "cd /open && $LINKSDIR/host:touch here"
is "a directory that the caller may not reach on the host: 125" "$status" 125
not_ok "... nothing is done there" test -e "$W/closed/dir/here"
gives "root may" 0 "$W/closed/dir" "" "$LINKSDIR/debian:sh" -c "cd /open && $LINKSDIR/host:pwd"

# The records, until something corrects them.
# shellcheck disable=SC2046 # one or more
hold $(pgrep -x lsl)
chown alice "$MNTDIR/:host:record"
run as_user "$LINKSDIR/debian:sh" -c "$LINKSDIR/host:true"
is "a record of the host that is a user's: 125" "$status" 125
chown root "$MNTDIR/:host:record"
chmod 0666 "$MNTDIR/debian:record"
run as_user "$LINKSDIR/debian:sh" -c "cd /bin && $LINKSDIR/host:pwd"
is "a record of the caller's container that others may write says no place: 125" "$status" 125
chmod 0644 "$MNTDIR/debian:record"

# In a user's own sandbox there is no privilege, and mounts over the directory
# of lsl are the user's.
if as_user unshare -U -r -m true 2>/dev/null; then
	run as_user "$LINKSDIR/debian:unshare" -U -r -m "$LINKSDIR/host:true"
	is "in a user namespace inside: 125" "$status" 125
	run as_user unshare -U -r -m sh -c 'mount -t tmpfs -o mode=0755 x "$0" && : >"$0/:here" && "$@"' "$MNTDIR" \
		"$EXECUTOR" host true
	is "... with a separate directory of lsl: 125" "$status" 125
fi
run as_user setpriv --no-new-privs "$EXECUTOR" host true
like "with no_new_privs it says so" "$err" "*no privilege to enter the host: no_new_privs is set*"
# The mount inside lets nobody change the host's file.
"$LINKSDIR/debian:mount" -t tmpfs over "$W" 2>/dev/null || :
"$LINKSDIR/debian:sh" -c "mount --bind /bin/busybox $MNTDIR/:lslExecutor"
is "a mount over it inside does not reach the host" "$(findmnt -n "$EXECUTOR" | wc -l)" 0
gives "... nor another container" 0 ok "" as_user "$LINKSDIR/other:sh" -c "$host -c 'echo ok'"
