#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl restart stops nothing if the configuration cannot be read, so that a
# mistake there does not end running containers.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
container arch
lsl start
mv "$CONFIG" "$W/away"
run lsl restart
is "without a configuration: exit status 1" "$status" 1
like "... told" "$err" "*$CONFIG*"
ok "all run as before" sh -c 'debian:true && arch:true'
run lsl stop
is "stop needs no configuration" "$status" 0
retry no_lslfs || :
is "... and nothing is left" "$(ls "$MNTDIR" 2>/dev/null; lslfs_pids)" ""

mv "$W/away" "$CONFIG"
gives "restart starts what is not started" 0 "" "" lsl restart debian
ok "that one" debian:true
run "$EXECUTOR" arch true
is "... and no other" "$status" 125
gives "a container that left the configuration can be stopped by name" 0 "" "" \
	sh -c "sed -i '/^\\[debian\\]/,/^\$/d' '$CONFIG' && lsl stop debian"
run lsl restart debian
is "... and not be restarted: exit status 1" "$status" 1
like "... told" "$err" "*debian*$CONFIG*"
