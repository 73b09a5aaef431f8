#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: have a privileged program look at paths that the caller cannot see, and tell by what it does.
# Origin: CVE-2022-47952 (lxc-user-nic), CVE-2021-23239 (sudoedit).
#
# Links are followed with the caller's eyes, a bounded number of times, and nothing but a name comes of it.
. "$(dirname "$0")/../lib.sh"
needs perl

container debian
lsl start
mkdir -m 0700 "$T/secret"
ln -s "$LINKSDIR/debian:echo" "$T/secret/link"
ln -s "$EXECUTOR" "$T/secret/debian:echo"

# called_as ARGV0: alice's lslExecutor is, with "ran" for the program.
called_as() {
	perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$@"
}

run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$T/secret/link" ran
existing="$status$out$err"
is "a link in a directory that the caller cannot see is not followed" "$status$out" 125
run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$T/secret/none" ran
is "... and whether it is there makes no difference" "$status$out$err" "$existing"
ln -s "$T/secret/link" "$W/over-secret"
run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$W/over-secret" ran
is "... nor through a link of the caller's own" "$status$out" 125
gives "root, who can see it, goes on" 0 ran "" called_as "$T/secret/link" ran

# Descriptors of the process itself, and of others, are nobody's eyes either.
for path in /proc/self/fd/3 /proc/self/exe /proc/self/cwd/x /proc/1/root/x /proc/1/cwd /proc/self/map_files/x; do
	run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$path" ran
	is "called as $path: 125" "$status$out" 125
done

# In circles, and very long chains.
ln -s "$W/circle-b" "$W/circle-a"
ln -s "$W/circle-a" "$W/circle-b"
run as_user timeout 10 perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$W/circle-a" ran
is "a circle of links ends" "$status$out" 125
mkdir "$W/chain"
ln -s "$LINKSDIR/debian:echo" "$W/chain/0"
for n in $(seq 1 60); do
	ln -s "$W/chain/$((n - 1))" "$W/chain/$n"
done
run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$W/chain/20" ran
is "a chain of 21 links is followed" "$status$out" 0ran
run as_user perl -e 'exec { shift @ARGV } @ARGV' "$EXECUTOR" "$W/chain/60" ran
is "one of 61 is not" "$status$out" 125
