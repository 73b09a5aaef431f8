#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each started container has a directory with its commands under their bare
# names, which can be in PATH, or be a tool directory of a Makefile.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
container a.b-c_9
program "$T/rootfs/debian/bin/tool" 'echo tool of $LSL_CONTAINER'
lsl start

is "the directory has each command under its bare name" "$(ls "$LINKSDIR/debian")" "$(ls "$LINKSDIR" | sed -n 's/^debian://p')"
is "it is a directory" "$(stat -c %F "$LINKSDIR/debian")" directory
gives "a command runs from there" 0 "tool of debian" "" as_user "$LINKSDIR/debian/tool"
gives "... found through PATH" 0 "tool of debian" "" as_user env PATH="/usr/bin:/bin:$LINKSDIR/debian" tool
gives "... through a link to the whole directory" 0 "tool of debian" "" \
	sh -c "ln -s '$LINKSDIR/debian' '$W/tools' && '$W/tools/tool'"
gives "a container with an odd name has one too" 0 "" "" "$LINKSDIR/a.b-c_9/true"
not_ok "a container's name with a colon is no name" ls "$LINKSDIR/debian:"
not_ok "there is nothing else in it" ls "$LINKSDIR/debian/debian:tool" "$LINKSDIR/debian/debian"
not_ok "a container that is not started has none" ls "$LINKSDIR/arch"
lsl stop debian
not_ok "nor has a stopped one" ls "$LINKSDIR/debian"
is "the other one's is left" "$(ls "$LINKSDIR" | grep -v :)" a.b-c_9
