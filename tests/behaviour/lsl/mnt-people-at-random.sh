#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For any names and numbers of the host's and the container's accounts, the
# container's C libraries know the host's people, programs that check and edit
# accounts work inside, and a stop leaves the container's own part as these
# programs would have left it without lsl. LSL_TEST_SEEDS are the numbers of the
# random account files.
. "$(dirname "$0")/../../lib/lib.sh"
needs python3 useradd update-passwd systemd-sysusers
[ -f /usr/share/base-passwd/passwd.master ] || skip "no base-passwd"

seeds=${LSL_TEST_SEEDS:-"1 2 3 4 5"}
usr_rootfs "$T/rootfs/debian"
usr_rootfs "$T/rootfs/plain"
container plain "mnt=$USR_MNT;$W" "bins=$USR_BINS"
container debian "mnt=$USR_MNT;$W;/etc/passwd;/etc/group;/etc/shadow;/etc/gshadow" "bins=$USR_BINS;/opt/bin"
R=$T/rootfs/debian
sed -i 's/^\(passwd\|group\|shadow\|gshadow\):.*/\1: files/' "$R/etc/nsswitch.conf"
touch "$T/machine/shadow" "$T/machine/gshadow"
for file in shadow gshadow; do
	touch "/etc/$file"
	mount --bind "$T/machine/$file" "/etc/$file"
done

# accounts SEED HOST CONTAINER: random files in these two directories. Cases of
# the rules are frequent: equal names, equal numbers, groups of people, people
# below 1000, lines for NIS. The container has a distribution's own accounts
# too, as update-passwd knows them.
cat >"$W/accounts.py" <<'END'
import random, sys
r = random.Random(int(sys.argv[1]))
PEOPLE = ["alice", "bob", "carol", "dora", "emil", "a.b-c"]
SYSTEM = ["svc1", "svc2", "svc3", "wheel", "audio", "crew", "staff2"]
MASTER = "/usr/share/base-passwd/"
def accounts(directory, is_host):
    passwd, group = ["root:x:0:0:root:/root:/bin/sh", "bin:x:2:2:bin:/bin:/usr/sbin/nologin"], [("root", 0, []), ("bin", 2, [])]
    uids = r.sample([500, 900, 1000, 1001, 1002, 1003, 1004, 60000, 60001], 6)
    gids = r.sample([10, 29, 63, 100, 900, 1000, 1001, 1002, 1003, 1004, 1100, 60000, 60001], 12)
    if r.random() < 0.5: # as most machines have it
        gids[:6] = uids
        gids[6:] = [gid for gid in [10, 29, 63, 100, 1100, 1101, 1102] if gid not in uids][:6]
    if not is_host: # update-passwd removes accounts that are not the distribution's
        gids = [gid for gid in gids if gid >= 100] + [1200, 1201, 1202]
    for name in r.sample(PEOPLE, r.randrange(0, 6)):
        uid, gid = uids.pop(0), gids.pop(0)
        passwd.append(f"{name}:x:{uid}:{gid}:{name.upper()}:/home/{name}:/bin/sh")
        group.append((name, gid, []))
    for name in r.sample(SYSTEM, r.randrange(0, 6)):
        group.append((name, gids.pop(0), r.sample(PEOPLE + ["bin"], r.randrange(0, 4))))
    if not is_host:
        known = [line.split(":")[0] for line in passwd]
        passwd += [l for l in open(MASTER + "passwd.master").read().replace(":*:", ":x:").splitlines() if l.split(":")[0] not in known]
        known = [name for name, gid, members in group]
        for line in open(MASTER + "group.master").read().splitlines():
            name, password, gid, members = line.split(":")
            if name not in known:
                group.append((name, int(gid), []))
    r.shuffle(group)
    names = [line.split(":")[0] for line in passwd]
    # A member that does not exist is a mistake that grpck finds.
    group = [(name, gid, [m for m in members if m in names]) for name, gid, members in group]
    lines = {
        "passwd": passwd, "group": [f"{n}:x:{g}:{','.join(m)}" for n, g, m in group],
        "shadow": [f"{n}:{'*' if n == 'root' else '$6$salt$' + n + directory[-4:]}:19000:0:99999:7:::" for n in names],
        "gshadow": [f"{n}:!::{','.join(m)}" for n, g, m in group],
    }
    for file in "passwd", "group":
        if r.random() < 0.3:
            lines[file].append("+::::::" if file == "passwd" else "+:::")
    for file in lines:
        with open(f"{directory}/{file}", "w") as out:
            out.write("".join(line + "\n" for line in lines[file]))
