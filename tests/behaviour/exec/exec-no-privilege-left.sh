#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A user's program has no privilege of lslExecutor: all user and group ids are
# the caller's, every set of capabilities is empty, no descriptor is left over.
# Root's program has root's privileges.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
lsl start

look='sed -n -e /^Uid/p -e /^Gid/p -e /^Groups/p -e /^Cap[IPEA]/p -e /^NoNewPrivs/p /proc/self/status'
none="CapInh:	0000000000000000
CapPrm:	0000000000000000
CapEff:	0000000000000000
CapAmb:	0000000000000000
NoNewPrivs:	0"
gives "a user's program has the user's ids and no capability" 0 \
	"Uid:	$USERID	$USERID	$USERID	$USERID
Gid:	$USERID	$USERID	$USERID	$USERID
Groups:	$USERID 51100 
$none" "" as_user debian:sh -c "$look"

native=$(sh -c "$look")
gives "root's program has root's capabilities" 0 "$native" "" debian:sh -c "$look"
native=$(as_user sudo sh -c "$look")
gives "so it has through sudo" 0 "$native" "" as_user sudo debian:sh -c "$look"

program "$T/rootfs/debian/bin/become-root" 'cp /bin/busybox /tmp/x 2>/dev/null; chown 0 /tmp/x 2>/dev/null && echo chown; kill -0 1 2>/dev/null && echo kill; mount -t tmpfs x /tmp 2>/dev/null && echo mount; chroot / true 2>/dev/null && echo chroot; cat /etc/secret 2>/dev/null; exit 0'
echo secret >"$T/rootfs/debian/etc/secret"
chmod 0600 "$T/rootfs/debian/etc/secret"
gives "a user's program cannot do what only root can" 0 "" "" as_user debian:become-root
gives "... and sees none of root's files" 1 "" "cat: can't open '/etc/secret': Permission denied" \
	as_user debian:cat /etc/secret

native=$(as_user sh -c 'busybox ls /proc/self/fd')
gives "no descriptor is left over" 0 "$native" "" as_user sh -c 'debian:ls /proc/self/fd'
native=$(sh -c 'busybox ls /proc/self/fd')
gives "... nor for root" 0 "$native" "" sh -c 'debian:ls /proc/self/fd'
gives "the program may be looked at by its user: it is no setuid program any more" 0 yes "" \
	as_user debian:sh -c 'cat /proc/$$/environ >/dev/null && echo yes'

# A setuid program in the container has the rights of its file, not of
# lslExecutor.
cp "$T/rootfs/debian/bin/busybox" "$T/rootfs/debian/bin/setuid-id"
cat >"$W/id.c" <<'EOF'
#include <stdio.h>
#include <unistd.h>
int main(void) { printf("%d %d\n", getuid(), geteuid()); return 0; }
EOF
if command -v cc >/dev/null && cc -static -o "$T/rootfs/debian/bin/setuid-id" "$W/id.c" 2>/dev/null; then
	chmod 4755 "$T/rootfs/debian/bin/setuid-id"
	gives "a setuid program in the container (its sudo) gets its privilege" 0 "$USERID 0" "" as_user debian:setuid-id
fi
is "started by a user, its environment has nothing of root" \
	"$(as_user env -i HOME=/h "$LINKSDIR/debian:env" | cut -d= -f1 | sort | tr '\n' ' ')" "HOME LSL_CONTAINER "

# The caller's user namespace gives no privilege over containers.
if as_user unshare -U -r true 2>/dev/null; then
	run as_user unshare -U -r "$LINKSDIR/debian:id" -u
	is "in a user namespace of the user's own: refused" "$status" 125
	like "... with the reason" "$err" "lslExecutor: no privilege to enter debian: *"
fi
