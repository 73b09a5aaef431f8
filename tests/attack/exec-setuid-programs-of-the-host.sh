#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: execute a setuid program of the host in a container, where its loader,
# its libraries and its configuration are those of the root filesystem, and
# become root by a file that is planted there. Origin: "lslExecutor CONTAINER
# /oldRoot/usr/bin/su".
#
# All mounts of the host are nosuid in a container, on every kernel, and later
# ones after the next "lsl start". The root filesystem's own setuid programs
# keep their rights.
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"
needs cc readelf
helper lacking

# Replaces the loader: the kernel executes it with the rights of the program.
cat >"$W/evil.c" <<'EOC'
static long call(long number, long a, const void *b, long c)
{
#if defined(__x86_64__)
	long result;
	__asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x2 __asm__("x2") = c;
	register const void *x1 __asm__("x1") = b;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#endif
}
void _start(void)
{
	char line[] = "uid 00000\n";
	long uid = call(GETEUID, 0, 0, 0);
	for (int i = 8; i > 3; i--, uid /= 10)
		line[i] = (char)('0' + uid % 10);
	call(WRITE, 1, line, 10);
	call(EXIT, 0, 0, 0);
	for (;;)
		;
}
EOC
case $(uname -m) in
x86_64) numbers="-DGETEUID=107 -DWRITE=1 -DEXIT=60" ;;
aarch64) numbers="-DGETEUID=175 -DWRITE=64 -DEXIT=93" ;;
*) skip "no loader for this architecture" ;;
esac
# shellcheck disable=SC2086 # options
cc $numbers -static -nostdlib -ffreestanding -fno-stack-protector -o "$W/evil" "$W/evil.c" 2>/dev/null || skip "no compiler for a static program"
su=$(command -v su)
loader=$(readelf -l "$su" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
[ -n "$loader" ] || skip "su has no loader"
[ -u "$su" ] || chmod u+s "$su" 2>/dev/null || skip "su is not setuid"

container debian "mnt=$T/tools"
root=$T/rootfs/debian
mkdir -p "$root${loader%/*}" "$T/tools" "$T/tools/below" "$T/run/host"
cp "$W/evil" "$root$loader"
cp "$W/evil" "$root/bin/own"
chmod 4755 "$root/bin/own"
mount -t tmpfs run /run
mount -t tmpfs below "$T/tools/below"
for copy in "$T/tools/su" "$T/tools/below/su" /run/su; do
	cp "$su" "$copy"
	chmod 4755 "$copy"
done

# suid_mounts: mount points inside on which setuid programs have their rights.
# Of several mounts at one point it is the last, which is on top.
suid_mounts() {
	as_user debian:cat /proc/self/mountinfo | awk '{ suid[$5] = $6 !~ /(^|,)nosuid(,|$)/ }
		END { for (point in suid) if (suid[point]) print point }' | sort | tr '\n' ' '
}
all_are_nosuid() {
	for file in "/oldRoot$su" "/oldRoot$T/tools/su" "/oldRoot$T/tools/below/su" "$T/tools/su" "$T/tools/below/su" /run/su; do
		gives "$1: $file gives alice nothing" 0 "uid $USERID" "" as_user "$EXECUTOR" debian "$file"
	done
	is "$1: only the root filesystem and lslExecutor are not nosuid" "$(suid_mounts)" "/ $MNTDIR/:lslExecutor "
	gives "$1: the root filesystem's own setuid program has its right" 0 "uid 00000" "" as_user debian:own
}

gives "lsl start" 0 "" "" lsl start
all_are_nosuid started
is "the host's mounts are as they were" "$(awk -v point="$T" '$5 == point && $6 ~ /nosuid/' /proc/self/mountinfo)" ""

# Later mounts of the host do not have the flag; the next start sets it.
mkdir "$T/tools/later"
mount -t tmpfs later "$T/tools/later"
gives "lsl start, with a container that runs" 0 "" "" lsl start
all_are_nosuid "mounted later"
ok "... which exists" debian:test -d "$T/tools/later"

mkdir "$T/elsewhere"
mount -t tmpfs elsewhere "$T/elsewhere"
cp "$su" "$T/elsewhere/su"
chmod 4755 "$T/elsewhere/su"
gives "lsl refresh" 0 "" "" lsl refresh
gives "... is enough for what is mounted below /oldRoot" 0 "uid $USERID" "" as_user "$EXECUTOR" debian "/oldRoot$T/elsewhere/su"
umount "$T/elsewhere"
mkdir "$T/tools/refreshed"
mount -t tmpfs refreshed "$T/tools/refreshed"
gives "lsl refresh once more" 0 "" "" lsl refresh
is "... is enough for what is mounted below a directory of mnt" "$(suid_mounts)" "/ $MNTDIR/:lslExecutor "
umount "$T/tools/refreshed"

# Added to a running container.
mkdir "$T/added"
cp "$su" "$T/added/su"
chmod 4755 "$T/added/su"
sed -i "s,^mnt=.*,&;$T/added," "$CONFIG"
gives "lsl start adds a directory" 0 "" "" lsl start
gives "... that gives alice nothing" 0 "uid $USERID" "" as_user "$EXECUTOR" debian "$T/added/su"
lsl stop

# Before Linux 5.12 there is no mount_setattr.
lsl_before_5_12() {
	"$W/lacking" 442 "$T/usr/bin/lsl" -s "$@"
}
gives "lsl start without mount_setattr" 0 "" "" lsl_before_5_12 start
all_are_nosuid "without mount_setattr"
mount -t tmpfs again "$T/tools/later"
gives "lsl start once more without it" 0 "" "" lsl_before_5_12 start
all_are_nosuid "mounted later, without mount_setattr"
lsl stop
umount "$T/tools/later"

# Where it is allowed.
sed -i "s,^mnt=.*,&\nallow=suid-mnt," "$CONFIG"
gives "lsl start with allow=suid-mnt" 0 "" "" lsl start
is "allow=suid-mnt: the directories of mnt are not nosuid" "$(suid_mounts)" "/ $T/added $MNTDIR/:lslExecutor $T/tools $T/tools/below $T/tools/later "
gives "allow=suid-mnt: a setuid program there has its right" 0 "uid 00000" "" as_user "$EXECUTOR" debian "$T/tools/su"
gives "allow=suid-mnt: /oldRoot still gives nothing" 0 "uid $USERID" "" as_user "$EXECUTOR" debian "/oldRoot$su"
gives "lsl start does not change that" 0 "" "" lsl start
is "... in all its mounts" "$(suid_mounts)" "/ $T/added $MNTDIR/:lslExecutor $T/tools $T/tools/below $T/tools/later "
gives "lsl refresh, too" 0 "" "" lsl refresh
sed -i '/^allow=/d' "$CONFIG"
gives "lsl start without allow=suid-mnt, which waits for a restart" 0 "" "" lsl start
lsl refresh
is "... neither that nor a refresh changes this" "$(suid_mounts)" "/ $T/added $MNTDIR/:lslExecutor $T/tools $T/tools/below $T/tools/later "
lsl restart
is "... a restart does" "$(suid_mounts)" "/ $MNTDIR/:lslExecutor "
lsl stop

# SELinux' file system, which package managers take for "no SELinux here".
mount -t tmpfs fs /sys/fs
mkdir /sys/fs/selinux
mount -t tmpfs selinux /sys/fs/selinux
touch /sys/fs/selinux/enforce
lsl start
not_ok "/sys/fs/selinux is read-only inside" debian:sh -c 'echo 0 >/sys/fs/selinux/enforce'
not_ok "... below /oldRoot too" debian:sh -c 'echo 0 >/oldRoot/sys/fs/selinux/enforce'
ok "... and writable on the host" sh -c 'echo 0 >/sys/fs/selinux/enforce'
