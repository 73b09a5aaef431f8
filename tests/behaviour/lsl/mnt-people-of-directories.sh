#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# With people= a container knows people of the host who are in no file, but in a
# directory service: the C library is asked, in a process without any privilege.
# A service that does not answer removes nobody, and lsl start waits for it only
# briefly.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs cc

# Replaces a module that every glibc has.
module=$(ldconfig -p | sed -n 's/.*libnss_compat\.so\.2 .*=> //p' | head -n 1)
[ -n "$module" ] || skip "this C library has no module libnss_compat"
# With musl it asks no modules, also where programs of the host have glibc.
grep -q GLIBC_ "$T/usr/bin/lsl" || skip "lsl's C library has no modules for directory services"
cat >"$W/directory.c" <<'END'
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* The state of the directory. Notes the credentials of the process that asks. */
static char state(void)
{
	char c = 0, text[512];
	FILE *status = fopen("/proc/self/status", "r");
	int fd = open(STATE ".asked", O_WRONLY | O_APPEND);
	while (fgets(text, sizeof(text), status))
		if (!strncmp(text, "Uid:", 4) || !strncmp(text, "Gid:", 4) || !strncmp(text, "Groups:", 7) ||
		    !strncmp(text, "CapPrm:", 7) || !strncmp(text, "CapEff:", 7) || !strncmp(text, "NoNewPrivs:", 11))
			(void)!write(fd, text, strlen(text));
	fclose(status);
	fd = open(STATE, O_RDONLY);
	(void)!read(fd, &c, 1);
	close(fd);
	if (c == 'h')
		pause();
	return c;
}
enum nss_status _nss_compat_getpwuid_r(uid_t uid, struct passwd *p, char *b, size_t n, int *e)
{
	if (state() != 'y' || (uid != 70001 && uid != 70002 && uid != 999)) { *e = ENOENT; return NSS_STATUS_NOTFOUND; }
	snprintf(b, n, uid == 70001 ? "dora" : uid == 999 ? "daemon-of-ldap" : "emil\nroot2:x:0:0::/:/bin/sh");
	*p = (struct passwd){b, b, uid, uid == 70001 ? 70000 : 70009, "", "/home/dora", "/bin/sh"};
	return NSS_STATUS_SUCCESS;
}
enum nss_status _nss_compat_getgrgid_r(gid_t gid, struct group *g, char *b, size_t n, int *e)
{
	static char *none[] = {NULL};
	if (gid != 70000 && gid != 70005) { *e = ENOENT; return NSS_STATUS_NOTFOUND; }
	snprintf(b, n, gid == 70000 ? "staff-of-ldap" : "ldap-admins");
	*g = (struct group){b, b, gid, none};
	return NSS_STATUS_SUCCESS;
}
enum nss_status _nss_compat_initgroups_dyn(const char *user, gid_t g, long *start, long *size, gid_t **groups, long limit, int *e)
{
	if (*start < *size && !strcmp(user, "dora"))
		(*groups)[(*start)++] = 70005;
	return NSS_STATUS_SUCCESS;
}
END
cc -shared -fPIC -w -DSTATE="\"$W/directory\"" -o "$T/machine/module" "$W/directory.c" 2>/dev/null || skip "no compiler for a module"
mount --bind "$T/machine/module" "$module"
printf 'passwd: files compat\ngroup: files compat\n' >"$T/machine/nsswitch.conf"
touch /etc/nsswitch.conf
mount --bind "$T/machine/nsswitch.conf" /etc/nsswitch.conf
: >"$W/directory.asked"
chmod 0666 "$W/directory.asked"
echo yes >"$W/directory"
is "the directory is asked, and has a person" "$(getent passwd 70001)" "dora:dora:70001:70000::/home/dora:/bin/sh"
: >"$W/directory.asked"

R=$T/rootfs/debian
container debian "mnt=/etc/passwd;/etc/group" "people=70001; 070002;70001;70003;999"
printf 'root:x:0:0::/root:/bin/sh\n' >"$R/etc/passwd"
printf 'root:x:0:\n' >"$R/etc/group"
cp -a "$R/etc" before
run lsl start
is "lsl start" "$status" 0
like "an unknown person is reported" "$err" "*people: the host knows no user with uid 70003*"
is "... and one with a malformed entry, and nobody else" "$(printf '%s\n' "$err" | grep -c "knows no user")" 2
is "a person of the directory is known" "$(grep ^dora: "$R/etc/passwd")" "dora:*:70001:70000::/home/dora:/bin/sh"
is "... with the primary group" "$(grep ^staff-of-ldap: "$R/etc/group")" "staff-of-ldap:x:70000:"
is "... and others" "$(grep ^ldap-admins: "$R/etc/group")" "ldap-admins:x:70005:dora"
is "people of the files are known as ever" "$(grep -c '^alice:' "$R/etc/passwd")" 1
is "a name that contains a line gives no account" "$(grep -c 'root2\|emil' "$R/etc/passwd" || :)" 0
is "... of root" "$(grep -c ':0:0:' "$R/etc/passwd")" 1
is "a system user is not taken" "$(grep -c ':999:' "$R/etc/passwd" || :)" 0
is "the asking process has no user's id, no group, no capability" "$(sort -u "$W/directory.asked" | awk '/^(Uid|Gid)/ { $0 = $1 " " ($2 == $3 && $3 == $4 && $4 == $5 && $2 > 2000000000) } { print $1 $2 }' | sort -u | xargs)" \
	"CapEff:0000000000000000 CapPrm:0000000000000000 Gid:1 Groups: NoNewPrivs:1 Uid:1"
is "the record says it" "$(grep ^people= "$MNTDIR/debian:record")" "people=70001;70002;70003;999"

cp "$R/etc/passwd" once
echo no >"$W/directory"
gives "lsl refresh, where the directory has nobody" 0 "" "" lsl refresh
same "... leaves the people who were there" "$R/etc/passwd" once
is "... with groups" "$(grep -c ldap "$R/etc/group")" 2
echo hangs >"$W/directory"
begun=$(date +%s)
run lsl refresh
like "a service that does not answer is reported" "$err" "*people*not looked up*timed out*"
same "... and leaves the people who were there" "$R/etc/passwd" once
ok "... within seconds" test $(($(date +%s) - begun)) -lt 15
echo yes >"$W/directory"
sed -i 's/^people=.*/people=70003/' "$CONFIG"
lsl start 2>/dev/null
is "a person who is no longer in people= disappears" "$(grep -c dora "$R/etc/passwd" "$R/etc/group" | xargs)" "$R/etc/passwd:0 $R/etc/group:0"
ok "lsl stop" lsl stop
ok "... leaves what the container had" diff -r -x .pwd.lock before "$R/etc"

for value in 0 root 4294967295 -5 1-2; do
	printf '[bad]\npath=%s\nbins=/bin\npeople=%s\n' "$R" "$value" >"$T/machine/bad.conf"
	run lsl -c "$T/machine/bad.conf" start
	like "people=$value is a mistake" "$err" "*people: '$value' is not a person's uid*"
done
