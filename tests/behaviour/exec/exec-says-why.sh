#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# When a command cannot run, one line on standard error has the cause and the
# next step. The exit status is 125 if lsl failed, 127 if there is no such
# program, 126 if it cannot be executed.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs python3 readelf strace

mkdir -m 0755 "$W/noexec"
mount -t tmpfs -o noexec,mode=0755 noexec "$W/noexec"
cp "$(command -v busybox)" "$W/emulator"
container debian "bins=/usr/local/bin;/usr/bin;/bin;/closed" "mnt=$T/usr;$T/run;$W/noexec:/opt/noexec" "allow=suid-mnt"
container arch
container fedora
container left
busybox_rootfs "$T/rootfs/two words"
container words "path=$T/rootfs/two words"
container emulated "interpreter=$W/emulator"
program "$T/rootfs/fedora/usr/bin/dnf" 'exit 0'
lsl start debian fedora emulated words
bin=$T/rootfs/debian/usr/bin

# says STATUS LINE WHAT CMD...: nothing else, and nothing on standard output.
says() {
	want=$1 line=$2 what=$3
	shift 3
	gives "$what" "$want" "" "lslExecutor: $line" "$@"
}

# explains STATUS LINE WHAT CMD...: for root and for a user.
explains() {
	says "$@"
	want=$1 line=$2 what=$3
	shift 3
	says "$want" "$line" "... to a user" as_user "$@"
}

# 1. Containers.

explains 125 "arch is not started (sudo lsl start arch)" "not started" "$EXECUTOR" arch sh
explains 125 "nosuch is not started (sudo lsl start nosuch)" "no such container: lsl start says more" "$EXECUTOR" nosuch sh
explains 125 "'a/b' cannot be a container's name" "no name of a container" "$EXECUTOR" a/b sh
mkdir -p "$MNTDIR"
: >"$MNTDIR/left"
explains 125 "left is not started (sudo lsl start left)" "what a killed start has left" "$EXECUTOR" left sh
rm "$MNTDIR/left"
chmod 0666 "$MNTDIR/debian:record"
explains 125 "the record of debian in $MNTDIR is writable by users other than root (sudo lsl restart debian)" \
	"a record that others may write" "$EXECUTOR" debian true
chmod 0644 "$MNTDIR/debian:record"
cp "$MNTDIR/debian:record" "$W/record"
echo damaged >"$MNTDIR/debian:record"
explains 125 "the record of debian in $MNTDIR is damaged or of another version of lsl (sudo lsl restart debian)" \
	"a damaged record" "$EXECUTOR" debian true
cat "$W/record" >"$MNTDIR/debian:record"
chmod 0777 "$MNTDIR"
explains 125 "$MNTDIR, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)" \
	"a state directory that others may write" "$EXECUTOR" debian true
chmod 0755 "$MNTDIR"
# The daemon may have seen that state and omitted the container; a start makes
# it look again.
lsl start debian
retry as_user test -e "$LINKSDIR/debian:true" || :
ok "all put right, it runs" as_user debian:true

# 2. Privilege.

no="no privilege to enter debian:"
says 125 "$no no_new_privs is set (in a sandbox, or a unit with NoNewPrivileges=, DynamicUser=, or User= with PrivateDevices= or the like?)" "no_new_privs" \
	as_user setpriv --no-new-privs "$LINKSDIR/debian:true"
ok "... which does not keep root out" setpriv --no-new-privs "$LINKSDIR/debian:true"
says 125 "$no a debugger or strace traces it (attach to the program once it runs, or trace as root)" "traced by a user" \
	as_user strace -o /dev/null "$LINKSDIR/debian:true"
ok "... root may trace" strace -o /dev/null "$LINKSDIR/debian:true"
cp "$EXECUTOR" "$W/unarmed"
chmod 0755 "$W/unarmed"
says 125 "$no $W/unarmed has no privilege (sudo chown root:root and chmod 4755 $W/unarmed)" "a copy without privilege" \
	as_user "$W/unarmed" debian true
ok "... root needs no privilege" "$W/unarmed" debian true
cp -a "$EXECUTOR" "$W/users"
chown bob "$W/users"
chmod 4755 "$W/users"
says 125 "$no $W/users has no privilege (sudo chown root:root and chmod 4755 $W/users)" "setuid, but not root's" \
	as_user "$W/users" debian true
