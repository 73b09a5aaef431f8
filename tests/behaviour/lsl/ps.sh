#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl ps shows the processes that live in the containers' mount namespaces, and
# no others: pid, user, start time, container, command.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq iconv

container debian
container arch
run lsl ps
is "nothing is started: only the title" "$status$(printf '%s\n' "$out" | wc -l)$err" 01
lsl start
as_user debian:sleep 1001 &
retry pgrep -u alice -x -f 'sleep 1001'
debian:sh -c 'sleep 1002; true' &
retry pgrep -x -f 'sleep 1002'
arch:sleep 1003 &
retry pgrep -x -f 'sleep 1003'
sleep 1001 & # the host's
users=$(pgrep -u alice -x -f 'sleep 1001')

run lsl ps
is "exit status 0" "$status$err" 0
like "the first line names the columns" "$out" "*PID  USER *STARTED  CONTAINER  COMMAND*"
# rows: without the title and the time, which is of the form 23:59.
rows() {
	printf '%s\n' "$out" | sed '1d; s/^ *//; s/  */ /g; s/ [0-2][0-9]:[0-5][0-9] / /'
}
is "container by container, all that is in them" "$(rows | cut -d ' ' -f 2-)" "root arch sleep 1003
alice debian sleep 1001
root debian sh -c sleep 1002; true
root debian sleep 1002"
like "with pid" "$(rows)" "*$users alice debian sleep 1001*"
run lsl ps arch
is "one by its name" "$(rows | cut -d ' ' -f 2-)" "root arch sleep 1003"
run lsl ps arch debian
is "two by their names" "$(rows | wc -l)" 4
run lsl ps nosuch
is "a name that is not configured: exit status 1" "$status" 1
like "... told" "$err" "*nosuch*"
run as_user lsl ps
is "an ordinary user sees what is theirs" "$(rows | cut -d ' ' -f 2-)" "alice debian sleep 1001"
like "... and learns that" "$err" "lsl: only your own*sudo lsl ps*"

began=$(date +%s)
lsl ps --json >got
ok "--json is JSON" jq -e . got
is "... with the same processes" "$(jq -c '.processes[] | [.container, .user, .uid, .command]' got)" "[\"arch\",\"root\",0,\"sleep 1003\"]
[\"debian\",\"alice\",$USERID,\"sleep 1001\"]
[\"debian\",\"root\",0,\"sh -c sleep 1002; true\"]
[\"debian\",\"root\",0,\"sleep 1002\"]"
is "... and their pids" "$(jq '.processes[] | select(.user == "alice").pid' got)" "$users"
age=$((began - $(jq '.processes[0].started | fromdate' got)))
is "... and when they were started ($age seconds ago)" "$([ $age -ge -1 ] && [ $age -lt 60 ] && echo yes)" yes
is "... and that these are all" "$(jq '[.format, .complete]' -c got)" "[1,true]"
is "... or, for an ordinary user, not" "$(as_user lsl ps --json | jq .complete)" false

# lsl create writes sections that only root can read.
mkdir -m 0711 "$CONFIG.d"
mv "$CONFIG" "$CONFIG.d/all.conf"
chmod 0600 "$CONFIG.d/all.conf"
run as_user lsl ps
is "an ordinary user sees them in containers of closed files too" "$(rows | cut -d ' ' -f 2-)" "alice debian sleep 1001"
mv "$CONFIG.d/all.conf" "$CONFIG"
chmod 0644 "$CONFIG"

# Odd processes.
debian:sh -c 'sleep 1004; true' "$(printf 'a\033[2Jb\377')" 2>/dev/null &
shows_odd() {
	lsl ps | grep -q 'sleep 1004; true a'
}
retry shows_odd
run lsl ps
like "a process's own name is shown" "$out" "*sleep 1004; true a*"
is "... and harms no terminal" "$(printf '%s' "$out" | grep -c "$(printf '\033')")" 0
lsl ps --json >got
ok "... and no JSON" iconv -f UTF-8 -t UTF-8 got
kill "$users"
lsl stop --kill
run lsl ps
is "after a stop nothing is left" "$(rows)" ""
run lsl ps debian
like "a stopped container is reported" "$status $err" "0 *debian is not started*"
