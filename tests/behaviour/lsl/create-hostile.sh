#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Files that are no archives, truncated archives, archives that would fill the
# disk, and those that try to reach files outside of their directory: one line
# has the reason, nothing is left, and nothing outside has changed.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs xz zstd bzip2 python3

STATE=$T/var/lib/lsl
python=$(python3 -c 'import sys; print(sys.executable)')
canary=$W/canary
mkdir "$canary" && echo untouched >"$canary/file" && echo 'root::1:0:99999:7:::' >"$canary/shadow"
before=$(find "$canary" -printf '%P %m %U %s %n %T@\n' | sort)
busybox_rootfs "$T/rootfs/source"
echo 'root:x:0:0::/root:/bin/sh' >"$T/rootfs/source/etc/passwd"
tar -C "$T/rootfs/source" -cf good.tar .

# archive FILE: the members that Python's lines on stdin add to a good root
# filesystem.
archive() {
	cp good.tar "$1"
	{
		cat <<'PYTHON'
import io, sys, tarfile
tar = tarfile.open(sys.argv[1], "a")
def add(name, type=tarfile.REGTYPE, data=b"planted", mode=0o644, uid=0, **fields):
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.uid, member.size = type, mode, uid, len(data) if type == tarfile.REGTYPE else 0
    for key, value in fields.items(): setattr(member, key, value)
    tar.addfile(member, io.BytesIO(data) if type == tarfile.REGTYPE else None)
def link(name, target): add(name, tarfile.SYMTYPE, linkname=target)
def hard(name, target): add(name, tarfile.LNKTYPE, linkname=target)
canary = sys.argv[2]
PYTHON
		cat
		echo 'tar.close()'
	} >make.py
	"$python" make.py "$1" "$canary"
}
nothing_left() {
	is "$1: nothing is left" "$(ls -A "$STATE" | grep -v '^.lock$' || :)$(ls -A "$CONFIG.d" 2>/dev/null)$(ls "$MNTDIR" 2>/dev/null | grep -v :)" ""
	is "$1: nothing outside has changed" "$(find "$canary" -printf '%P %m %U %s %n %T@\n' | sort)" "$before"
}
# refused WHAT FILE PATTERN: one line reports it.
refused() {
	run lsl create bad --from "./$2"
	is "$1: status 1, one line" "$status:$out$(printf '%s\n' "$err" | wc -l)" 1:1
	# shellcheck disable=SC2254 # a pattern is meant
	like "$1: it says why" "$err" "lsl: bad: not created: $3"
	nothing_left "$1"
}
# harmless WHAT: it is made, only below its own directory. "bad" stays for
# further checks.
harmless() {
	run lsl create bad --from ./bad.tar
	is "$1: made" "$status" 0
	is "$1: nothing outside has changed" "$(find "$canary" -printf '%P %m %U %s %n %T@\n' | sort)" "$before"
}
gone() {
	lsl remove bad --yes 2>/dev/null
	nothing_left "$1, removed"
}

# Not an archive.
: >empty
refused "an empty file" empty "the archive is empty"
head -c 100000 /dev/urandom | tr '\037\375\050\102' '    ' >garbage
refused "random bytes" garbage "it is something else, not a tar archive*"
echo "Not Found" >text
refused "a text" text "it is something else, not a tar archive*"
printf 'hsqs%01000d' 0 >squash
refused "a squashfs image" squash "it is a squashfs image, not a tar archive*"
printf 'PK\003\004%01000d' 0 >zip
refused "a ZIP archive" zip "it is a ZIP archive, not a tar archive*"
refused "a container that does not exist" nowhere.tar "./nowhere.tar: No such file or directory"
for pack in gzip:gz xz:xz zstd:zst bzip2:bz2; do
	program=${pack%:*}
	$program -c <good.tar >whole
	size=$(stat -c %s whole)
	head -c $((size / 2)) whole >"cut.${pack#*:}"
	refused "a $program file that is cut off" "cut.${pack#*:}" "*"
	head -c $((size / 2)) whole >"spoilt.${pack#*:}"
	head -c 1000 /dev/zero >>"spoilt.${pack#*:}"
	tail -c +$((size / 2 + 1001)) whole >>"spoilt.${pack#*:}"
	refused "a damaged archive" "spoilt.${pack#*:}" "*$program*"
	echo "nothing of a tar archive" | $program -c >"other.${pack#*:}"
	refused "a $program file of something else" "other.${pack#*:}" "tar: This does not look like a tar archive"
