#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# New people of the host are known in started containers automatically, however
# many in a row, and even if a program inside has locked the account files
# meanwhile.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs useradd python3

# useradd replaces files, so they are in the test's own directory.
cp -a /etc "$T/machine/etc"
mount --bind "$T/machine/etc" /etc
rm -f /etc/.pwd.lock
touch /etc/subuid /etc/subgid
R=$T/rootfs/debian
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;/etc/subuid;/etc/subgid"
echo "root:x:0:0::/root:/bin/sh" >"$R/etc/passwd"
echo "root:x:0:" >"$R/etc/group"
echo "root:*:19000::::::" >"$R/etc/shadow"
cp -a "$R/etc" before
ok "lsl start" lsl start
in_all() { # NAME: in each of the container's files
	for file in passwd group subuid subgid; do
		grep -q "^$1:" "$R/etc/$file" || return 1
	done
	grep -q "^$1:[*!]" "$R/etc/shadow"
}
all_known() {
	for i in $(seq 50); do
		in_all "person$i" || return 1
	done
}
for i in $(seq 50); do
	useradd -M -U "person$i" || fail "useradd person$i"
done
ok "50 useradds of the host: all are known" retry all_known
is "... once each" "$(cut -d: -f1 "$R/etc/passwd" | sort | uniq -d)" ""
for i in $(seq 2 50); do
	userdel "person$i" >/dev/null || fail "userdel person$i"
done
one_is_left() {
	in_all person1 && ! grep -q '^person[2-5]' "$R/etc/passwd" "$R/etc/group" "$R/etc/shadow"
}
ok "... and a removed person disappears" retry one_is_left
gone() {
	! grep -q "^$1:" "$R/etc/passwd"
}

# Locked like by vipw, in the container.
cat >"$W/lock.py" <<'END'
import fcntl, os, sys
lock = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT, 0o600)
fcntl.lockf(lock, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
END
mkfifo hold
python3 "$W/lock.py" "$R/etc/.pwd.lock" <hold >locked &
holder=$!
exec 3>hold
retry grep -q locked locked
useradd -M -U late
# Each waits for the lock. So does the process that follows the host, as often
# as useradd has changed a file.
lsl refresh 2>/dev/null || lsl refresh 2>/dev/null || :
run lsl refresh
like "while a program inside has locked the files, lsl refresh says so" "$status:$err" "1:*locked*"
ok "... and they are not written" gone late
exec 3>&-
wait $holder
ok "... but afterwards, by themselves" retry in_all late

# A start or a restart never takes them out for a moment.
watch() {
	while [ ! -e watched ]; do
		grep -q '^person1:' "$R/etc/passwd" || echo missing
	done
}
watch >missing &
watcher=$!
for i in 1 2 3; do
	ok "lsl restart, time $i" lsl restart
	ok "lsl start, time $i" lsl start
done
touch watched
wait $watcher
is "people stay known at every moment of a restart and a start" "$(sort -u missing)" ""

debian:sleep 1000 &
sleeper=$!
runs() {
	[ "$(cat "/proc/$sleeper/comm")" = sleep ]
}
retry runs
run lsl stop
like "lsl stop says what programs that still run lose" "$status:$err" \
	"0:*still running: $sleeper *debian: its programs that still run lose the host's people and files below /etc*"
end $sleeper
rm -f "$R/etc/.pwd.lock" before/.pwd.lock
ok "... leaves what the container had" diff -r before "$R/etc"
