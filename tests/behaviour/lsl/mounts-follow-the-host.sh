#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Mounts and unmounts of the host after lsl start appear in the containers:
# below /oldRoot and below directories of mnt.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

for host in shared private; do
	mount --make-r$host /
	rm -f "$CONFIG"
	mkdir -p "$T/home/disk" "$T/home/disk2" "$T/media"
	mount -t tmpfs early "$T/home/disk"
	echo early >"$T/home/disk/file"
	container debian "mnt=$T/home;$T/home:/srv/home;/tmp"
	lsl start

	gives "$host host: an earlier mount is visible" 0 early "" debian:cat "$T/home/disk/file"
	gives "$host host: ... where mnt puts it elsewhere" 0 early "" debian:cat /srv/home/disk/file
	gives "$host host: ... and below /oldRoot" 0 early "" debian:cat "/oldRoot$T/home/disk/file"

	mount -t tmpfs late "$T/home/disk2"
	echo late >"$T/home/disk2/file"
	gives "$host host: a later mount is visible at once" 0 late "" debian:cat "$T/home/disk2/file"
	gives "$host host: ... where mnt puts it elsewhere" 0 late "" debian:cat /srv/home/disk2/file
	gives "$host host: ... and below /oldRoot" 0 late "" debian:cat "/oldRoot$T/home/disk2/file"
	mount -t tmpfs later "$T/media"
	echo later >"$T/media/file"
	gives "$host host: a mount outside of mnt is below /oldRoot" 0 later "" debian:cat "/oldRoot$T/media/file"

	ok "$host host: it can be unmounted, containers do not hold it" umount "$T/home/disk2" "$T/media"
	not_ok "$host host: ... and disappears inside" debian:cat "$T/home/disk2/file"
	not_ok "$host host: ... at every place" debian:cat "/oldRoot$T/home/disk2/file"
	lsl stop
	umount "$T/home/disk"
done
