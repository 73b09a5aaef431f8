#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: execute a privileged program without argv[0], so that it takes its
# environment for arguments. Origin: CVE-2021-4034 (pkexec).
#
# Without an argv[0], or with an empty one, nothing is run, whatever path it is
# executed by.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"

helper caller
container debian
lsl start
program "$T/rootfs/debian/bin/touch-it" 'echo ran'
for path in "$EXECUTOR" "$LINKSDIR/debian:touch-it" "$LINKSDIR/debian/touch-it"; do
	run as_user env -i debian:touch-it=x "$W/caller" argv "$path"
	is "${path#"$T"} without arguments: 125, nothing runs" "$status$out" 125
	like "... and it says how it is used" "$err" "Usage: *"
	run as_user "$W/caller" argv "$path" ""
	is "${path#"$T"} with an empty argv[0]: 125, nothing runs" "$status$out" 125
	run as_user "$W/caller" argv "$path" "" debian touch-it
	is "${path#"$T"} with an empty argv[0] and arguments: 125, nothing runs" "$status$out" 125
done
gives "with an argv[0] it runs" 0 ran "" as_user "$W/caller" argv "$LINKSDIR/debian:touch-it" x
