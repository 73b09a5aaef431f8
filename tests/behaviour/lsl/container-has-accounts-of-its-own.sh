#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The host's nscd answers for the host's accounts by a socket in /run/nscd: no C
# library in a container finds that socket.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

mkdir "$T/machine/run"
mount --bind "$T/machine/run" /run
mkdir /run/nscd
touch /run/nscd/socket /run/other
container debian
container later
gives "lsl start" 0 "" "" lsl start
ok "the rest of /run is visible" debian:test -e /run/other
not_ok "nscd's socket is not" debian:test -e /run/nscd/socket
not_ok "... by any way" debian:test -e /oldRoot/run/nscd/socket
ok "the host still has the socket" test -e /run/nscd/socket
lsl stop
ok "... after a stop, too" test -e /run/nscd/socket

# nscd may start later than the container.
rm -r /run/nscd
lsl start
mkdir /run/nscd
touch /run/nscd/socket
hidden() {
	! debian:test -e /run/nscd/socket && ! later:test -e /run/nscd/socket
}
retry hidden || :
not_ok "nor if nscd is started later" debian:test -e /run/nscd/socket
not_ok "... in each container" later:test -e /run/nscd/socket
ok "the host has that as well" test -e /run/nscd/socket
is "and no mount more than before" "$(findmnt -rno TARGET /run/nscd || :)" ""
