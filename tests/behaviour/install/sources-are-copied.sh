#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tests/tour and tests/all build lsl anew, with other paths. Sources that are
# not from git, in which lsl was built before, bring no built file along.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/sources.sh"
needs autoreconf make

mkdir "$W/built" "$W/copy"
# Without those of a build that is in the directory of the sources.
ok "the sources are copied" sources_copy "${tests%/*}" "$W/built"
(cd "$W/built" && autoreconf -i && ./configure --quiet && make -s src/lsl/lsl-main.o) >"$W/log" 2>&1 ||
	fail "lsl is configured, and a part of it built" "$(cat "$W/log")"
ok "... without git, too" sources_copy "$W/built" "$W/copy"
is "no built file is there" "$(cd "$W/copy" && find . -name '*.[oa]' -o -name lsl -type f -perm -100 ! -path './init/*' -o -name config.status -o -name Makefile)" ""
ok "... but configure" test -x "$W/copy/configure"
ok "... and sources" test -f "$W/copy/src/lsl/main.c"