done
head -c $(($(stat -c %s good.tar) / 2)) good.tar >cut.tar
refused "a tar archive that is cut off" cut.tar "the archive is cut off"
tar -C "$T/rootfs/source" -cf - --blocking-factor=1 etc >small.tar
head -c $(($(stat -c %s small.tar) - 1024)) small.tar >cut.tar
refused "... between two of its files" cut.tar "the archive is cut off"

# Not a root filesystem.
mkdir -p "$T/rootfs/nested"
cp -a "$T/rootfs/source" "$T/rootfs/nested/rootfs"
tar -C "$T/rootfs/nested" -cf nested.tar rootfs
refused "a root filesystem in a directory" nested.tar "it does not look like a root filesystem, *: it has rootfs"
mkdir "$T/rootfs/odd"
touch "$T/rootfs/odd/$(printf 'a\033[31mb')"
tar -C "$T/rootfs/odd" -cf odd.tar .
refused "names that move the cursor are shown" odd.tar '*it has a?x1b?31mb'

# Ways out.
archive bad.tar <<-'EOF2'
	add("../escaped"); add("a/../../escaped")
EOF2
refused "names with .." bad.tar "tar: *Member name contains '..'*"
archive bad.tar <<-'EOF2'
	link("way", canary); add("way/file", data=b"changed"); add("way/new")
EOF2
refused "a file through a symbolic link" bad.tar "tar: way/*"
archive bad.tar <<-'EOF2'
	link("way", "../../../../../../../.." + canary); add("way/file", data=b"changed")
EOF2
refused "... that leads upwards" bad.tar "tar: way/*"
archive bad.tar <<-'EOF2'
	hard("file", canary + "/file"); add("file", data=b"changed")
EOF2
refused "a hard link to a file outside" bad.tar "tar: *"
archive bad.tar <<-'EOF2'
	link("way", canary); hard("file", "way/file"); add("file", data=b"changed")
EOF2
refused "... through a symbolic link" bad.tar "tar: *"
archive bad.tar <<-'EOF2'
	add("sda", tarfile.BLKTYPE, mode=0o666, devmajor=8, devminor=0)
EOF2
refused "a device outside of /dev" bad.tar "tar: sda: Cannot mknod: Operation not permitted"
archive bad.tar <<-'EOF2'
	add(".//dev/sda", tarfile.BLKTYPE, mode=0o666, devmajor=8, devminor=0)
EOF2
refused "... below /dev by another name" bad.tar "tar: *Cannot mknod: Operation not permitted"
archive bad.tar <<-'EOF2'
	add("x/" * 3000 + "x")
EOF2
refused "a name that is too long" bad.tar "tar: *File name too long"
archive bad.tar <<-'EOF2'
	add("bin/\x1b]0;planted\x07", tarfile.BLKTYPE, devmajor=8, devminor=0)
EOF2
refused "a name that sets a terminal's title is shown" bad.tar 'tar: bin/?033?0;planted?a: *'
archive bad.tar <<-'EOF2'
	link("bin", "/proc/self/root" + canary)
EOF2
refused "a link in the place of a directory" bad.tar "*"

# Links that stay inside.
archive bad.tar <<-'EOF2'
	add(canary + "/new"); add("/absolute")
EOF2
harmless "absolute names"
is "... they are below its root" "$(cat "$STATE/bad/absolute" "$STATE/bad$canary/new")" plantedplanted
gone "absolute names"
archive bad.tar <<-'EOF2'
	add("dev/sda", tarfile.BLKTYPE, mode=0o666, devmajor=8, devminor=0); add("./dev/x"); add(".//dev/y"); add("/dev/z")
EOF2
harmless "files below /dev"
is "... are left out, whatever they are called" "$(ls -A "$STATE/bad/dev")" ""
gone "files below /dev"
archive bad.tar <<-'EOF2'
	add("./", tarfile.DIRTYPE, mode=0o7777, uid=51001)
