# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2034
#
# An nscd of the host, for tests that have read lib.sh. /run is the test's own.
needs python3
mkdir "$T/machine/run"
mount --bind "$T/machine/run" /run

# Starts one, as process $server. It answers nothing: then the C library of the
# host looks itself.
nscd() {
	python3 -c '
import os, socket
server = socket.socket(socket.AF_UNIX)
server.bind("/run/nscd/new")
server.listen()
os.chmod("/run/nscd/new", 0o666)
os.rename("/run/nscd/new", "/run/nscd/socket")
while True:
    server.accept()[0].close()' &
	server=$!
	retry test -S /run/nscd/socket
}
