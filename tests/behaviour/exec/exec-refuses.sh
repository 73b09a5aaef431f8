#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Names that are paths, or empty, are refused.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs bash perl

container debian
lsl start debian

for name in ../debian /proc/self/fd/4 . .. "" -debian "a b" "$(printf 'deb\nian')" "$(head -c 4096 /dev/zero | tr '\0' d)" debian/ ./debian debian.record; do
	run as_user "$EXECUTOR" "$name" true
	is "'$(printf %.20s "$name")' as a container: exit status 125" "$status" 125
	like "... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
done
for name in "" . .. ../sh bin/sh "$(head -c 4096 /dev/zero | tr '\0' d)"; do
	run as_user "$EXECUTOR" debian "$name"
	like "'$(printf %.20s "$name")' as a program: refused" "$status" "12[567]"
	like "... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
done
for shell in bash zsh; do
	command -v $shell >/dev/null || continue
	run as_user $shell -c 'exec -a /proc/self/fd/4:/bin/sh "$0" -c id' "$EXECUTOR"
	is "an argv[0] that leads to a namespace of the user's own, from $shell: 125" "$status$out" 125
done
run as_user perl -e 'exec { $ARGV[0] } $ARGV[1], "-c", "id"' "$EXECUTOR" /proc/self/fd/4:/bin/sh
is "... from perl: 125" "$status$out" 125
for arg0 in "" : debian: :sh debian "debian:" "debian:/bin/sh" "debian:../sh" "debian:." "/x/debian:sh/" "$(head -c 100000 /dev/zero | tr '\0' :)"; do
	run as_user perl -e 'exec { $ARGV[0] } $ARGV[1]' "$EXECUTOR" "$arg0"
	like "called as '$(printf %.20s "$arg0")' and no more: refused" "$status" "12[57]"
done
helper caller
run as_user "$W/caller" argv "$EXECUTOR"
is "without any argv: 125" "$status$out" 125
