#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Starting works every time, even if the kernel refuses to pin a namespace that
# is older than lsl's own (Linux 6.18, in a mount namespace like this test's):
# 100 starts in a row, and 100 containers.
. "$(dirname "$0")/../../lib/lib.sh"

container debian
failed=0
for i in $(seq 100); do
	lsl start && debian:true && lsl stop || failed=$((failed + 1))
done
is "100 starts in a row: none fails" "$failed" 0

for i in $(seq 99); do
	container "c$i" "path=$T/rootfs/debian"
done
gives "100 containers start" 0 "" "" lsl start
is "each has its own namespace" "$(stat -Lc %i "$MNTDIR"/debian "$MNTDIR"/c?? "$MNTDIR"/c? | sort -u | wc -l)" 100
is "each has its directory of commands" "$(ls "$LINKSDIR" | grep -vc :)" 100
gives "the last one runs commands" 0 c99 "" c99:sh -c 'echo $LSL_CONTAINER'
gives "100 containers stop" 0 "" "" lsl stop
