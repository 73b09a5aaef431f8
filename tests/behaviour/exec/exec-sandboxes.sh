#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs that build a sandbox work in a container as on the host, because they
# have a root directory and their user's rights there: namespaces of users and
# others, chroot, pivot_root, setuid programs, sudo.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs bwrap capsh chroot python3 setcap setpriv sudo unshare

usr_rootfs "$T/rootfs/debian"
container debian "mnt=$USR_MNT;$T/home;$W" "bins=$USR_BINS" allow=suid-mnt
root=$T/rootfs/debian
busybox_rootfs "$root/srv/box"
echo "in the container" >"$root/etc/where"
mkdir "$root/srv/mnt" "$root/srv/box/dev"
echo "in the box" >"$root/srv/box/etc/where"
lsl start

in_home() {
	(cd "$T/home" && "$@")
}

# If users cannot make user namespaces, their sandboxes work nowhere.
as_user unshare -Ur true || skip "this kernel gives users no namespaces"

for who in as_user env; do
	[ $who = env ] && whose="root's" id=0 || whose="a user's" id=$USERID
	gives "$whose unshare -U" 0 65534 "" $who debian:unshare -U id -u
	gives "... -Ur" 0 0 "" $who debian:unshare -Ur id -u
	gives "... -Um and a mount" 0 "in the box" "" $who debian:unshare -Urm sh -c 'mount --bind /srv/box/etc /etc && cat /etc/where'
	gives "... which is visible only there" 0 "in the container" "" $who debian:cat /etc/where
	gives "... pids, with a /proc of their own" 0 "1 /proc/1" "" \
		$who debian:unshare -Urpf --mount-proc sh -c 'echo $$ /proc/[0-9]*'
	gives "... network, IPC, host name, control groups" 0 "lo: sandbox" "" $who debian:unshare -UrnuiC --propagation slave -m \
		sh -c 'hostname sandbox && echo "$(sed -n "s/^ *\\(.*:\\).*/\\1/p" /proc/net/dev) $(hostname)"'
	gives "... one in another" 0 "0 0" "" $who debian:unshare -Ur sh -c 'echo $(id -u) $(unshare -Ur id -u)'
	gives "... chroot" 0 "in the box" "" $who debian:unshare -Ur chroot /srv/box /bin/cat /etc/where
	gives "... pivot_root" 0 "in the box" "" $who debian:unshare -Urm sh -c '
		mount --bind /srv/box /srv/box && cd /srv/box && pivot_root . tmp && umount -l /tmp && cat /etc/where'
	gives "bwrap with the container's root, read-only" 0 "in the container
$id
Read-only file system" "" $who debian:bwrap --ro-bind / / sh -c 'cat /etc/where; id -u; touch ~/x 2>&1 | sed "s/.*: //"'
	gives "... with another root, /dev and everything unshared" 0 "in the box
sandbox
null" "" $who debian:bwrap --bind /srv/box / --dev /dev --tmpfs /tmp --unshare-all --hostname sandbox --die-with-parent \
		--new-session /bin/sh -c 'cat /etc/where; hostname; ls /dev/null | sed s,/dev/,,'
	gives "... with a separate /proc" 0 "bwrap" "" $who debian:bwrap --bind / / --proc /proc --unshare-pid cat /proc/1/comm
	gives "... in another" 0 "in the container" "" $who debian:bwrap --bind / / bwrap --ro-bind / / cat /etc/where
	gives "... in the caller's directory" 0 "$T/home" "" in_home $who debian:bwrap --bind / / pwd
done
# Like Chromium's zygote: namespaces, then a root in a directory that disappears
# with the process.
zygote() {
	"$@" debian:unshare -Urpfn python3 -c '
import os
child = os.fork()
if child == 0:
	os.chroot("/proc/self/fdinfo")
	os.chdir("/")
	os._exit(0 if not os.path.exists("/etc") and os.getpid() == 2 else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))'
}
gives "a sandbox as Chromium's, for a user" 0 0 "" zygote as_user
gives "... for root" 0 0 "" zygote env
gives "no_new_privs can be set" 0 "NoNewPrivs:	1" "" as_user debian:setpriv --no-new-privs grep NoNewPrivs /proc/self/status
gives "... and a seccomp filter" 0 "Seccomp:	2" "" as_user debian:python3 -c '
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7fff0000), 8)
program = ctypes.create_string_buffer(struct.pack("HL", 1, ctypes.addressof(allow)), 16)
assert libc.prctl(22, 2, program) == 0, ctypes.get_errno()  # PR_SET_SECCOMP
print(*[line.strip() for line in open("/proc/self/status") if line.startswith("Seccomp:")])'

# Root's calls in a container.
gives "root's chroot" 0 "in the box" "" debian:chroot /srv/box /bin/cat /etc/where
gives "... unshare -m and a mount" 0 "in the box" "" debian:unshare -m sh -c 'mount --bind /srv/box /srv/mnt && cat /srv/mnt/etc/where'
gives "... that the container does not see" 0 0 "" sh -c 'debian:ls -A /srv/mnt | wc -l'
gives "... pivot_root" 0 "in the box" "" debian:unshare -m sh -c 'mount --bind /srv/box /srv/box && cd /srv/box &&
	pivot_root . tmp && umount -l /tmp && exec cat /etc/where'
ok "a mount in the container" debian:mount -t tmpfs inside /srv/mnt
gives "... is in it, for all" 0 "tmpfs" "" as_user debian:stat -f -c %T /srv/mnt
is "... and nowhere else" "$(grep -c ' inside\| - tmpfs inside' /proc/self/mountinfo)" 0
ok "... until it is unmounted" debian:umount /srv/mnt
gives "root has all its capabilities" 0 "$(capsh --print | grep '^Current:')" "" sh -c 'debian:capsh --print | grep ^Current:'

# Setuid programs, and sudo, for which the container is prepared: a copy of the
# host's /etc has alice's rule.
cp "$(command -v id)" "$root/srv/suid-id"
chmod 4755 "$root/srv/suid-id"
gives "a program that is setuid is so inside" 0 0 "" as_user "$EXECUTOR" debian /srv/suid-id -u
cp "$(command -v capsh)" "$root/srv/capsh"
setcap cap_net_raw+ep "$root/srv/capsh"
run as_user "$EXECUTOR" debian /srv/capsh --print
like "... and so are file capabilities" "$out" "*Current: cap_net_raw=ep*"
gives "debian:sudo" 0 "0 in the container" "" as_user debian:sudo sh -c 'echo $(id -u) $(cat /etc/where)'
gives "... as another user, in the caller's directory" 0 "51002 $T/home" "" \
	in_home as_user debian:sudo -u bob sh -c 'echo $(id -u) $(pwd)'
gives "... from a shell there" 0 "0 $USERID" "" as_user debian:sh -c 'echo $(sudo id -u) $(id -u)'
not_ok "... not for a user without a rule" as_bob debian:sudo -n id -u
gives "... by the rules of the container" 0 51002 "" sh -c "
	echo 'bob ALL=(bob) NOPASSWD: /usr/bin/id' >>'$root/etc/sudoers' && runuser -u bob -- debian:sudo -n -u bob id -u"
not_ok "... and not the host's" as_bob sudo -n -u bob id -u
gives "su" 0 51001 "" debian:su -s /bin/sh alice -c 'id -u'
gives "sudo inside a sandbox of bwrap does what it does on the host: nothing" 1 \
	"" "$(as_user bwrap --bind / / sudo -n id -u 2>&1)" as_user debian:bwrap --bind / / sudo -n id -u
