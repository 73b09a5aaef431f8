#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A command works from every tool that executes programs: shells, sudo and
# similar tools, tools that start others, scripts that name it as their
# interpreter, logins. Each is the real tool, run by an ordinary user if users
# run it. Programming languages and system calls are in exec-by-every-call.sh,
# compilers in builds-with-a-containers-compiler.sh.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"
needs bash busybox dash doas fish login make perl sudo su update-alternatives zsh

container debian "mnt=$T/home;$W"
container arch "mnt=$W"
bin=$T/rootfs/debian/usr/bin
say_program "$bin/say" "$bin/perl" "$bin/g++" "$bin/shell" "$T/rootfs/arch/usr/bin/say"
lsl start

# A /etc that may be changed: by chsh, and for doas.
cp -a /etc "$T/machine/etc"
mount --bind "$T/machine/etc" /etc

# Shells.
# shellcheck disable=SC2086 # words
for shell in bash dash zsh fish "busybox sh"; do
	says "from $shell" "debian <say> <x y>" as_user $shell -c 'debian:say "x y"'
	says "... by its exec" "debian <say> <x>" as_user $shell -c 'exec debian:say x'
	gives "... in a pipeline, and with what it prints" 0 "debian <say> <<a> <b>>" "" \
		as_user $shell -c 'echo a | debian:sed "s/.*/<&> <b>/" | xargs -I {} debian:say {}'
	gives "... command -v finds it" 0 "$LINKSDIR/debian:say" "" as_user $shell -c 'command -v debian:say'
	run as_user $shell -c 'type debian:say'
	like "... and so does type" "$status $out" "0 debian:say is $LINKSDIR/debian:say"
done
gives "which finds it" 0 "$LINKSDIR/debian:say" "" as_user which debian:say
says "from bash, which remembers where it was" "debian <say> <2>" \
	as_user bash -c 'debian:say 1 >/dev/null; hash -t debian:say >/dev/null && debian:say 2'
says "exec -a keeps the name that the caller wants" "debian <other>" as_user bash -c 'exec -a other debian:say'
says "... also one that looks like a command" "debian <arch:say>" as_user bash -c 'exec -a arch:say debian:say'
says "... in zsh" "debian <other>" as_user zsh -c 'exec -a other debian:say'
says "exec -l is a login shell" "debian <-say>" as_user bash -c 'exec -l debian:say'
says "ARGV0 of zsh" "debian <other>" as_user zsh -c 'ARGV0=other debian:say'
says "from a pipeline of commands of two containers" "arch <say> <debian> <say>" \
	as_user sh -c 'debian:say | tr -d "<>" | xargs arch:say'

# Tools that start another program.
says "from env" "debian <say> <x>" as_user env debian:say x
says "from env -S" "debian <say> <a b> <c>" as_user env -S 'debian:say "a b" c'
says "from env -i" "debian <say>" as_user env -i "PATH=$PATH" debian:say
says "from env -C" "debian <say>" as_user env -C / debian:say
says "from nohup" "debian <say> <x>" as_user nohup debian:say x
says "from timeout" "debian <say> <x>" as_user timeout 10 debian:say x
says "from nice" "debian <say> <x>" as_user nice debian:say x
says "from ionice" "debian <say> <x>" as_user ionice -c 3 debian:say x
says "from taskset" "debian <say> <x>" as_user taskset 1 debian:say x
says "from chrt" "debian <say> <x>" as_user chrt --batch 0 debian:say x
says "from prlimit" "debian <say> <x>" as_user prlimit --nofile=50 debian:say x
says "from setsid" "debian <say> <x>" as_user setsid -w debian:say x
says "from stdbuf" "debian <say> <x>" as_user stdbuf -oL debian:say x
says "from flock" "debian <say> <x>" as_user flock "$T/home/alice" debian:say x
says "from flock -c" "debian <say> <x>" as_user flock "$T/home/alice" -c 'debian:say x'
says "from script" "debian <say> <x>" as_user sh -c 'LSL_QUIET=1 script -qec "debian:say x" /dev/null | tr -d "\\r"'
says "from awk" "debian <say> <x>" as_user awk 'BEGIN { system("debian:say x") }'
says "... and read by it" "debian <say> <x>" as_user awk 'BEGIN { "debian:say x" | getline; print }'
# shellcheck disable=SC2086 # words
for applet in env "timeout 10" setsid; do
	says "from busybox ${applet%% *}" "debian <say> <x>" \
		as_user busybox $applet debian:say x