EOF2
harmless "a root directory of a user's"
is "... becomes root's" "$(stat -c %u:%g:%a "$STATE/bad")" 0:0:755
gone "a root directory of a user's"
cp -a "$T/rootfs/source" "$T/rootfs/linked"
mv "$T/rootfs/linked/etc" "$T/rootfs/linked/real"
ln -s "$canary" "$T/rootfs/linked/etc"
tar -C "$T/rootfs/linked" -cf bad.tar .
run lsl create bad --from ./bad.tar
is "/etc as a link out of it: nothing outside has changed" "$(find "$canary" -printf '%P %m %U %s %n %T@\n' | sort)" "$before"
lsl remove bad --yes 2>/dev/null || :
nothing_left "/etc as a link out of it"
archive bad.tar <<-'EOF2'
	add("etc/login.defs", data=b"ENV_SUPATH PATH=/bin:/../../etc:/bin;/x:$HOME:/usr/bin\n[planted]\npath=/\n"); link("etc/environment", "/dev/zero"); add("etc/profile", tarfile.FIFOTYPE)
EOF2
harmless "odd files of settings"
like "... give no more than directories" "$(cat "$CONFIG.d/bad.conf")" "*
bins=/bin;/usr/local/bin;/usr/bin
envPath=/bin:/usr/local/bin:/usr/bin:$LINKSDIR"
gone "odd files of settings"

# Too large.
mkdir -p "$STATE"
# A moment later: the kernel keeps the inode that a Landlock rule names for as
# long as it frees the last process behind that wall.
disk_is_empty() {
	[ "$(df --output=iused "$STATE" | tail -1 | tr -d ' ')" = 2 ]
}
limited() {
	mount -t tmpfs -o "mode=0755,$1" small "$STATE"
	run lsl create bad --from "$2"
	is "$3: status 1, one line" "$status:$out$(printf '%s\n' "$err" | wc -l)" 1:1
	# shellcheck disable=SC2254 # a pattern is meant
	case $err in
	*"No space left on device"* | *"nearly full"* | *"out of inodes"*) pass "$3: it says so" ;;
	*) fail "$3: it says so" ;;
	esac
	nothing_left "$3"
	ok "... the disk is empty again" retry disk_is_empty
	umount "$STATE"
}
mkdir "$T/rootfs/bomb"
head -c 200M /dev/zero >"$T/rootfs/bomb/zeros"
tar -C "$T/rootfs/bomb" -c . | zstd -q -o bomb.tar.zst
rm "$T/rootfs/bomb/zeros"
limited size=64M ./bomb.tar.zst "a bomb on a small disk"
limited size=64M - "... from standard input" <bomb.tar.zst
limited size=64M,nr_inodes=100 ./good.tar "no inodes"
truncate -s 1M large && cat good.tar large large large >large.tar
limited size=1M - "an archive that is larger than the disk" <large.tar

# A name of a gigabyte, which tar would keep in memory.
python3 - <<'PYTHON' | zstd -q -o name.tar.zst
import sys, tarfile
member = tarfile.TarInfo("././@LongLink")
member.type, member.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
sys.stdout.buffer.write(member.tobuf(tarfile.GNU_FORMAT))
for i in range(1024):
    sys.stdout.buffer.write(b"n" * (1 << 20))
sys.stdout.buffer.write(b"\0" * 1024)
PYTHON
refused "a name of a gigabyte" name.tar.zst "tar: memory exhausted"

# PATHs of millions of directories that do not exist, in the files in which the
# root filesystem's own PATH is looked for.
for file in profile environment login.defs; do
	yes "$([ $file = login.defs ] && echo ENV_PATH || echo) PATH=/a:/b:/c:/d:/e:/f:/g:/h:/i:/j" |
		head -c 40000000 >"$T/rootfs/source/etc/$file"
done
# shellcheck disable=SC2086 # LSL_FLAGS are words
run timeout -s KILL 60 "$T/usr/bin/lsl" $LSL_FLAGS create paths --from "$T/rootfs/source"
is "PATHs of millions of directories: it is created in time" "$status:$out" 0:paths:sh