mkdir -m 0755 "$W/nosuid"
mount -t tmpfs -o nosuid,mode=0755 nosuid "$W/nosuid"
cp -a "$EXECUTOR" "$W/nosuid/copy"
says 125 "$no $W/nosuid/copy is on a file system that is mounted nosuid (install it elsewhere, or remount with suid)" \
	"on a nosuid mount" as_user "$W/nosuid/copy" debian true
user_namespace="$no this is another user namespace (a rootless container or a sandbox); commands work only outside of it"
if as_user unshare -U -r true 2>/dev/null; then
	says 125 "$user_namespace" "in a user namespace" as_user unshare -U -r "$LINKSDIR/debian:true"
	says 125 "$user_namespace" "... with no_new_privs too, as in a sandbox" \
		as_user unshare -U -r setpriv --no-new-privs "$LINKSDIR/debian:true"
	says 125 "$user_namespace" "... as nobody that is mapped" as_user unshare -U "$LINKSDIR/debian:true"
	says 125 "$user_namespace" "... that root has made" unshare -U -r "$LINKSDIR/debian:true"
else
	skip_check "in a user namespace" "users may not make any"
fi
if [ "$LSL_TEST_PRIVILEGE" = setuid ]; then
	bound="$no CAP_SYS_ADMIN or CAP_SYS_CHROOT is not in the bounding set (in a container, or a unit with CapabilityBoundingSet=?)"
	says 125 "$bound" "without CAP_SYS_ADMIN in the bounding set" \
		setpriv --bounding-set -sys_admin "$LINKSDIR/debian:true"
	says 125 "$bound" "... and no_new_privs" \
		setpriv --bounding-set -sys_admin --no-new-privs "$LINKSDIR/debian:true"
fi
# A setuid lslExecutor then has root's effective id, and uses the real one.
cp "$EXECUTOR" "$W/capable"
chmod 0755 "$W/capable"
setcap cap_sys_admin,cap_sys_chroot+ep "$W/capable"
says 125 "$no the caller is a setuid program of another user, who is not root" \
	"called by a user's setuid program" python3 -c 'import os, sys
os.setgroups([])
os.setresgid(*[int(sys.argv[1])] * 3)
os.setresuid(int(sys.argv[1]), *[int(sys.argv[2])] * 2)
os.execv(sys.argv[3], sys.argv[3:])' "$USERID" "$(id -u bob)" "$W/capable" debian true

# 3. Programs.

explains 127 "debian has no program nosuch (lsl which nosuch)" "no such program" "$EXECUTOR" debian nosuch
explains 127 "debian has no program two words" "... whose name is more than one word to a shell" "$EXECUTOR" debian "two words"
hostile=$(printf 'a\033[2J\302\233m\342\200\256b\377')
explains 127 'debian has no program a\x1b[2J\u009bm\u202eb\xff' "... or plays with the terminal" "$EXECUTOR" debian "$hostile"
explains 127 "debian has no /no/such" "no such file" "$EXECUTOR" debian /no/such
explains 127 "debian has no /bin/sh/such" "... below a file" "$EXECUTOR" debian /bin/sh/such
ln -s nowhere "$bin/dangling"
explains 127 "debian has no program dangling (lsl which dangling)" "a link that leads nowhere" "$EXECUTOR" debian dangling

# cannot PATH REASON WHAT CMD...
cannot() {
	path=$1 reason=$2 what=$3
	shift 3
	explains 126 "cannot execute $path in debian: $reason" "$what" "$@"
}

mode="its mode does not let this user execute it"
echo text >"$bin/text"
cannot /usr/bin/text "$mode" "not executable" "$EXECUTOR" debian text
cannot /usr/bin/text "$mode" "... by path" "$EXECUTOR" debian /usr/bin/text
cp "$T/rootfs/debian/bin/busybox" "$bin/roots"
chmod 0700 "$bin/roots"
says 126 "cannot execute /usr/bin/roots in debian: $mode" "executable for root alone" as_user "$EXECUTOR" debian roots
mkdir -m 0700 "$T/rootfs/debian/closed"
program "$T/rootfs/debian/closed/tool" 'exit 0'
closed="/closed may not be searched by this user"
says 126 "cannot execute /closed/tool in debian: its directory $closed" "in a closed directory" as_user "$EXECUTOR" debian tool
ok "... which is open to root" "$EXECUTOR" debian tool
ln -s /closed/tool "$bin/to-closed"
says 126 "cannot execute /usr/bin/to-closed in debian: a directory that leads to it may not be searched" \
	"a link into a closed directory" as_user "$EXECUTOR" debian to-closed
