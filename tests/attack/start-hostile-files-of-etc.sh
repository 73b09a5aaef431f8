#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a root filesystem whose account files, lock, journal and package
# database are not those that lsl has written or expects, and a user who turns a
# file that mnt names into a dangling link.
#
# lsl goes on, or says what is wrong. It neither hangs nor crashes nor takes all
# memory, no password hash of the host becomes readable, and one user's file
# does not keep the others from being refreshed.
# shellcheck disable=SC2086 # LSL_FLAGS are words
variants="setuid sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs python3

R=$T/rootfs/debian
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;$T/home/alice/x.conf:/etc/x.conf"
container other "mnt=$T/machine/y.conf:/etc/y.conf"
cp /etc/shadow "$T/machine/shadow"
chmod 0640 "$T/machine/shadow"
echo "bob:\$6\$salt\$hash:19000:0:99999:7:::" >>"$T/machine/shadow"
mount --bind "$T/machine/shadow" /etc/shadow
as_user sh -c 'echo users >~/x.conf'
echo hosts >"$T/machine/y.conf"
account_files() {
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$R/etc/passwd"
	printf 'root:x:0:\n' >"$R/etc/group"
	printf 'root:!:19000::::::\n' >"$R/etc/shadow"
	chmod 0640 "$R/etc/shadow"
}
# limited ARG...: lsl, for a minute. Fails if one of its processes has used more
# than 512 MiB of memory.
limited() {
	python3 -c '
import resource, subprocess, sys
try:
    status = subprocess.run(sys.argv[1:], timeout=60).returncode
except subprocess.TimeoutExpired:
    sys.exit(124)
sys.exit(3 if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 512 * 1024 else status)' \
		"$T/usr/bin/lsl" $LSL_FLAGS "$@"
}
# survives WHAT: start and stop end, and the other container is started and
# stopped.
survives() {
	run limited start
	case $status in
	0 | 1) pass "$1: lsl start ends" ;;
	*) fail "$1: lsl start ends" ;;
	esac
	case $err in
	*"has ended"*) fail "$1: the process that writes goes on" ;;
	*) pass "$1: the process that writes goes on" ;;
	esac
	is "$1: the other container has what it should" "$(other:cat /etc/y.conf 2>&1)" hosts
	run limited stop
	is "$1: lsl stop ends" "$(case $status in 0 | 1) echo ended ;; *) echo "$status" ;; esac)" ended
	not_ok "$1: nothing is started" is_started debian
}

account_files
mkfifo "$R/etc/.pwd.lock"
survives "a fifo as the lock of the account files"
rm -f "$R/etc/.pwd.lock"

(umask 077 && : >"$R/etc/.pwd.lock")
chmod 0644 "$R/etc/.pwd.lock"
as_user python3 -c '
import fcntl, sys, time
file = open(sys.argv[1])
fcntl.lockf(file, fcntl.LOCK_SH)
print("held", flush=True)
time.sleep(600)' "$R/etc/.pwd.lock" >held &
holder=$!
ok "a user holds the lock of the account files" retry grep -q held held
begin=$(date +%s)
run lsl start
is "... and lsl start does not wait for the user" "$(($(date +%s) - begin < 12))" 1
like "... and says that they are locked" "$err" "*account files are locked*"
lsl stop
end "$holder" 2>/dev/null
rm -f "$R/etc/.pwd.lock"

for line in copy=resolv.conf copy= copy=/ copy=/etc/.. accounts=/etc/other accounts=passwd; do
	(umask 077 && printf 'lsl-journal=1\n%s\nhad=1\n' "$line" >"$R/etc/.lsl-journal")
	survives "a journal with $line"
	rm -f "$R/etc/.lsl-journal"
done

# looks_end WHAT: lsl status and lsl check end.
looks_end() {
	for look in status check; do
		run limited $look
		is "$1: lsl $look ends" "$(case $status in 0 | 1 | 2) echo ended ;; *) echo "$status" ;; esac)" ended
	done
}

(umask 077 && (echo lsl-journal=1 && seq -f 'copy=/a%.0f' 200000) >"$R/etc/.lsl-journal")
looks_end "a journal of 200,000 files"
survives "a journal of 200,000 files"
rm -f "$R/etc/.lsl-journal"

# A setuid su lets start ask for root's password in them.
rm "$R/bin/su"
cp "$R/bin/busybox" "$R/bin/su"
chmod 4755 "$R/bin/su"
mkdir -p "$R/var/lib/dpkg" "$R/lib/apk/db"
echo x >"$R/etc/x.conf"
for file in /var/lib/dpkg/status /lib/apk/db/installed /etc/passwd /etc/shadow /etc/group; do
	cp "$R$file" "$W/kept" 2>/dev/null || rm -f "$W/kept"
	truncate -s 1G "$R$file"
	survives "1 GiB of nothing as $file"
	rm -f "$R$file"
	[ ! -f "$W/kept" ] || cp "$W/kept" "$R$file"
done
account_files
yes '' | head -c 20000000 >"$R/etc/group"
survives "20,000,000 empty lines as /etc/group"

account_files
seq -f 'root%.0f:x:0:0::/:' 500000 >>"$R/etc/passwd"
looks_end "500,000 accounts of uid 0"
like "... and lsl check says so" "$out" "*more than 16 accounts in $R/etc/passwd have uid 0*"
survives "500,000 accounts of uid 0"
account_files
seq -f 'root%.0f:*:0:0::/:' 500000 >>"$R/etc/passwd"
survives "500,000 accounts of uid 0, all locked"
account_files
printf 'toor::0:0::/:\n' >>"$R/etc/passwd"
run limited start debian
like "one of uid 0 without a password: it is not started" "$err" "*toor has no password in $R/etc/passwd*"

account_files
yes 'nobody:x:7:7::/:' | head -c 60000000 >>"$R/etc/passwd"
(cd "$R" && seq -f lib%.0f 1000 | xargs mkdir -m 0775 && seq -f lib%.0f 1000 | xargs chgrp 7001)
survives "1,000 directories that a group without members may write"
seq 7002 7100 | while read -r group; do
	chgrp "$group" "$R/lib$((group - 7000))"
done
looks_end "... and a hundred groups without members"
# The 60 MB of accounts could use up the time limit first.
account_files
run limited start debian
like "... too many to believe" "$status:$err" "1:*users other than root can change $R/lib*"
lsl stop
(cd "$R" && seq -f lib%.0f 1000 | xargs rmdir)

account_files
chown alice "$R/etc/shadow"
lsl start
is "a user's shadow file becomes root's before it gets hashes" "$(stat -c %u "$R/etc/shadow")" 0
is "... which are" "$(grep -c 'salt.hash' "$R/etc/shadow")" 1
not_ok "... and the user cannot read them" as_user cat "$R/etc/shadow"
lsl stop
chown 0 "$R/etc/shadow"

: >"$R/etc/x.conf"
chown alice "$R/etc/x.conf"
chmod 6755 "$R/etc/x.conf"
lsl start
is "no copy is setuid" "$(find "$R/etc/x.conf" -perm /7000)" ""
follows() {
	pgrep -f 'refresh --follow' >/dev/null
}
ok "the host is followed" retry follows
as_user sh -c 'cd; ln -s loop loop; ln -sf loop/x x.conf'
echo newer >"$T/machine/y.conf"
fresh() {
	[ "$(other:cat /etc/y.conf)" = newer ]
}
ok "a user's link that leads in a circle: files of others are followed" retry fresh
echo hosts >"$T/machine/y.conf"
lsl stop
