#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A program starts in the caller's directory: under the same path if the
# container has the very same directory there, otherwise below /oldRoot; PWD
# agrees. If the directory cannot be entered, the program does not run. It never
# runs in another directory.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

mkdir "$W/place"
container debian "mnt=$T/home;$T/home:/srv/elsewhere;$W/place:/srv/place"
mkdir -p "$T/home/alice/deep/er" "$T/rootfs/debian$T/shadow" "$T/shadow/sub" "$T/rootfs/debian$T/shadow/sub"
chown -R alice: "$T/home/alice"
chmod 0755 "$T/home/alice"
lsl start

# starts_in WHAT DIR EXPECTED [as_user]
starts_in() {
	what=$1 dir=$2 expected=$3
	shift 3
	cd "$dir"
	gives "$what: $expected" 0 "$expected
$("$@" stat -c %d:%i .)" "" "$@" debian:sh -c 'busybox pwd; stat -c %d:%i .'
	# Not by a shell, which corrects a wrong PWD.
	gives "... PWD agrees" 0 "$expected." "" "$@" debian:awk 'BEGIN { print ENVIRON["PWD"] "." }'
	cd "$W"
}

starts_in "a mounted directory" "$T/home/alice/deep" "$T/home/alice/deep"
starts_in "a mounted directory, as a user" "$T/home/alice/deep" "$T/home/alice/deep" as_user
starts_in "one that is not mounted" "$W" "/oldRoot$W" as_user
starts_in "/" / /oldRoot as_user
starts_in "/tmp, which both have" /tmp /oldRoot/tmp as_user
starts_in "/dev/shm, which is the host's" /dev/shm /dev/shm as_user
starts_in "/proc" /proc /proc as_user
starts_in "a process' own in /proc" "/proc/$$" "/proc/$$"
starts_in "/run" /run /run as_user
starts_in "one that is mounted elsewhere in the container" "$W/place" "/oldRoot$W/place" as_user
starts_in "one that is mounted both there and elsewhere" "$T/home" "$T/home" as_user
chmod 0700 "$T/home/alice/deep"
starts_in "a user's 0700 directory, as that user" "$T/home/alice/deep/er" "$T/home/alice/deep/er" as_user
mkdir -m 0700 "$W/private"
chown alice: "$W/private"
starts_in "... that is not mounted" "$W/private" "/oldRoot$W/private" as_user
starts_in "... as root" "$W/private" "/oldRoot$W/private"
chmod 0755 "$T/home/alice/deep"
starts_in "another one under the same path" "$T/shadow/sub" "/oldRoot$T/shadow/sub" as_user
starts_in "a directory of the root filesystem" "$T/rootfs/debian/tmp" "/oldRoot$T/rootfs/debian/tmp" as_user

for name in "with space" "-dash" 'quo"te' "ümlaut" "new
line" "ends in a newline
" "star*" "$(printf 'invalid\377\303(')" "$(printf '\001\033[31m')" " (deleted)" "(unreachable)" ...; do
	mkdir "$T/home/alice/$name"
	starts_in "a directory called '$name'" "$T/home/alice/$name" "$T/home/alice/$name"
done

cd "$T/home/alice"
ln -s deep link
cd link
gives "through a symbolic link the shell's PWD stays" 0 "$T/home/alice/link" "" \
	as_user debian:sh -c 'echo "$PWD"'
gives "a PWD that is not true is replaced" 0 "$T/home/alice/deep" "" \
	as_user env PWD=/nonsense debian:env sh -c 'echo "$PWD"'
cd "$W"

echo file >"$T/home/alice/file"
cd "$T/home/alice"
gives "relative arguments mean the caller's files" 0 file "" as_user debian:cat ./file
cd "$W"
echo file >file
gives "... in a directory that is not mounted" 0 file "" as_user debian:cat ./file

# refuses WHAT CMD...: 125, one line, and the program did not run.
refuses() {
	what=$1
	shift
	run "$@"
	is "$what: exit status 125" "$status" 125
	is "$what: the program does not run" "$out" ""
	like "$what: one line says why" "$err" "lslExecutor: *director*"
}

