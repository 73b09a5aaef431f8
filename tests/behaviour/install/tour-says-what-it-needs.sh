#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# If tests/tour cannot run, as in an ordinary container, it says in one sentence
# what it needs, and installs nothing. tests/all tells an ordinary user which
# packages only root can install.
. "$(dirname "$0")/../../lib/lib.sh"
needs setpriv

# Each call is recorded. dpkg-query finds nothing installed.
mkdir "$W/bin"
for name in apt-get dpkg-query modprobe; do
	program "$W/bin/$name" "echo $name >>$W/called" "exit 1"
done
: >"$W/called"
chmod 0666 "$W/called"
PATH=$W/bin:$PATH

needed="tour: needs a separate machine, a virtual one or a privileged container, with FUSE"
gives "without the capability for mounts" 77 "" "$needed: no privilege for namespaces" \
	setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$tests/tour"
gives "without /dev/fuse" 77 "" "$needed: there is no /dev/fuse" \
	unshare --mount sh -c 'mount -t tmpfs dev /dev && : >/dev/null && exec "$0"' "$tests/tour"
gives "with a /dev/fuse that does not open" 77 "" "$needed: /dev/fuse cannot be opened" \
	unshare --mount sh -c 'mknod "$1" c 10 250 && mount --bind "$1" /dev/fuse && exec "$0"' "$tests/tour" "$W/fuse"
is "... each before it calls a package manager" "$(grep -v modprobe "$W/called")" ""

if as_user test -r "$tests/tour"; then
	gives "as an ordinary user" 77 "" \
		"tour: needs root, to install packages and to mount: sudo tests/tour" as_user "$tests/tour"
	run as_user "$tests/all"
	is "tests/all ends where an ordinary user lacks what is needed to build" "$status" 1
	like "... and names it" "$err" "all: needs packages that only root can install: apt-get install *autoconf*"
	is "... without trying to install it" "$(grep -c apt-get "$W/called")" 0
else
	skip_check "as an ordinary user" "$tests is closed to ordinary users"
fi
