#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl check looks into each container: its distribution, whether the files that
# mnt and bins name exist, whether only root can write to the programs that
# root's commands run, and whether a started container still matches its
# configuration.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/findings.sh"

root=$T/rootfs/debian
mkdir "$T/tools" "$T/tools/bin"
container debian "mnt=$T/home;$T/tools:/usr/local" "bins=/usr/local/bin;/usr/bin;/bin"

# The distribution, read inside, and the architecture.
for="; its programs are for $(uname -m)"
finds "it does not say" ok "*: debian: root filesystem $root: it does not say*"
echo 'PRETTY_NAME="The host"' >"$T/os-release"
mkdir -p "$root/usr/lib" "$root$T"
printf 'NAME=Debian\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n' >"$root/usr/lib/os-release"
finds "/usr/lib/os-release" ok "*: debian: root filesystem $root: Debian GNU/Linux 13 (trixie)$for"
ln -s "$T/os-release" "$root/etc/os-release"
finds "a link that leads to a file of the host is not followed there" ok "*$root: Debian GNU/Linux 13 (trixie)$for"
echo 'NAME=Inside' >"$root$T/os-release"
finds "... but inside" ok "*: debian: root filesystem $root: Inside$for"
rm "$root/etc/os-release"
mkfifo "$root/etc/os-release"
finds "a FIFO is not waited for" ok "*$root: Debian GNU/Linux 13 (trixie)$for"
rm "$root/etc/os-release"
printf 'PRETTY_NAME="\033[2J\377"\n' >"$root/etc/os-release"
finds "its output harms no terminal" ok "*$root: \\\\x1b[[]2J\\\\xff$for"
rm "$root/etc/os-release"

finds "mnt exists" ok "*: debian: everything that mnt names exists (2)"
finds "bins exists, also in an element of mnt" ok "*: debian: everything that bins names exists (3)"
rmdir "$T/tools/bin"
finds "bins that is in no element of mnt" warning "*:4: debian: bins: /usr/local/bin does not exist"
mkdir "$T/tools/bin"
mv "$T/home" "$T/away"
finds "mnt that does not exist" warning "*: debian: mnt: $T/home does not exist*"
mv "$T/away" "$T/home"

# Users with write access.
finds_no "all files are root's" "*other than root*"
chmod 0775 "$root/usr/bin"
finds "a directory that its group may write" error "*: debian: root filesystem $root: *$root/usr/bin,*"
like "... with a remedy" "$out" "*chmod go-w $root/usr/bin*"
chmod 0755 "$root/usr/bin"
chown alice "$root/usr"
finds "a directory on the way that is a user's" error "*: debian: root filesystem $root: *$root/usr,*"
chown root "$root/usr"
chmod 0777 "$T/tools"
finds "one on the host that mnt brings" warning "*: debian: bins: /usr/local/bin: *change $T/tools,*"
chmod 0755 "$T/tools"
mv "$root/bin" "$root/usr/real"
mkdir -m 0777 "$root/open"
ln -s /usr/real "$root/open/bin"
ln -s open/bin "$root/bin"
finds "one that a link leads through" error "*: debian: root filesystem $root: *$root/open,*"
rm "$root/bin" "$root/open/bin"
rmdir "$root/open"
mv "$root/usr/real" "$root/bin"
chmod 0777 "$T/rootfs"
finds "one that the root filesystem is in" error "*: debian: root filesystem $root: *$T/rootfs,*"
chmod 0755 "$T/rootfs"
finds_no "none of these findings is left" "*other than root*"
sed -i "s,^path=.*,path=$T/home/alice/rootfs," "$CONFIG"
as_user mkdir "$T/home/alice/rootfs"
finds "one in a user's home" error "*: debian: root filesystem $T/home/alice/rootfs: *$T/home/alice,*"
finds_no "... without a remedy that takes it from its owner" "*chown*$T/home/alice*"
like "... but to move the root filesystem" "$out" "*move the root filesystem to a directory that only root can change*"
sed -i "s,^path=.*,path=$T/home/alice," "$CONFIG"
finds "a home instead of one" error "*: debian: root filesystem $T/home/alice: *$T/home/alice,*"
finds_no "... without a remedy that takes it from its owner" "*chown*$T/home/alice*"
mkdir -m 1777 "$T/sticky"
sed -i "s,^path=.*,path=$T/sticky," "$CONFIG"
finds "a directory in which everybody writes" error "*: debian: root filesystem $T/sticky: *$T/sticky,*"
finds_no "... without a remedy that nobody else could write there" "*chmod*$T/sticky*"
sed -i "s,^path=.*,path=$root," "$CONFIG"

# The started containers.
lsl start
finds "it runs" ok "debian: started"
run as_user lsl check
like "an ordinary user learns that only root can see this" "$out" "*unknown*debian: started*sudo lsl check*"
mv "$root" "$root.old"
finds "no directory at its path" warning "debian: started, but its root filesystem is no longer at $root"
like "... with a remedy" "$out" "*move it back, or correct path, then sudo lsl restart debian*"
cp -a "$root.old" "$root"
finds "another directory at its path" warning "debian: started, but $root is another directory*"
like "... with a remedy" "$out" "*sudo lsl restart debian*"
mount --make-rprivate / # so that the old one can be removed
rm -rf "$root.old" 2>/dev/null || :
if [ -d "$root.old" ]; then
	skip_check "its root filesystem was removed" "a mount point in it keeps it"
else
	finds "its root filesystem was removed" error "debian: started, but its root filesystem was removed*"
fi
lsl restart
finds "after a restart it runs" ok "debian: started"

# The daemon may be looking.
retry umount "$MNTDIR/debian"
finds "a record without a namespace" error "debian: its record is stale*"
like "... with a remedy" "$out" "*sudo lsl start debian*"
lsl start
rm "$MNTDIR/debian:record"
finds "a namespace without a record" error "debian: its pinned namespace is stale*"
lsl start
sed -i 's/^\[debian\]/[other]/' "$CONFIG"
finds "one that is not configured any more" warning "debian: started, but no longer in $CONFIG"
like "... with a remedy" "$out" "*sudo lsl stop debian*"
chmod 0666 "$CONFIG"
finds "others than root can write to the configuration" error "$CONFIG: is writable by users other than root*"
finds_no "... so it is not known what it should have" "*no longer in*"
like "... a user's check finds that, too" "$(as_user lsl check)" "*error *$CONFIG: is writable by users other than root*"
chmod 0644 "$CONFIG"
lsl stop

# A section in a separate file.
mkdir "$CONFIG.d"
printf '[shared]\npath=%s\nbins=/usr/bin\nshare=applications\n' "$T/rootfs/debian" >"$CONFIG.d/shared.conf"
run env XDG_DATA_DIRS=/usr/share "$T/usr/bin/lsl" check
told "a finding about it has the name of that file" warning "$CONFIG.d/shared.conf:4: shared: *XDG_DATA_DIRS*"
