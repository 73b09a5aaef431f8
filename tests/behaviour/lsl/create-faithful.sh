#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create unpacks exactly the packed files: owners, modes, times, hard links,
# sparse files, file capabilities, ACLs, attributes of users, names with any
# bytes. /dev is empty, and attributes of other kinds are left out.
. "$(dirname "$0")/../../lib/lib.sh"
needs setcap getcap setfacl getfacl setfattr getfattr xz

STATE=$T/var/lib/lsl
R=$T/rootfs/source
busybox_rootfs "$R"
mkdir "$R/dev" "$R/data" && cd "$R/data"
mkdir plain closed sticky setgid empty
chmod 0 closed
chmod 1777 sticky
chmod 2775 setgid
echo text >plain/file
chown 1234:5678 plain/file plain
chown 4000000000:3999999999 setgid
for mode in 0000 0400 4755 2755 6711 1644; do
	echo $mode >"mode-$mode"
	chown 1:2 "mode-$mode"
	chmod $mode "mode-$mode"
done
ln plain/file plain/hard
ln plain/file elsewhere
ln -s /etc/passwd absolute
ln -s ../../../../etc/passwd upwards
ln -s nowhere dangling
ln absolute hard-link-to-a-link
mkfifo -m 0620 fifo
cp "$(command -v busybox)" capable
setcap cap_net_raw,cap_net_admin+ep capable
setcap cap_setuid=i plain/file
echo acl >acl
setfacl -m u:1234:rwx,g:5678:r-- acl
mkdir default-acl
setfacl -d -m u:1234:rwx default-acl
touch "name with blanks" "$(printf 'new\nline')" "$(printf 'tab\tand\001control')" ./-dash 'ünïcode' "$(printf 'bytes\377\376')"
truncate -s 10M sparse
echo end >>sparse
touch -d '2001-02-03 04:05:06.789' old
touch -h -d '1999-01-01' absolute
has_user=
if setfattr -n user.note -v hello acl 2>/dev/null; then has_user=yes; fi
setfattr -n trusted.other -v secret acl 2>/dev/null || :
mknod "$R/dev/null" c 1 3
mkdir "$R/dev/sub"
echo x >"$R/dev/sub/file"
cd "$W"
tar -C "$R" --sparse --numeric-owner --acls --xattrs --xattrs-include='*' -cJf packed.tar.xz .

# picture DIR: everything that must be the same.
picture() {
	(
		cd "$1/data"
		find . -printf '%P %y %m %U:%G %s %n %l %T@\n' | sort
		find . -type f -links +1 -printf '%i %P\n' | sort | awk '{ if ($1 != last) n++; last = $1; print n, $2 }' | sort -k 2
		find . -type f -exec sha256sum {} + | sort
		getcap -r . | sort
		# Links have none, and since acl 2.4 getfacl -P fails for them.
		find . ! -type l -print0 | sort -z | xargs -0 getfacl -n -P 2>/dev/null
		find . -print0 | sort -z | xargs -0 getfattr -P -h -d -m '^user\.' 2>/dev/null
	)
}
run lsl create copy --from ./packed.tar.xz
is "a root filesystem with all of it: status 0" "$status" 0
lsl stop copy
picture "$R" >source
picture "$STATE/copy" >copy
ok "there is something to compare" grep -q 'capable cap_net_admin,cap_net_raw=ep' source
ok "... ACLs too" grep -q '^user:1234:rwx' source
same "owners, modes, times, links, sizes, contents, capabilities, ACLs, attributes are the same" copy source
is "a sparse file has its holes" "$([ "$(stat -c %b "$STATE/copy/data/sparse")" -lt 1000 ] && echo sparse)" sparse
if [ -n "$has_user" ]; then
	is "an attribute of a user" "$(getfattr --only-values -n user.note "$STATE/copy/data/acl")" hello
else
	skip_check "an attribute of a user" "this file system has none"
fi
is "attributes of other kinds do not come along" "$(getfattr -d -m '^trusted' "$STATE/copy/data/acl" 2>/dev/null)" ""
is "nothing is below /dev" "$(ls -A "$STATE/copy/dev")" ""
lsl remove copy --yes 2>/dev/null
is "all of it is removed" "$(ls -A "$STATE")" .lock
