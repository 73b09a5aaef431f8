# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# What the behaviour tests and the tour need of a machine. Sourced, by root.

# machine_lacks: prints what is missing here, and nothing where all of it is
# there. An ordinary container of Docker or Podman has neither.
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
