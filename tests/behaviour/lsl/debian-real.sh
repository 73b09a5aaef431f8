#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A real Debian as a container: its package manager works, an installed program
# is a command at once, its interpreters and shells work, next to another
# container.
. "$(dirname "$0")/../../lib/lib.sh"
export LSL_TEST_DEBIAN

debian_rootfs "$T/rootfs/debian"
container debian "mnt=$T/home;$W;/etc/passwd;/etc/group;/etc/resolv.conf;/etc/hosts" "bins=/usr/local/bin;/usr/bin;/bin;/usr/sbin;/sbin" "envPath=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
container box "mnt=$W"
gives "lsl start" 0 "" "" lsl start

is "all its programs are commands" "$(ls "$LINKSDIR/debian" | sort)" \
	"$(cd "$T/rootfs/debian" && find usr/local/bin usr/bin usr/sbin bin/ sbin/ -mindepth 1 -maxdepth 1 -exec sh -c 'for f; do n=${f##*/}; t=$(chroot . readlink -e "/$f" 2>/dev/null) && [ -f ".$t" ] && [ -x ".$t" ] && echo "$n"; done' sh {} + | sort -u)"
like "debian:cat /etc/os-release" "$(as_user debian:cat /etc/os-release)" "*Debian*"
gives "debian:id knows the host's users" 0 "uid=$USERID(alice) gid=$USERID(alice) groups=$USERID(alice),51100(crew)" "" as_user debian:id
gives "a pipeline between host and two containers" 0 "      2 b
      1 a" "" as_user sh -c 'printf "b\na\nb\n" | debian:sort | box:uniq -c | debian:sort -rn'
gives "debian:bash with all that a shell does" 0 "3 two words 4" "" \
	as_user debian:bash -c 'a=(x y "two words"); echo "${#a[@]} ${a[2]} $(ls -d / /tmp /usr /etc | wc -l)"'
printf '#!%s/debian:perl -w\nprint "perl on ", $ENV{LSL_CONTAINER}, " with @ARGV\\n";\n' "$LINKSDIR" >"$W/script"
chmod 0755 "$W/script"
gives "a script that begins with #!debian:perl" 0 "perl on debian with a b" "" as_user "$W/script" a b
gives "... and env" 0 "perl on debian with x" "" sh -c "sed -i '1s,.*,#!/usr/bin/env debian:perl,' '$W/script' && '$W/script' x"
gives "programs there start others there" 0 "/usr/bin/env" "" as_user debian:sh -c 'command -v env'
gives "dpkg is content" 0 "" "" as_user sudo debian:dpkg --audit
is "its library loader finds its own libraries" "$(debian:ldd /usr/bin/perl | grep -c 'not found')" 0
gives "su in the container works" 0 alice "" debian:su -s /bin/sh alice -c 'id -un'
is "its own setuid program works for a user" "$(as_user debian:sh -c 'stat -c %a /usr/bin/passwd')" 4755

if debian:apt-get update >"$W/apt" 2>&1; then
	run as_user sh -c 'debian:hello 2>/dev/null; sudo debian:apt-get install -y -q hello >/dev/null 2>"$1/err" && debian:hello' sh "$W"
	is "sudo debian:apt-get install -y hello && debian:hello" "$out" "Hello, world!"
	ok "... found under its bare name too" "$LINKSDIR/debian/hello"
	if as_user sudo debian:apt-get install -y -q tcc libc6-dev >"$W/apt" 2>&1; then
		printf '#include <stdio.h>\nint main(void) { puts("compiled"); return 0; }\n' >"$W/x.c"
		printf 'x: x.c\n\t$(CC) -o $@ $<\n' >"$W/Makefile"
		chmod 1777 "$W"
		gives "make CC=debian:tcc" 0 "" "" as_user make -s -C "$W" CC=debian:tcc x
		gives "its compiled program runs there" 0 compiled "" as_user debian:bash -c ./x
	else
		skip_check "make CC=debian:tcc" "$(tail -1 "$W/apt")"
	fi
	if as_user sudo debian:apt-get install -y -q sudo >"$W/apt" 2>&1; then
		# Debian 11's sudo says so if the machine's name does not
		# resolve.
		printf 'Defaults !fqdn\nalice ALL=(ALL) NOPASSWD: ALL\n' >"$T/rootfs/debian/etc/sudoers.d/alice"
		gives "its own sudo works: it is setuid, and the host's files are not" 0 0 "" as_user debian:sudo -n id -u
	else
		skip_check "its own sudo" "$(tail -1 "$W/apt")"
	fi
	debian:apt-get remove -y -q hello >/dev/null 2>&1
	ok "a removed package's command disappears" retry sh -c "! ls '$LINKSDIR/debian:hello'"
	run debian:hello
	is "... executing it says 127" "$status" 127
else
	skip_check "debian:apt-get install" "$(tail -1 "$W/apt")"
fi
gives "lsl stop" 0 "" "" lsl stop
