#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# With own=/run a container has a separate /run: it has no pid file or socket of
# the host, but people's sessions and name resolution. lsl makes the directories
# that its tmpfiles.d names, and hostile lines have no effect. The same with
# own=/dev/shm for shared memory.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq

# The host's /run, with the files of a daemon.
mkdir "$T/machine/run"
mount -t tmpfs -o mode=0755 run "$T/machine/run"
mount --bind "$T/machine/run" /run
mkdir -p /run/user/51001 /run/nscd /run/systemd/resolve /run/resolvconf /run/postgresql
echo 1 >/run/nginx.pid
echo "nameserver 192.0.2.1" >/run/systemd/resolve/stub-resolv.conf
touch /run/user/51001/bus /run/nscd/socket
echo shared >/dev/shm/lsl-test

R=$T/rootfs/mine
busybox_rootfs "$R"
ln -s ../run/systemd/resolve/stub-resolv.conf "$R/etc/resolv.conf"
printf 'root:x:0:0::/root:/bin/sh\npg:x:70:71::/:/bin/sh\n' >"$R/etc/passwd"
printf 'root:x:0:\npg:x:71:\n' >"$R/etc/group"
mkdir -p "$R/usr/lib/tmpfiles.d" "$R/etc/tmpfiles.d"
canary=$T/machine/canary
mkdir -m 0700 "$canary"
ln -s "$canary" "/run/user/51001/link"
cat >"$R/usr/lib/tmpfiles.d/a.conf" <<END
# A comment
d /run/lock 0700 pg pg -
d /run/postgresql 2775 pg pg - -
D! /run/deep/er/pid 0700 70 - 10d
d /var/run/old - - -
d /run/deep 0711 pg -
d /run/user 0777 pg pg
d /run/user/51001/planted 0777 pg
d /run/user/51001/link/planted 0777 pg
d /run/../outside 0777
d /run/./dot 0777
d /run/nobody 0777 nosuchuser
d /run/mode 99999
d /run/%t 0777
d "/run/quoted" 0777
d /srv/elsewhere 0777
L /run/link - - - - $canary
d /run/link/planted 0777
f /run/file 0644 - - - text
d /run/setuid 4755
d
d /run/long/$(head -c 5000 /dev/zero | tr '\0' x) 0777
END
echo "d /run/masked 0755" >"$R/usr/lib/tmpfiles.d/b.conf"
ln -s /dev/null "$R/etc/tmpfiles.d/b.conf"
echo "d /run/device 0755" >"$R/usr/lib/tmpfiles.d/c.conf"
rm "$R/usr/lib/tmpfiles.d/c.conf" && mkfifo "$R/usr/lib/tmpfiles.d/c.conf"
ln -s "$canary/x.conf" "$R/usr/lib/tmpfiles.d/d.conf"
echo "d /run/from-the-host 0755" >"$canary/x.conf"

mkdir "$R/var" "$T/machine/dir"
ln -s ../run "$R/var/run"
echo socket >"$T/machine/socket"
var_run="$T/machine/socket:/var/run/more/socket;$T/machine/dir:/var/run/more/dir"
container mine "own=/run" "mnt=$W;$var_run"
container both "own=/run/;/dev/shm"
container usual
gives "lsl start" 0 "" "" lsl start

not_ok "a pid file of the host is not visible" mine:test -e /run/nginx.pid
ok "... without own it is" usual:test -e /run/nginx.pid
not_ok "nor is nscd's socket" mine:test -e /run/nscd
ok "people's sessions are visible" mine:test -e /run/user/51001/bus
gives "name resolution works" 0 "nameserver 192.0.2.1" "" mine:cat /etc/resolv.conf
not_ok "... where resolv.conf leads into it, and nothing else" mine:test -e /run/resolvconf
not_ok "... and not where it does not" both:test -e /run/systemd
mkdir /run/user/51002
retry mine:test -d /run/user/51002 || :
ok "a session that begins later is visible as well" mine:test -d /run/user/51002
ok "a file made there stays inside" mine:touch /run/own.pid
not_ok "... indeed" test -e /run/own.pid
not_ok "... and is not another container's" both:test -e /run/own.pid
ok "the host's /run is at /oldRoot" mine:test -e /oldRoot/run/nginx.pid
like "a user cannot write there" "$(as_user mine:touch /run/x 2>&1 || :)" "*ermission denied*"
gives "it is nosuid and nodev" 0 "rw nosuid nodev" "" mine:sh -c \
	'sed -n "s,^[^ ]* /run tmpfs \([^ ]*\) .*,\1,p" /proc/mounts | tr , "\n" | grep -x "rw\|nosuid\|nodev" | xargs echo'