done
touch "$W/one" "$W/two"
says "from find -exec" "debian <say> <$W/one>" as_user find "$W" -name one -exec debian:say {} \;
says "from find -exec +" "debian <say> <$W/one>" as_user find "$W" -name one -exec debian:say {} +
says "from find -execdir" "debian <say> <./one>" as_user find "$W" -name one -execdir debian:say {} \;
says "from xargs" "debian <say> <$W/one> <$W/two>" \
	as_user sh -c "find '$W' -name one -o -name two | sort | tr '\\n' '\\0' | xargs -0 debian:say"
is "from xargs -P" "$(seq 20 | as_user xargs -P 4 -n 1 debian:say | sort | uniq -c | wc -l)" 20
printf 'x.o: x.c\n\t$(CC) -c $<\ny:\n\t@x="debian:say y"; $$x\nz:\n\t@echo z | sed s/z/Z/\n' >"$W/Makefile"
touch "$W/x.c"
says "from make, as its CC" "debian <g++> <-c> <x.c>" as_user make -s -C "$W" CC=debian:g++ x.o
says "... from a line that needs a shell" "debian <say> <y>" as_user make -s -C "$W" y
gives "... as its SHELL" 0 Z "" as_user make -s -C "$W" SHELL=debian:sh z
gives "... by \$(shell)" 0 "debian <say> <x>" "" \
	as_user sh -c 'printf "%s\n" "\$(info \$(shell debian:say x))" "all:;@:" | make -s -f -'
says "from start-stop-daemon" "debian <say> <x>" \
	start-stop-daemon --start --exec "$LINKSDIR/debian:say" -- x
says "from setpriv" "debian <say> <x>" setpriv --reuid=alice --regid=alice --clear-groups debian:say x

# As another user.
says "from sudo, whose secure_path has the directory" "debian <say> <x>" as_user sudo debian:say x
says "... by its path" "debian <say>" as_user sudo "$LINKSDIR/debian/say"
says "... as another user" "debian <say>" as_user sudo -u bob debian:say
gives "... as that user" 0 51002 "" as_user sudo -u bob debian:id -u
says "... from its shell" "debian <say>" as_user sudo sh -c debian:say
says "... with its -s" "debian <say>" as_user sudo -s debian:say
says "... in a directory" "debian <say>" as_user sudo sh -c 'cd / && debian:say'
cat >>/etc/sudoers <<END
bob ALL=(root) NOPASSWD: $LINKSDIR/debian\\:say
Defaults!$LINKSDIR/arch\\:say fdexec=always
Defaults!$W/name fdexec=always
END
says "a rule of sudoers for one command allows it" "debian <say> <x>" as_bob sudo -n debian:say x
not_ok "... and no other" as_bob sudo -n debian:id
not_ok "... nor its bare name" as_bob sudo -n "$LINKSDIR/debian/say"
ln -s "$LINKSDIR/debian:id" "$W/debian:say"
# From 1.9.16 on sudo refuses that.
run as_bob sudo -n "$W/debian:say"
if [ "$err" = "sudo: a password is required" ]; then
	pass "... nor by a user's link of that name"
else
	is "... nor by a user's link of that name" "$status $out" "0 debian <say>"