mkdir "$T/home/alice/gone"
refuses "a deleted directory" as_user sh -c "cd '$T/home/alice/gone' && rmdir '$T/home/alice/gone' && debian:sh -c 'echo ran'"
mkdir "$T/home/alice/gone"
refuses "a deleted directory, as root" sh -c "cd '$T/home/alice/gone' && rmdir '$T/home/alice/gone' && debian:sh -c 'echo ran'"
mkdir -m 0755 "$W/closed" "$W/closed/inner"
chmod 0700 "$W/closed"
cd "$W/closed/inner"
refuses "below a directory that the user may not enter" as_user debian:sh -c 'echo ran'
cd "$W"
chmod 0700 "$T/home/alice"
cd "$T/home/alice"
starts_in "root in a user's 0700 home" "$T/home/alice/deep" "$T/home/alice/deep"
program "$T/home/alice/deep/tool" 'echo "ran $0"'
says "root executes a file there, by its path" "ran $T/home/alice/deep/tool" "$EXECUTOR" debian "$T/home/alice/deep/tool"
cd "$T/home/alice"
gives "... through sudo" 0 "$T/home/alice 0" "" as_user sudo debian:sh -c 'echo "$PWD $(id -u)"'
refuses "another user in it" as_bob debian:sh -c 'echo ran'
cd "$W"

# A directory whose path is longer than PATH_MAX.
refuses "a path that is too long" as_user sh -c '
	cd "$1"
	name=$(printf %0200d 0)
	i=0
	while [ $i -lt 25 ]; do mkdir $name && cd -P $name || exit; i=$((i + 1)); done
	debian:sh -c "echo ran"' sh "$T/home/alice"

# A mount over the caller's directory is another directory.
mkdir "$T/under"
cd "$T/under"
mount -t tmpfs over "$T/under"
refuses "a directory that something was mounted over" debian:sh -c 'echo ran'
cd "$W"

# Mounts that are made while the container runs.
mkdir "$T/home/alice/usb" "$W/disk"
mount -t tmpfs -o mode=0755 usb "$T/home/alice/usb"
mount -t tmpfs -o mode=0755 disk "$W/disk"
mkdir "$T/home/alice/usb/photos" "$W/disk/photos"
chmod 0755 "$T/home/alice"
starts_in "under a mount made later" "$T/home/alice/usb/photos" "$T/home/alice/usb/photos" as_user
starts_in "... itself" "$T/home/alice/usb" "$T/home/alice/usb" as_user
starts_in "... where the container has no mount" "$W/disk/photos" "/oldRoot$W/disk/photos" as_user
cd "$W/disk/photos"
umount -l "$W/disk"
refuses "a directory that was unmounted meanwhile, (unreachable)" debian:sh -c 'echo ran'
refuses "... as a user" runuser -u alice -- "$LINKSDIR/debian:sh" -c 'echo ran'
cd "$W"

# A root directory of the caller's own, with the working directory outside of
# it.
mkdir -p "$W/chroot/usr/bin" "$W/chroot$MNTDIR" "$W/chroot/proc"
cp -a "$EXECUTOR" "$W/chroot/usr/bin/lslExecutor"
mount --rbind "$MNTDIR" "$W/chroot$MNTDIR"
refuses "a working directory outside of the root directory" \
	perl -e 'chroot($ARGV[0]) or die; exec { "/usr/bin/lslExecutor" } "lslExecutor", "debian", "true"' "$W/chroot"

# A file system that admits only its owner, not even root.
if ! userfs "$T/home/alice/net"; then
	skip_check "a user's own file system" "$(cat "$W/userfs")"
else
	for sub in "" /inside; do
		in_net() {
			as_user sh -c "cd '$T/home/alice/net$sub' && exec \"\$@\"" sh "$@"
		}
		gives "a file system that lets only its user in, as that user: net$sub" 0 "$T/home/alice/net$sub" "" \
			in_net debian:busybox pwd
		gives "... with only that user's ids" 0 "Uid:	$USERID	$USERID	$USERID	$USERID
CapPrm:	0000000000000000
CapEff:	0000000000000000" "" in_net debian:sed -n -e /^Uid/p -e /^CapPrm/p -e /^CapEff/p /proc/self/status
		run in_net sudo -n debian:sh -c 'echo ran'
		is "... root may not enter it: exit status 125" "$status$out" 125
		like "... says so" "$err" "lslExecutor: cannot enter the working directory in debian: *ermission*"
	done
fi