accounts(sys.argv[2], True)
accounts(sys.argv[3], False)
END

# merged HOST OWN MERGED: the rules, written again. Prints each violation.
cat >"$W/rules.py" <<'END'
import sys
host, own, merged = sys.argv[1:]
def read(directory, file):
    with open(f"{directory}/{file}") as lines:
        return [line.rstrip("\n").split(":") for line in lines]
def wrong(*words):
    print(*words)
people = {f[0]: f for f in read(host, "passwd") if f[0][0] != "+" and 1000 <= int(f[2]) <= 60000}
primary = {f[3] for f in people.values()}
for file in "passwd", "group", "shadow", "gshadow":
    there = read(merged, file)
    mine = read(own, file)
    names = [f[0] for f in there]
    taken = set(people) if file in ("passwd", "shadow") else set()
    for name in set(names):
        if names.count(name) > 1:
            wrong(file, "has", name, "twice")
    if file in ("group", "gshadow"):
        numbers = {f[0]: int(f[2]) for f in read(own, "group") if f[0] != "+"}
        for f in read(host, "group"):
            members = [m for m in f[3].split(",") if m in people]
            if f[0] == "+" or f[2] == "0" or not (members or f[2] in primary):
                continue
            if f[0] not in numbers or (numbers[f[0]] >= 1000 and int(f[2]) >= 1000):
                taken.add(f[0])
                want = [f[0], "x", f[2], ",".join(members)]
                if file == "group" and want not in there:
                    wrong(file, "lacks", want)
    if file == "passwd":
        for f in people.values():
            if [f[0], "x"] + f[2:] not in there:
                wrong(file, "lacks", f)
    if file == "shadow":
        for f in read(host, "shadow"):
            if f[0] in people and f not in there:
                wrong(file, "lacks", f)
    stays = [f for f in mine if f[0] not in taken]
    if [f for f in there if f in stays] != stays:
        wrong(file, "does not have the container's own lines in their order")
    for f in there:
        if f not in mine and f[0] not in taken:
            wrong(file, "has", f)
    # First match wins.
    for number in {f[2] for f in there} if file in ("passwd", "group") else ():
        same = [f[0] for f in there if f[2] == number]
        if taken & set(same) and same[0] not in taken:
            wrong(file, number, "is first", same[0])
END

cat >"$W/libc.c" <<'END'
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
static int compare(const void *a, const void *b)
{
	return (int)*(const gid_t *)a - (int)*(const gid_t *)b;
}
int main(int argc, char **argv)
{
	gid_t gids[64];
	int i, count;
	for (argv++; *argv; argv++) {
		struct passwd *p = getpwnam(*argv);
		if (!p)
			continue;
		printf("%s %d %d %s %s", p->pw_name, (int)p->pw_uid, (int)p->pw_gid, p->pw_dir, p->pw_shell);
		count = 64;
		getgrouplist(p->pw_name, p->pw_gid, gids, &count);
		qsort(gids, count, sizeof(*gids), compare);
		for (i = 0; i < count; i++)
			if (i == 0 || gids[i] != gids[i - 1])
				printf(" %d=%s", (int)gids[i], getgrgid(gids[i]) ? getgrgid(gids[i])->gr_name : "");
		p = getpwuid(p->pw_uid);
		printf(" %s\n", p ? p->pw_name : "");
	}
	return 0;
}
END
mkdir -p "$R/opt/bin"
cc -w -o "$R/opt/bin/by-glibc" "$W/libc.c"
libraries="by-glibc"
if command -v musl-gcc >/dev/null; then
	musl-gcc -static -w -o "$R/opt/bin/by-musl" "$W/libc.c"
	libraries="$libraries by-musl"
else
	skip_check "musl's programs" "musl-gcc is not installed"
fi

