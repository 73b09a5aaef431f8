#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The host's nscd answers for the host's accounts by a socket in /run/nscd: no C
# library in a container can connect to that socket. Each gets the error that it
# gets where no nscd is started.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/nscd.sh"

# ask [PATH]: connects to the socket, below the root directory PATH.
ask() {
	python3 -c '
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1] + "/run/nscd/socket")
    print("connected")
except OSError as error:
    print(error.strerror)' "${1:-}"
}
# ask_in CONTAINER [PATH]: as a program in it.
ask_in() {
	"$1:sleep" 1000 &
	pid=$!
	retry grep -qx sleep "/proc/$pid/comm"
	ask "/proc/$pid/root${2:-}"
	end $pid
}
mkdir /run/nscd
nscd
touch /run/other
container debian
container later
gives "lsl start" 0 "" "" lsl start
ok "the rest of /run is visible" debian:test -e /run/other
is "nscd does not answer" "$(ask_in debian)" "Connection refused"
is "... by any way" "$(ask_in debian /oldRoot)" "Connection refused"
not_ok "... its socket is none there" debian:test -S /run/nscd/socket
is "on the host it does" "$(ask)" connected
lsl stop
is "... after a stop, too" "$(ask)" connected

# nscd may start later than the container.
hidden() {
	! debian:test -S /run/nscd/socket && ! later:test -S /run/nscd/socket
}
is_hidden() {
	retry hidden || :
	is "nor if nscd is $1" "$(ask_in debian)" "Connection refused"
	is "... in each container" "$(ask_in later)" "Connection refused"
	is "the host is answered as well" "$(ask)" connected
}
end "$server"
rm -r /run/nscd
lsl start
mkdir /run/nscd
nscd
is_hidden "started later"
end "$server"
rm /run/nscd/socket
nscd
is_hidden "started anew, in the same directory"
end "$server"
is "and no mount more than before" "$(findmnt -rno TARGET /run/nscd/socket || :)" ""
