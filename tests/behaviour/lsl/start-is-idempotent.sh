#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl start leaves a running container alone, and applies those changes of the
# configuration that need no new namespace. It reports the others.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
container arch
lsl start
before=$(stat -Lc %i "$MNTDIR/debian" "$MNTDIR/arch")
debian:sleep 1000 &
sleeper=$!
daemon=$(lslfs_pids)
mounts=$(mount_table)

gives "a second start says nothing and exits 0" 0 "" "" lsl start
gives "a start of one that runs says nothing and exits 0" 0 "" "" lsl start debian
is "the namespaces are the same as before" "$(stat -Lc %i "$MNTDIR/debian" "$MNTDIR/arch")" "$before"
is "nothing is mounted twice" "$(mount_table)" "$mounts"
is "the daemon of the command directory is the same" "$(lslfs_pids)" "$daemon"
ok "the container's programs continue" kill -0 "$sleeper"
end "$sleeper"

new_config() {
	rm "$CONFIG"
	container debian "$@"
	container arch
}

mkdir "$T/rootfs/debian/opt/" "$T/rootfs/debian/opt/new"
program "$T/rootfs/debian/opt/new/hello" 'echo hello with PATH=$PATH'
new_config "bins=/opt/new" "envPath=/opt/new:/bin"
gives "start with changed bins and envPath says nothing" 0 "" "" lsl start
gives "changed bins and envPath apply at once" 0 "hello with PATH=/opt/new:/bin" "" debian:hello
run debian:id
is "a program that is no longer in bins is no longer a command" "$status" 127
is "still the same namespace" "$(stat -Lc %i "$MNTDIR/debian" "$MNTDIR/arch")" "$before"

mkdir "$T/rootfs/second"
cp -a "$T/rootfs/debian/." "$T/rootfs/second"
new_config "path=$T/rootfs/second"
run lsl start
is "start with a changed path exits 0" "$status" 0
like "a changed path takes effect after restart, it says" "$err" "*debian*path*after restart*"
is "... and not before" "$(stat -Lc %i "$MNTDIR/debian" "$MNTDIR/arch")" "$before"
run lsl start
like "it says so again at the next start" "$err" "*debian*path*after restart*"

new_config "mnt=$T/home"
lsl restart
new_config
run lsl start
like "a changed mnt takes effect after restart, it says" "$err" "*debian*mnt*after restart*"
ok "... and not before" debian:ls -d "$T/home/alice"

gives "restart applies it" 0 "" "" lsl restart
run debian:ls -d "$T/home/alice"
is "the changed mnt is visible after restart" "$status" 1