# Changes of programs to the container's own accounts, with and without lsl.
echo 'u sysuser 779 "of sysusers" /' >"$W/sysusers.conf"
edit() { # CONTAINER
	for command in "groupadd -g 777 tools" "useradd -u 777 -g tools -M -d / tools" "usermod -aG bin tools" \
		"gpasswd -a tools root" "chsh -s /bin/bash tools" "passwd -q -l tools" "usermod -p hash tools" \
		"systemd-sysusers $W/sysusers.conf" "update-passwd" "groupadd -g 778 more" "userdel tools" \
		"useradd -r -u 780 -U -M -d / other" "groupmod -n most more" "groupdel most"; do
		# shellcheck disable=SC2086 # words
		"$1":$command >"$W/said" 2>&1 || echo "$command: $(cat "$W/said")"
	done
}
checked() { # CONTAINER: what pwck and grpck find, but for missing directories
	for command in "pwck -r" "grpck -r"; do
		# shellcheck disable=SC2086 # words
		"$1":$command 2>&1 | grep -v -e 'does not exist' -e 'no changes' -e '^$' -e "^user '.*': no group" || :
	done
}
new_mistakes() {
	checked plain >without-lsl
	checked debian | grep -vxF -f without-lsl || :
}
# The day of a change can be another one a moment later.
own_files() { # DIRECTORY
	for file in passwd group shadow gshadow; do
		echo "$file:"
		sed 's/^\([^:]*:[^:]*\):[0-9]*:\([^:]*:[^:]*:[^:]*:[^:]*:[^:]*:\)$/\1:day:\2/' "$1/$file"
	done
}

for seed in $seeds; do
	mkdir -p host own
	rm -f "$R"/etc/*- "$R"/etc/*.org
	python3 "$W/accounts.py" "$seed" host own
	for file in passwd group shadow gshadow; do
		cat "host/$file" >"/etc/$file"
		cp "own/$file" "$R/etc/$file"
		cp "own/$file" "$T/rootfs/plain/etc/$file"
	done
	run lsl start
	is "$seed: lsl start" "$status" 0
	is "$seed: the rules hold" "$(python3 "$W/rules.py" host own "$R/etc")" ""
	people=$(awk -F: '$3 >= 1000 && $3 <= 60000 { print $1 }' host/passwd | xargs)
	for libc in $libraries; do
		# shellcheck disable=SC2086 # words
		"debian:$libc" $people >"$libc"
		is "$seed: $libc knows each person, by name and number" "$(awk '{ print $1, $2, $NF }' "$libc")" \
			"$(awk -F: '$3 >= 1000 && $3 <= 60000 { print $1, $3, $1 }' host/passwd)"
	done
	same "$seed: ... and the C libraries agree in groups" "${libraries##* }" by-glibc
	is "$seed: pwck and grpck find no mistake" "$(checked debian)" ""
	cat "$R"/etc/passwd "$R"/etc/group "$R"/etc/shadow "$R"/etc/gshadow >once
	lsl refresh
	cat "$R"/etc/passwd "$R"/etc/group "$R"/etc/shadow "$R"/etc/gshadow >twice
	same "$seed: applied twice is applied once" twice once

	is "$seed: accounts can be edited" "$(edit debian)" "$(edit plain)"
	# update-passwd takes groups with numbers below 100 for its own.
	lsl refresh 2>/dev/null
	is "$seed: ... with no mistake that is not there without lsl" "$(new_mistakes)" ""
	if [ -n "$people" ]; then
		person=${people%% *}
		ok "$seed: a person gets a group of the container" debian:usermod -aG other "$person"
		ok "$seed: ... another shell" debian:chsh -s /bin/bash "$person"
		lsl refresh 2>/dev/null
		is "$seed: a refresh leaves the group and takes the shell back" \
			"$(debian:id -Gn "$person" 2>/dev/null | tr ' ' '\n' | grep -x other):$(debian:getent passwd "$person" | cut -d: -f7)" other:/bin/sh
		ok "$seed: ... and leaves it" debian:gpasswd -d "$person" other
	fi
	lsl restart 2>/dev/null
	is "$seed: ... nor after a restart" "$(new_mistakes)" ""
	run lsl stop
	is "$seed: lsl stop" "$status" 0
	own_files "$R/etc" >after
	own_files "$T/rootfs/plain/etc" >expected
	same "$seed: the rest is the container's own part, with its changes" after expected
	is "$seed: no hash of the host is left" "$(grep -ls 'salt.*host' "$R"/etc/* || :)" ""
done
