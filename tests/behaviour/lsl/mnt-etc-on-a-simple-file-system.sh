#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A root filesystem may be on a file system without hard links and without
# renames that exchange two files, as many FUSE and network file systems are: it
# still has the host's files below /etc and the host's people, they stay fresh,
# and a stop restores everything. musl's programs know the people as well as
# glibc's.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs strace
plainfs=$LSL_TEST_STAGE/../helpers/plainfs
[ -x "$plainfs" ] || skip "no tests/helpers/plainfs (make check makes it)"

R=$T/rootfs/debian
mkdir -p "$T/backing" "$R" "$T/host"
busybox_rootfs "$T/backing"
printf 'root:x:0:0::/root:/bin/sh\nbob:x:1005:1005::/:/bin/false\nown:x:900:900::/:/bin/sh\n' >"$T/backing/etc/passwd"
printf 'root:x:0:\nolder:x:51100:\n' >"$T/backing/etc/group"
printf 'root:*:::::::\nbob:!:::::::\n' >"$T/backing/etc/shadow"
chmod 0640 "$T/backing/etc/shadow"
echo "of the container" >"$T/backing/etc/hosts"
ln -s hosts "$T/backing/etc/linked"
echo "of the host" >"$T/host/hosts"
echo "linked" >"$T/host/linked"
echo "new" >"$T/host/new"
"$plainfs" "$T/backing" "$R" -o allow_other,default_permissions,dev,suid || skip "FUSE cannot be mounted here"
ln "$R/etc/hosts" "$R/etc/hard" 2>/dev/null && fail "the file system has no hard links"
container debian "mnt=/etc/passwd;/etc/group;/etc/shadow;$T/host/hosts:/etc/hosts;$T/host/linked:/etc/linked;$T/host/new:/etc/deep/new"
files() {
	(cd "$R/etc" && find . ! -name .pwd.lock ! -path './deep*' -printf '%p %y %m %U:%G %l\n' | sort &&
		cat passwd group shadow hosts linked)
}
files >before
run lsl start
is "lsl start" "$status" 0
is "a file of the host is inside" "$(debian:cat /etc/hosts)" "of the host"
is "... where the container has a link" "$(debian:cat /etc/linked)" linked
is "... and if it has none" "$(debian:cat /etc/deep/new)" new
echo "changed" >"$T/host/hosts.new"
mv "$T/host/hosts.new" "$T/host/hosts"
has_changed() {
	[ "$(debian:cat /etc/hosts)" = changed ]
}
ok "it stays fresh" retry has_changed
is "a person of the host is known" "$(grep -c '^alice:' "$R/etc/passwd")" 1
is "a person with the name of a container's user replaces that user" "$(grep '^bob:' "$R/etc/passwd" | cut -d: -f3)" 51002

if command -v musl-gcc >/dev/null; then
	cat >"$W/ids.c" <<'END'
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	struct passwd *person = getpwnam(argv[1]), *same = person ? getpwuid(person->pw_uid) : NULL;
	struct group *group = getgrgid(51100);
	gid_t gids[16];
	int i, count = 16;
	if (!same)
		return 1;
	printf("%s %d %s", same->pw_name, (int)same->pw_uid, group ? group->gr_name : "-");
	getgrouplist(argv[1], same->pw_gid, gids, &count);
	for (i = 0; i < count; i++)
		printf(" %d", (int)gids[i]);
	printf(" %s\n", getgrnam("older") ? "older" : "-");
	return 0;
}
END
	musl-gcc -static -w -o "$R/bin/ids" "$W/ids.c"
	gives "musl knows a person, by name and number, and the groups" 0 "alice 51001 crew 51001 51100 older" "" debian:ids alice
	gives "... and the container's own lines" 0 "own 900 crew 900 older" "" debian:ids own
	# With its libraries: before 2.34, what reads the files is one.
	cc -w -o "$R/bin/ids2" "$W/ids.c"
	for library in $(ldd "$R/bin/ids2" | grep -o '/[^ ]*'); do
		mkdir -p "$R${library%/*}"
		cp -L "$library" "$R$library"
		[ ! -e "${library%/*}/libnss_files.so.2" ] || cp -L "${library%/*}/libnss_files.so.2" "$R${library%/*}"
	done
	printf 'passwd: files\ngroup: files\n' >"$R/etc/nsswitch.conf"
	gives "... as glibc does" 0 "alice 51001 crew 51001 51100 older" "" debian:ids2 alice
	rm -f "$R/bin/ids" "$R/bin/ids2" "$R/etc/nsswitch.conf"
else
	skip_check "musl's programs" "musl-gcc is not installed"
fi
lsl restart
is "a restart keeps them" "$(debian:cat /etc/hosts)$(grep -c '^alice:' "$R/etc/passwd")" changed1
ok "lsl stop" lsl stop
files >after
same "puts everything back" after before
is "and leaves nothing beside" "$(find "$R/etc" -name '*.lsl-*')" ""

# The next start repairs the remains of one that was killed at any moment.
for call in renameat linkat fsync unlinkat openat; do
	for when in 1 2 3 5 8; do
		strace -D -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$when "$T/usr/bin/lsl" -s start >/dev/null 2>&1 || :
		retry no_lsl_at_work || :
	done
done
lsl start >/dev/null 2>&1
is "after starts that were killed the next one is right" "$(debian:cat /etc/hosts)$(grep -c '^alice:' "$R/etc/passwd")" changed1
lsl stop
files >after
same "... and a stop puts everything back" after before
umount -l "$R"
