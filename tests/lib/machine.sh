# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# The requirements of behaviour tests and the tour for a machine. Sourced, by
# root.

# machine_lacks: prints the missing parts; nothing if all exist. An ordinary
# container of Docker or Podman has none of them.
machine_lacks() {
	unshare --mount --pid --fork --mount-proc true 2>/dev/null || {
		echo "no privilege for namespaces"
		return
	}
	[ -c /dev/fuse ] || modprobe fuse 2>/dev/null || :
	if [ ! -c /dev/fuse ]; then
		echo "there is no /dev/fuse"
	elif ! (: <>/dev/fuse) 2>/dev/null; then
		echo "/dev/fuse cannot be opened"
	fi
}