chmod 0700 "$T/rootfs/fedora"
says 125 "this user may not search the root directory of fedora (sudo chmod a+rx $T/rootfs/fedora)" \
	"in a closed root filesystem" as_user "$EXECUTOR" fedora dnf
ok "... which is open to root" "$EXECUTOR" fedora dnf
chmod 0755 "$T/rootfs/fedora"
chmod 0700 "$T/rootfs/two words"
says 125 "this user may not search the root directory of words, $T/rootfs/two words" \
	"... whose path is more than one word to a shell" as_user "$EXECUTOR" words sh
cannot /usr "it is a directory" "a directory" "$EXECUTOR" debian /usr
mkfifo -m 0777 "$bin/fifo"
cannot /usr/bin/fifo "it is not a regular file" "a fifo" "$EXECUTOR" debian /usr/bin/fifo
program "$W/noexec/tool" 'exit 0'
cannot /opt/noexec/tool "it is on a file system that is mounted noexec" "on a noexec mount" "$EXECUTOR" debian /opt/noexec/tool

# script NAME FIRST-LINE
script() {
	printf '%s\necho ran\n' "$2" >"$bin/$1"
	chmod 0755 "$bin/$1"
}

script orphan '#! /no/such/perl -w'
cannot /usr/bin/orphan "the interpreter in its first line (#!), /no/such/perl, is not in the container" \
	"a script whose interpreter does not exist" "$EXECUTOR" debian orphan
script windows "$(printf '#!/bin/sh\r')"
cannot /usr/bin/windows "its first line (#!) ends in a carriage return, as in text files of Windows" \
	"a script with a carriage return" "$EXECUTOR" debian windows
script nobody '#!'
cannot /usr/bin/nobody "its first line (#!) names no interpreter" "a script with an empty first line" "$EXECUTOR" debian nobody
script of-text '#!/usr/bin/text'
cannot /usr/bin/of-text "its interpreter, /usr/bin/text: $mode" "a script whose interpreter is not executable" \
	"$EXECUTOR" debian of-text
script of-noexec '#!/opt/noexec/tool'
cannot /usr/bin/of-noexec "its interpreter, /opt/noexec/tool: it is on a file system that is mounted noexec" \
	"... is on a noexec mount" "$EXECUTOR" debian of-noexec
script of-orphan '#!/usr/bin/orphan'
cannot /usr/bin/of-orphan "its interpreter, /usr/bin/orphan: the interpreter in its first line (#!), /no/such/perl, is not in the container" \
	"... is itself a script whose interpreter does not exist" "$EXECUTOR" debian of-orphan

