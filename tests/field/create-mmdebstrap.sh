#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One command makes a Debian of this machine's release from its archive, with
# the real mmdebstrap and the sources of this machine's apt, and the Debian can
# be administered. It takes a minute.
: "${LSL_TEST_LIMIT:=1800}"
export LSL_TEST_LIMIT
. "$(dirname "$0")/../lib/lib.sh"
needs mmdebstrap apt-get

suite=$(. /etc/os-release && [ "$ID" = debian ] && echo "${VERSION_CODENAME:-}") || suite=
[ -n "$suite" ] || skip "this machine is not a Debian"
# shellcheck disable=SC2016 # apt's own variables
server=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
	sed -n "s/^$suite //p" | head -n 1)
[ -n "$server" ] || skip "apt of this host knows no Debian archive"

run lsl create debian --from "mmdebstrap:$suite" --server "$server"
case $err in
*"Could not resolve"* | *"Temporary failure"*) skip "the archive cannot be reached" ;;
esac
is "a Debian is made and started" "$status$out" "0debian:cat /etc/os-release"
is "... apt has verified it" "$err" "lsl: debian: apt verified the signatures of the archive with this machine's keys"
like "... it is of that release" "$(debian:cat /etc/os-release)" "*VERSION_CODENAME=$suite*"
like "... it runs for users" "$(as_user debian:id)" "uid=$USERID(alice)*"
is "... its packages are whole" "$(debian:dpkg --audit)" ""
is "... file capabilities and owners are those of the packages" "$(debian:stat -c '%U %a' /usr/bin/passwd)" "root 4755"
is "... nothing is below its own /dev" "$(ls -A "$T/var/lib/lsl/debian/dev")" ""
like "its section says where it is from" "$(cat "$CONFIG.d/debian.conf")" "# Made by lsl create from mmdebstrap:$suite.*"
run lsl remove debian --yes
is "and away again" "$status$(ls -A "$T/var/lib/lsl" | grep -v '^\.lock$')" 0
