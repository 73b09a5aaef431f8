#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: hold the list of a server's images in the cache, which every user can
# read. lsl create replaces it before it fetches an image: that process waits,
# and cannot be killed. lsl create goes on without it, and so do the tools that
# it runs afterwards.
#
# On ext4 a user holds the file, by O_DIRECT. Here an administrator has made its
# directory listable, so a user holds that on every file system.
. "$(dirname "$0")/../lib/lib.sh"
. "$tests/lib/held.sh"
. "$tests/lib/images.sh"

STATE=$T/var/lib/lsl
ARCH=$(dpkg --print-architecture 2>/dev/null || echo amd64)
busybox_rootfs "$T/rootfs/box"
image_archive "$W/box.tar.xz" "$T/rootfs/box"
serve_images
add_image demo/1 "$ARCH" 20261126_05:24 "$W/box.tar.xz"
ok "a list of images is in the cache" lsl images --server "$SERVER"
index=$(echo "$T"/var/cache/lsl/index-*)
chmod 0755 "$index"
hold_lock "$index"
in_time "lsl images ends" lsl images --server "$SERVER"
like "... with the list" "$status:$out" "0:*demo *"
in_time "lsl create ends" lsl create one --server "$SERVER" --from demo/1
is "... and has created the container" "$status:$out" 0:one:sh
is "... whose commands run" "$(as_user one:echo ran)" ran
is "... and nothing else is left" "$(ls -A "$STATE" | sort | tr '\n' ' ')" ".lock one one:created "
in_time "lsl create of the next one ends" lsl create two --server "$SERVER" --from demo/1
is "... and has created it" "$status:$out" 0:two:sh
in_time "a failure ends, too" lsl create three --server "$SERVER" --from demo/1 --arch nothing
is "... with its status" "$status" 2
release
