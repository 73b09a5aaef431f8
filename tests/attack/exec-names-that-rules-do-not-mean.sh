#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: make root run another command than the one that a rule of sudo allows.
# With a digest in its rule, sudo executes the command's file by descriptor.
# That file is lslExecutor for every command, and argv[0] is the text that the
# user has typed: the path of a link that leads to another command. Origin:
# CVE-2015-5602 (sudoedit), CVE-2021-4034 (pkexec): names that the caller
# chooses after the check.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs sudo sha256sum cc

container debian "mnt=$T/home;$W"
say_program "$T/rootfs/debian/usr/bin/apt-get" "$T/rootfs/debian/usr/bin/bash"
cc -o "$W/execute" "$tests/helpers/execute.c" || skip "no compiler"
lsl start
meant=$LINKSDIR/debian:apt-get
home=$T/home/bob
as_bob mkdir "$home/bin"
as_bob ln -s "$LINKSDIR/debian:bash" "$home/bin/debian:apt-get"
as_bob ln -s "$LINKSDIR/debian:bash" "$home/bin/tool"
program "$W/script"
printf '#!%s\n' "$meant" >"$W/script"
digest() {
	sha256sum "$1" | cut -d ' ' -f 1
}
{
	echo "bob ALL=(root, alice) NOPASSWD: sha256:$(digest "$EXECUTOR") $LINKSDIR/debian\\:apt-get"
	echo "bob ALL=(root) NOPASSWD: sha256:$(digest "$W/script") $W/script"
} >>/etc/sudoers

# By bob; sudo's own message about a host name that does not resolve is ignored.
rule() {
	run as_bob sudo -n "$@"
	err=$(printf '%s\n' "$err" | grep -v '^sudo: unable to resolve host')
}

# refused WHAT: by lslExecutor, or by sudo, which from 1.9.16 on does not take a
# link for what a rule names.
refused() {
	case "$status $out$err" in
	"125 lslExecutor: cannot tell which command is meant by /dev/fd/"*" (a digest"* | "1 sudo: a password is required") pass "$1" ;;
	*) fail "$1" ;;
	esac
}
rule "$home/bin/debian:apt-get" x
refused "root is not made to run what a user's link leads to"
rule env PATH="$home/bin:$PATH" true
is "... nothing else is allowed" "$out" ""
run as_bob sh -c 'cd ~/bin && exec sudo -n ./debian:apt-get x'
refused "... by a relative path"
rule -u alice "$home/bin/debian:apt-get" x
refused "... nor is another user"
rule -u alice "$home/bin/debian:apt-get" debian bash
refused "... and the arguments name no container and program"
rule "$meant" x
is "the command itself is run" "$status $out" "0 debian <apt-get> <x>"
rule debian:apt-get x
is "... by its bare name root's command does not run" "$status $out" "125 "
rule -u alice "$meant" x
is "... as another user" "$status $out" "0 debian <apt-get> <x>"
rule "$W/script" x
like "a script that a rule with a digest allows finds its interpreter" "$status $out" "0 debian <apt-get> <*> <x>"

# The same steps as sudo's, without sudo.
for how in fexecve execveat_fd; do
	for name in debian:bash -debian:bash "$home/bin/tool" "$home/bin/debian:apt-get" "./$meant" "/proc/self/cwd$meant"; do
		run "$W/execute" $how "$meant" "$name" x
		is "by $how, root's argv[0] '$name' counts for nothing" "$status $out" "125 "
	done
	run "$W/execute" $how "$meant" "$meant" x
	is "... the command's path does" "$status $out" "0 debian <apt-get> <x>"
	run as_bob "$W/execute" $how "$meant" "$home/bin/tool" x
	is "... and a user's link there is not followed" "$status $out" "125 "
	run as_bob "$W/execute" $how "$meant" debian:bash x
	is "... where a user's name counts" "$status $out" "0 debian <bash> <x>"
done
run "$W/execute" execveat_relative "$meant" debian:bash x
is "... nor below a descriptor" "$status $out" "125 "