# A dynamic program of the host, whose loader a busybox lacks.
cp /bin/true "$bin/dynamic"
loader=$(readelf -l /bin/true | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
lacks="its dynamic loader, $loader, is not in the container"
cannot /usr/bin/dynamic "$lacks" "a program whose dynamic loader does not exist" "$EXECUTOR" debian dynamic
script of-dynamic '#!/usr/bin/dynamic'
cannot /usr/bin/of-dynamic "its interpreter, /usr/bin/dynamic: $lacks" "a script whose interpreter has none" \
	"$EXECUTOR" debian of-dynamic

# The number of a foreign architecture in the ELF header.
foreign="it is a program for machine-16385 (set interpreter in $CONFIG, then sudo lsl start)"
cp "$T/rootfs/debian/bin/busybox" "$bin/foreign"
printf '\001\100' | dd of="$bin/foreign" bs=1 seek=18 conv=notrunc 2>/dev/null
cannot /usr/bin/foreign "$foreign" "a program for another architecture" "$EXECUTOR" debian foreign
script of-foreign '#!/usr/bin/foreign'
cannot /usr/bin/of-foreign "its interpreter, /usr/bin/foreign: $foreign" "... as the interpreter of a script" \
	"$EXECUTOR" debian of-foreign
while read -r name header; do
	# shellcheck disable=SC2086 # words
	foreign_program "$bin/for-$name" $header
	# For another kind of kernel (EI_OSABI), of version 1: no handler of
	# binfmt_misc accepts it, neither QEMU's nor lsl's, which apply to the
	# whole machine.
	printf '\011\001' | dd of="$bin/for-$name" bs=1 seek=7 conv=notrunc 2>/dev/null
	cannot "/usr/bin/for-$name" "it is a program for $name (set interpreter in $CONFIG to a static emulator, then sudo lsl start; Debian has them in qemu-user-static, newer releases in qemu-user)" \
		"a program for $name" "$EXECUTOR" debian "for-$name"
done <<'END'
aarch64 2 1 267
arm 1 1 050
mips 1 2 010
mips64el 2 1 010
ppc64le 2 1 025
riscv64 2 1 363
s390x 2 2 026
END
damaged="it is damaged, or of a kind that the kernel does not know"
printf '\177ELF nonsense' >"$bin/nonsense"
head -c 1000 "$T/rootfs/debian/bin/busybox" >"$bin/short"
chmod 0755 "$bin/nonsense" "$bin/short"
cannot /usr/bin/nonsense "$damaged" "a file that only begins as a program" "$EXECUTOR" debian nonsense

script no-line ':'
gives "a script without a first line is run by /bin/sh" 0 ran "" as_user "$EXECUTOR" debian no-line
script of-no-line '#!/usr/bin/no-line'
cannot /usr/bin/of-no-line "its interpreter, /usr/bin/no-line: $damaged" "... but not as the interpreter of another" "$EXECUTOR" debian of-no-line
: >"$bin/empty"
chmod 0755 "$bin/empty"
gives "... so is an empty one" 0 "" "" as_user "$EXECUTOR" debian empty
mv "$T/rootfs/debian/bin/sh" "$T/rootfs/debian/bin/not-sh"
cannot /usr/bin/no-line "it has no first line with an interpreter (#!), and /bin/sh is not in the container" \
	"... where there is none" "$EXECUTOR" debian no-line
cp "$bin/for-mips" "$T/rootfs/debian/bin/sh"
cannot /usr/bin/no-line "its interpreter, /bin/sh: it is a program for mips (set interpreter in $CONFIG to a static emulator, then sudo lsl start; Debian has them in qemu-user-static, newer releases in qemu-user)" \
	"... where that is a program for another architecture" "$EXECUTOR" debian no-line
mv "$T/rootfs/debian/bin/not-sh" "$T/rootfs/debian/bin/sh"

cp "$T/rootfs/debian/bin/busybox" "$bin/busy"
exec 9>>"$bin/busy"
cannot /usr/bin/busy "somebody has it open for writing (is it being installed?)" "a program that is being written" \
	"$EXECUTOR" debian busy
exec 9>&-

cp "$T/rootfs/debian/usr/bin/foreign" "$T/rootfs/emulated/bin/foreign"
rm "$W/emulator"
for who in "" as_user; do
	says 126 "cannot execute /bin/foreign in emulated: its interpreter in $CONFIG, $W/emulator: it is not on the host" \
		"an emulator that is gone${who:+, as a user}" $who "$EXECUTOR" emulated foreign
done
cp "$bin/for-mips" "$W/emulator"
says 126 "cannot execute /bin/foreign in emulated: its interpreter in $CONFIG, $W/emulator: it is not a program for this machine (sudo lsl check says more)" \
	"an emulator for another machine" "$EXECUTOR" emulated foreign
cp /bin/true "$W/emulator"
says 126 "cannot execute /bin/foreign in emulated: its interpreter in $CONFIG, $W/emulator: it has to be linked statically (sudo lsl check says more)" \
	"an emulator that needs a loader" "$EXECUTOR" emulated foreign
chmod 0644 "$W/emulator"
says 126 "cannot execute /bin/foreign in emulated: its interpreter in $CONFIG, $W/emulator: $mode" \
	"an emulator that is not executable" "$EXECUTOR" emulated foreign
