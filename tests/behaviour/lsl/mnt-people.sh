#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# With /etc/passwd and the other account files in mnt the host's people are
# known inside: they are merged into the container's own account files, which
# its package manager can still edit, and a stop removes them.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs python3

R=$T/rootfs/debian
debian_rootfs "$R"
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;$W" "bins=/usr/sbin;/usr/bin;/sbin;/bin" "envPath=/usr/sbin:/usr/bin:/sbin:/bin"
cp /etc/shadow "$T/machine/shadow"
chmod 0640 "$T/machine/shadow"
echo "alice:\$6\$salt\$hash:19000:0:99999:7:::" >>"$T/machine/shadow"
mount --bind "$T/machine/shadow" /etc/shadow
# Of the container: a user with the name of one of the host's people, and a
# group with the number of another's.
echo "bob:x:1005:1005::/home/bob:/bin/false" >>"$R/etc/passwd"
echo "bob:!:19000::::::" >>"$R/etc/shadow"
printf 'bob:x:1005:\nolder:x:51100:\n' >>"$R/etc/group"
printf 'bob:!::\nolder:!::\n' >>"$R/etc/gshadow"
account_files() {
	(cd "$R/etc" && stat -c '%n %a %u:%g' passwd group shadow gshadow subuid subgid && cat passwd group shadow gshadow subuid subgid)
}
account_files >before
cksum /etc/passwd /etc/group /etc/shadow /etc/gshadow >host-before

run lsl start
is "lsl start" "$status" 0
like "a user of the container that is set aside is named, with the number" "$err" "*bob*1005*"
gives "a person of the host is known" 0 "alice:x:51001:51001::$T/home/alice:/bin/sh" "" debian:getent passwd alice
gives "... by the number" 0 alice "" as_user debian:id -un
gives "... with groups" 0 "alice crew" "" as_user debian:id -Gn
gives "a group of the host comes before one of the container with its number" 0 "crew:x:51100:alice" "" debian:getent group 51100
gives "the container's own name for it is still known" 0 "older:x:51100:" "" debian:getent group older
gives "a person takes the place of a user of the same name" 0 "bob:x:51002:51002::$T/home/bob:/bin/sh" "" debian:getent passwd bob
gives "root is the container's" 0 "$(grep ^root: "$R/etc/shadow")" "" debian:getent shadow root
is "hashes are those of the host" "$(debian:getent shadow alice | cut -d: -f2)" "\$6\$salt\$hash"
is "... or none" "$(debian:getent shadow bob | cut -d: -f2)" "*"
is "the group shadow, which is the host's too, may read them" "$(debian:stat -c '%a %U:%G' /etc/shadow)" "640 root:shadow"
for check in "pwck -r" "grpck -r"; do
	# Its directories do not exist; it may report only that.
	# shellcheck disable=SC2086 # words
	is "$check finds nothing else than missing directories" "$(debian:$check 2>&1 | grep -v 'does not exist\|no changes\|^$')" ""
done

ok "useradd adds an account of the container" debian:useradd --system svc
ok "usermod gives a person a group of the container" debian:usermod -aG svc alice
ok "gpasswd too" debian:gpasswd -a bob svc
gives "... which are inside" 0 "alice,bob" "" sh -c 'debian:getent group svc | cut -d: -f4'
ok "groupadd" debian:groupadd extra
ok "passwd -l of an account of the container" debian:passwd -q -l svc
ok "a change of a person's entry" debian:chsh -s /bin/bash alice
run lsl refresh
like "... lasts until the next refresh, which says so" "$err" "*alice*changed inside*"
gives "... and the host's entry is inside again" 0 "alice:x:51001:51001::$T/home/alice:/bin/sh" "" debian:getent passwd alice
gives "accounts that were added inside stay" 0 "alice,bob" "" sh -c 'debian:getent group svc | cut -d: -f4'

sed 's/^shadow:x:42:/shadow:x:43:/' /etc/group >"$T/machine/new"
cat "$T/machine/new" >/etc/group
lsl refresh
is "where the group's number is another group's on the host, it may not read them, and nobody else" "$(debian:stat -c '%a %U:%G' /etc/shadow)" "600 root:shadow"
sed 's/^shadow:x:43:/shadow:x:42:/' /etc/group >"$T/machine/new"
cat "$T/machine/new" >/etc/group
debian:chmod 0604 /etc/shadow
lsl refresh
is "... whatever mode it gets inside" "$(debian:stat -c '%a %U:%G' /etc/shadow)" "600 root:shadow"

echo "carol:x:51003:51003::$T/home/carol:/bin/sh" >>/etc/passwd
without() { # USER: removes this person of the host
	grep -v "^$1:" /etc/passwd >"$T/machine/new"
	cat "$T/machine/new" >/etc/passwd
}
without bob
lsl refresh
gives "a new person is known after a refresh" 0 51003 "" debian:id -u carol
gives "after a person is removed, the container's own user is back" 0 1005 "" debian:id -u bob
cp "$R/etc/passwd" once
lsl refresh
same "a second refresh changes nothing" "$R/etc/passwd" once
ok "userdel of an account of the container" debian:userdel svc
ok "groupdel" debian:sh -c 'groupdel svc && groupdel extra'
ok "a backup with hashes is made inside" debian:cp /etc/shadow /etc/shadow-
ok "lsl stop" lsl stop
account_files >after
same "a stop leaves the container's own accounts as they were" after before
is "no hash of the host is left anywhere" "$(grep -rl "salt.hash" "$R/etc" || :)" ""
without carol
cksum /etc/group /etc/shadow /etc/gshadow >host-after
grep -v passwd host-before >host-before-rest
same "the host's account files were never touched" host-after host-before-rest

# If somebody else could read them, no hash is added.
chmod 0775 "$R/etc"
chgrp 51001 "$R/etc"
sed -i '/^path=/a allow=shared-rootfs' "$CONFIG"
run lsl start
like "a root filesystem that others can change gets no hashes, and it says so" "$err" "*hashes*"
is "... indeed" "$(debian:getent shadow alice)" "alice:*:::::::"
lsl stop
chmod 0755 "$R/etc"
chgrp 0 "$R/etc"

cp "$CONFIG" all.conf
lsl start
ok "a backup is made again" debian:cp /etc/shadow /etc/shadow-
sed -i 's,/etc/passwd;/etc/group;/etc/shadow;,,' "$CONFIG"
ok "lsl start without account files in mnt" lsl start
account_files >after
same "... takes out what it had put in" after before
is "... with the hashes" "$(grep -rl "salt.hash" "$R/etc" || :)" ""
lsl stop
cat all.conf >"$CONFIG"

sed -i 's,/etc/shadow;,,' "$CONFIG"
lsl start
is "without shadow in mnt there is no hash" "$(debian:getent shadow alice)" "alice:*:::::::"
lsl stop
account_files >after
same "... and nothing is left again" after before
