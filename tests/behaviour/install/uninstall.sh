#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make uninstall while a container is started: it is stopped first, because
# nothing could stop it later, and no file of the installation is left.
. "$(dirname "$0")/../../lib/lib.sh"
needs make

# The build that has this installation's paths, see private-install.
build=$LSL_TEST_STAGE/build
[ -f "$build/Makefile" ] || build=$LSL_TEST_STAGE/../..
grep -qsx "linksdir = $LINKSDIR" "$build/Makefile" || skip "there is no build directory"

before=$(mount_table)
container debian
lsl start
run make -C "$build" uninstall
is "make uninstall" "$status" 0
is "no namespace is pinned, and nothing is mounted" "$(mount_table)" "$before"
is "no file of it is left" "$(cd "$T" && find usr sbin etc subsysbin -type f ! -path etc/subsys.conf 2>/dev/null)" ""
is "nor an empty directory of its own" \
	"$(cd "$T" && find subsysbin usr/share/lsl run/subsys run/lsl 2>/dev/null)" ""
ok "the root filesystem stays" test -x "$T/rootfs/debian/bin/busybox"
