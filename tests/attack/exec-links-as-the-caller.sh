#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: make a privileged program look at paths that the caller cannot see,
# and learn from its behaviour. Origin: CVE-2022-47952 (lxc-user-nic),
# CVE-2021-23239 (sudoedit).
#
# The caller's links are followed without privilege, a bounded number of times.
# The kernel follows them first, so the attacker replaces them afterwards:
# "moved" does that at each system call of lslExecutor.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs perl

helper caller
container debian
lsl start
mkdir -m 0700 "$T/secret"
ln -s "$LINKSDIR/debian:echo" "$T/secret/link"
ln -s "$EXECUTOR" "$T/secret/debian:echo"

# moved TARGET: alice's call by her own link, which leads to TARGET as soon as
# it has been executed.
moved() {
	ln -sfn "$LINKSDIR/debian:echo" "$W/moving"
	run timeout 60 "$W/caller" steps "$USERID" "$USERID" "ln -sfn '$1' '$W/moving'" "$W/moving" "$W/moving" ran
	calls=$(printf '%s\n' "$out" | grep -c '^readlink ')
	is "... it was executed, and then exchanged" "$(readlink "$W/moving")" "$1"
}

moved "$T/secret/link"
existing="$status$err"
is "a link in a directory that the caller cannot see is not followed" "$status" 125
moved "$T/secret/none"
is "... and the result is the same whether the file exists or not" "$status$err" "$existing"
moved "$T/secret/debian:echo"
is "... nor is a link that has a command's name" "$status$err" "$existing"
gives "root can see the link, so the command runs" 0 ran "" "$T/secret/link" ran

# Descriptors of the process itself, and of others, lead nowhere either.
for path in /proc/self/fd/3 /proc/self/exe /proc/self/cwd/x /proc/1/root/x /proc/1/cwd /proc/self/map_files/x; do
	moved "$path"
	is "a link to $path: 125" "$status" 125
	run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$path" ran
	is "called as $path: 125" "$status$out" 125
done

# In circles, and very long chains.
ln -s "$W/circle-b" "$W/circle-a"
ln -s "$W/circle-a" "$W/circle-b"
moved "$W/circle-a"
like "a circle of links ends, after $calls of them" "$status $([ "$calls" -le 100 ] && echo bounded)" "125 bounded"
mkdir "$W/chain"
ln -s "$LINKSDIR/debian:echo" "$W/chain/0"
for n in $(seq 1 60); do
	ln -s "$W/chain/$((n - 1))" "$W/chain/$n"
done
gives "a chain of 21 links is followed" 0 ran "" as_user "$W/chain/20" ran
moved "$W/chain/60"
is "one of 61 is not" "$status" 125
