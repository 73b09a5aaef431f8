#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Only the container itself sees mounts that are made inside it.
. "$(dirname "$0")/../../lib/lib.sh"

mkdir "$T/home/disk"
container debian "mnt=$T/home"
container arch "mnt=$T/home"
lsl start
mount_table >"$W/before"

for dir in /tmp "$T/home/disk" "/oldRoot$T/home/disk" /run /dev/shm; do
	ok "root can mount on $dir in the container" debian:mount -t tmpfs inside "$dir"
	ok "... and the container sees it" debian:sh -c "grep -q '^inside $dir ' /proc/mounts"
done
mount_table >"$W/after"
same "the host's mount table is as before" "$W/after" "$W/before"
not_ok "another container does not see it" arch:grep inside /proc/mounts
not_ok "an ordinary user cannot mount" as_user debian:mount -t tmpfs inside /tmp
lsl stop
not_ok "stopped, nothing of it is left" grep inside /proc/mounts