modes() { # PATH...: each with mode and owner
	mine:stat -c '%n %a %u:%g' "$@" 2>/dev/null
}
is "/run/lock is everybody's, whatever tmpfiles.d says" "$(modes /run/lock)" "/run/lock 1777 0:0"
is "a directory of tmpfiles.d exists" "$(modes /run/postgresql)" "/run/postgresql 2775 70:71"
is "... one in others" "$(modes /run/deep/er /run/deep/er/pid)" "/run/deep/er 755 0:0
/run/deep/er/pid 700 70:0"
is "... also if its line comes later" "$(modes /run/deep)" "/run/deep 711 70:0"
is "... by the name of before" "$(modes /run/old)" "/run/old 755 0:0"
is "none is setuid" "$(modes /run/setuid)" "/run/setuid 755 0:0"
is "nothing else is made" "$(mine:ls /run | sort | xargs)" "deep link lock more old own.pid postgresql setuid systemd user"
is "... nothing on the host" "$(echo /run/user/51001/* "$canary"/*)" "/run/user/51001/bus /run/user/51001/link $canary/x.conf"
is "... and nothing of the host's is changed" "$(stat -c %a:%u /run/user /run/postgresql | xargs)" "755:0 755:0"
not_ok "nothing is made elsewhere" test -e "$R/srv/elsewhere" -o -e "$R/outside"

ok "without own shared memory is the host's" usual:test -e /dev/shm/lsl-test
not_ok "with own=/dev/shm it is not" both:test -e /dev/shm/lsl-test
gives "... and everybody's" 0 1777 "" both:stat -c %a /dev/shm
ok "... of the container" as_user both:touch /dev/shm/own
not_ok "... only that" test -e /dev/shm/own
rm /dev/shm/lsl-test

is "the record says it" "$(grep ^own= "$MNTDIR/both:record")" "own=/run;/dev/shm"
is "lsl status --json, too" "$(lsl status --json | jq -c '[.containers[].own]')" '[["/run"],["/run","/dev/shm"],[]]'
lsl refresh
not_ok "a refresh changes nothing" mine:test -e /run/nginx.pid
mkdir "$T/machine/more"
gives "an element of mnt below /var/run, a link to /run, is in it" 0 socket "" mine:cat /run/more/socket
ok "... also a directory" mine:test -d /run/more/dir
sed -i "s,^mnt=$W,&;$T/machine/more:/run/added," "$CONFIG"
gives "an element added to mnt is mounted there" 0 "" "" lsl start
ok "... indeed" mine:test -d /run/added
sed -i '/^\[mine\]/,/^$/{ s,^own=.*,own=/dev/shm,; s,^mnt=.*,mnt='"$W"', }' "$CONFIG"
run lsl start mine
like "another own waits for a restart" "$status:$err" "0:*own takes effect after restart*"
is "... and the record says what is in force" "$(grep ^own= "$MNTDIR/mine:record")" "own=/run"
run lsl status mine
like "lsl status says so" "$status:$out" "1:*own was changed*lsl restart mine*"
ok "lsl restart" lsl restart mine
ok "... applies it" mine:test -e /run/nginx.pid

for value in "/tmp:own: unknown '/tmp'*/run, /dev/shm or both" "/run; mnt=/run:own: mnt has '/run' too*remove one"; do
	printf '[bad]\npath=%s\nbins=/bin\nown=%s\n' "$R" "$(echo "${value%%:*}" | sed 's/; /\n/')" >"$T/machine/bad.conf"
	run lsl -c "$T/machine/bad.conf" start
	like "own=${value%%:*} is a mistake" "$err" "*${value#*:}*"
done
ok "lsl stop" lsl stop
is "nothing is left" "$(findmnt -rno TARGET | grep -c "$T/rootfs" || :)" 0