fi
says "with sudo's fdexec, by its path" "arch <say> <x>" as_user sudo "$LINKSDIR/arch:say" x
says "... by its name, as another user" "arch <say> <x>" as_user sudo -u bob arch:say x
program "$W/name" 'echo "$0"'
case $(as_user sudo "$W/name") in
/dev/fd/*)
	run as_user sudo arch:say x
	is "... as root, where its name could be anything: 125" "$status $out" "125 "
	;;
*) skip_check "... as root, where its name could be anything: 125" "this sudo executes by path, whatever fdexec says" ;;
esac

printf 'permit nopass alice\npermit nopass bob as root cmd %s/debian:say\n' "$LINKSDIR" >/etc/doas.conf
says "from doas" "debian <say> <x>" as_user doas debian:say x
says "... by its path" "debian <say>" as_user doas "$LINKSDIR/debian:say"
says "... as another user" "debian <say>" as_user doas -u bob debian:say
says "a rule of doas.conf for one command allows it" "debian <say> <x>" as_bob doas -n "$LINKSDIR/debian:say" x
not_ok "... and no other" as_bob doas -n "$LINKSDIR/debian:id"

says "from su" "debian <say> <x>" su alice -c 'debian:say x'
says "from su -s" "debian <shell> <-c> <x>" su -s "$LINKSDIR/debian:shell" alice -c x
says "from su -s -, a login shell" "debian <-shell>" su -s "$LINKSDIR/debian:shell" - alice
says "from runuser -u" "debian <say> <x>" runuser -u alice -- debian:say x
# passwd cannot have a colon in a field, but it can have the bare name.
chsh -s "$LINKSDIR/debian/shell" alice >/dev/null 2>&1
is "chsh makes it a user's shell" "$(getent passwd alice | cut -d: -f7)" "$LINKSDIR/debian/shell"
says "... which su - starts" "debian <-shell>" su - alice
says "... with a command" "debian <-shell> <-c> <x>" su - alice -c x
says "... and su without -" "debian <shell> <-c> <x>" su alice -c x
says "... and runuser -l" "debian <-shell> <-c> <x>" runuser -l alice -c x
says "... and sudo -i" "debian <-shell>" as_user sudo -i -u alice
says "... and doas -s" "debian <shell>" runuser -u alice -- env SHELL="$LINKSDIR/debian/shell" doas -s
touch "$T/home/alice/.hushlogin"
says "... and login" "debian <-shell>" sh -c 'script -qec "exec login -f alice" /dev/null | tr -d "\r" | grep -v ^Executing'
chsh -s /bin/sh alice >/dev/null 2>&1

# As the interpreter of a script.
printf '#!%s/debian:perl\n' "$LINKSDIR" >"$W/script"
printf '#!%s/debian/perl -w\n' "$LINKSDIR" >"$W/script2"
printf '#!/usr/bin/env debian:perl\n' >"$W/script3"
printf '#!/usr/bin/env -S debian:perl -w -T\n' >"$W/script4"
printf '#!%s\n' "$W/script2" >"$W/script5"
chmod 0755 "$W"/script*
says "as the interpreter of a script" "debian <perl> <$W/script> <x>" as_user "$W/script" x
says "... by its relative path" "debian <perl> <./script> <x>" as_user sh -c './script x'
says "... found in PATH" "debian <perl> <$W/script> <x>" as_user env "PATH=$W:$PATH" script x
says "... by the bare name, with an option" "debian <perl> <-w> <$W/script2> <x>" as_user "$W/script2" x
says "... through env" "debian <perl> <$W/script3>" as_user "$W/script3"
says "... through env -S" "debian <perl> <-w> <-T> <$W/script4> <x>" as_user "$W/script4" x
says "... of a script that is the interpreter of a script" \
	"debian <perl> <-w> <$W/script2> <$W/script5> <x>" as_user "$W/script5" x
says "... of a script that env starts" "debian <perl> <$W/script> <x>" as_user env "$W/script" x
says "... that sudo starts" "debian <perl> <$W/script> <x>" as_user sudo "$W/script" x
says "... that find starts" "debian <perl> <$W/script> <$W/one>" as_user find "$W" -name one -exec "$W/script" {} \;
says "a script called arch:say is a script" "debian <perl> <$W/arch:say> <x>" sh -c "cp script arch:say; '$W/arch:say' x"

# By the system's alternatives.
mkdir "$T/alternatives" "$T/admin" "$T/usr/local"
update_alternatives() {
	update-alternatives --quiet --log "$T/admin/log" --altdir "$T/alternatives" --admindir "$T/admin" "$@"
}
update_alternatives --install "$T/usr/local/tool" tool "$LINKSDIR/debian:say" 10
update_alternatives --install "$T/usr/local/tool" tool "$LINKSDIR/arch/say" 20
says "by update-alternatives" "arch <say> <x>" as_user "$T/usr/local/tool" x
update_alternatives --set tool "$LINKSDIR/debian:say"
says "... which changes" "debian <say> <x>" as_user env "PATH=$T/usr/local:$PATH" tool x
says "... also for root" "debian <say> <x>" as_user sudo "$T/usr/local/tool" x
