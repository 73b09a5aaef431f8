#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# If a root filesystem or a directory of mnt is on a file system that does not
# answer, lsl start, status and check say so, end, and handle all other
# containers.
. "$(dirname "$0")/../../lib/lib.sh"
hangfs=$LSL_TEST_STAGE/../helpers/hangfs
[ -x "$hangfs" ] || skip "no tests/helpers/hangfs (make check makes it)"

container plain
container began
mkdir "$T/dead"
container mounted "mnt=$T/dead:/srv/dead"
container later "mnt=/nowhere"
lsl start began
"$hangfs" "$T/dead"
"$hangfs" "$T/rootfs/began/etc"
# soon ARG...: lsl, which ends in time.
soon() {
	run timeout 40 "$T/usr/bin/lsl" $LSL_FLAGS "$@"
}
soon start
is "lsl start fails" "$status" 1
like "... and says it of one that is not started" "$err" "*$CONFIG:*: mounted: not started: *does not answer*"
like "... and of one that is" "$err" "*$CONFIG:*: began: it stays started, unchanged: *does not answer*"
says "... and starts the others" "" plain:true
ok "... all of them" later:true
for command in status check; do
	soon $command
	like "lsl $command ends, and says that something is wrong" "$status" "[12]"
	for name in mounted began; do
		like "... of $name" "$out" "*$name*does not answer*"
	done
	like "... and looks at the others" "$out" "*plain*"
done
# shellcheck disable=SC2046 # three
kill -KILL $(pgrep -x hangfs)
