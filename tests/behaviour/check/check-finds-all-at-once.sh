#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl check reports all mistakes of configuration and installation at once: each
# in a line, with file and line if there is one, and with a remedy. Its exit
# status is 0 when all is well, 1 for warnings, 2 for errors. It changes
# nothing.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/findings.sh"
needs jq

mount -t tmpfs lsl-profile /etc/profile.d
echo "PATH=\$PATH:$LINKSDIR" >/etc/profile.d/subsysbin.sh
container debian
container arch

state() {
	find "$T" -xdev -path "$T/machine" -prune -o -path "$W" -prune -o -printf '%p %i %m %U %s %C@ %l\n' | sort
	cat /proc/self/mountinfo
	lslfs_pids
}

before=$(state)
run lsl check
is "nothing is started, all is well: exit status 0" "$status$err" 0
is "parts without a problem are reported too" "$(printf '%s\n' "$out" | grep -vc '^ok ')" 0
is "check changes nothing" "$(state)" "$before"
lsl start
before=$(state)
run lsl check
is "all is started and well: exit status 0" "$status$err" 0
is "... and still reports nothing else" "$(printf '%s\n' "$out" | grep -v '^ok ')" ""
is "... and changes nothing" "$(state)" "$before"
run lsl check --json
is "--json: the result is ok" "$status$(printf %s "$out" | jq -r .result)" 0ok
lsl stop

rm "$CONFIG"
cat >"$CONFIG" <<END
[debian]
path=$T/rootfs/debian
bins=/bin;/nowhere
colour=green

[arch]
path=relative
bins=/bin

[gone]
path=$T/rootfs/gone
mnt=/not/there
bins=/bin
what is this
END
chmod 0644 "$T/usr/bin/lslExecutor"
rm /etc/profile.d/subsysbin.sh
run lsl check
is "mistakes of all kinds: exit status 2" "$status" 2
is "nothing is on stderr" "$err" ""
# says SEVERITY PATTERN: in one line.
says() {
	told "$2" "$1" "$2"
}
says error "$CONFIG:4: debian: *colour*"
says error "$CONFIG:7: arch: *relative*absolute*"
says error "$CONFIG:14: gone: *"
says error "$CONFIG:11: gone: *$T/rootfs/gone*No such file*"
says warning "$CONFIG:12: gone: mnt: /not/there*"
says warning "$CONFIG:3: debian: bins: /nowhere*"
says error "$EXECUTOR: *privilege*"
says error "$EXECUTOR: *execute*"
says warning "*PATH*"
like "a remedy is on a separate line, ready to copy" "$out" "*
         sudo *chmod 4755 $EXECUTOR*"
is "--json finds the same" "$(lsl check --json | jq -r '.findings[].severity' | sort | uniq -c)" \
	"$(printf '%s\n' "$out" | awk '/^[a-z]/ { print $1 }' | sort | uniq -c)"

# As an ordinary user.
run as_user lsl check
is "an ordinary user may ask: exit status 2" "$status$err" 2
says error "$CONFIG:4: debian: *colour*"
says unknown "/etc/sudoers: *sudo lsl check*"
not_ok "a result that cannot be written is an error" sh -c 'lsl check >/dev/full'
chmod 0600 "$CONFIG"
run as_user lsl check
says unknown "$CONFIG: *privilege*"
rm "$CONFIG"
run lsl check
is "no configuration is an error" "$status" 2
says error "$CONFIG: *create it*"
