#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/tour and tests/all build lsl anew, with other paths. Sources that are
# not from git, in which lsl was built before, bring no built file along.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/sources.sh"
needs make

sources=${tests%/*}
for file in src/lsl/lsl config.status; do
	[ -x "$sources/$file" ] || skip "lsl was not built in the directory of its sources"
done
mkdir "$W/built" "$W/copy"
(cd "$sources" && tar --exclude=./.git --exclude=./tests/private --exclude=./packages/out -cf - .) | tar -C "$W/built" -xf -
ok "the sources are copied" sources_copy "$W/built" "$W/copy"
is "no built file is there" "$(cd "$W/copy" && find . -name '*.[oa]' -o -name lsl -type f -perm -100 ! -path './init/*' -o -name config.status -o -name Makefile)" ""
ok "... but configure" test -x "$W/copy/configure"
ok "... and sources" test -f "$W/copy/src/lsl/main.c"
