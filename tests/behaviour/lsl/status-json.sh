#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl status --json has the form in lsl(8), and is JSON whatever bytes paths
# have. On a terminal the table fits, and has colours unless NO_COLOR is set;
# elsewhere nothing is cut or coloured.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq iconv

container debian "bins=/opt"
mkdir "$T/rootfs/debian/opt"
program "$T/rootfs/debian/opt/one" 'sleep 1000'
container arch "bins=/bin;/nowhere"

# get FILTER: a part of the output of lsl status --json.
get() {
	lsl status --json 2>/dev/null | jq -c "$1"
}
run lsl status --json
is "exit status as without it" "$status$err" 1
printf '%s\n' "$out" >json
ok "it is JSON" jq -e . json
cat >expected <<END
{
  "format": 1,
  "command_directory": {
    "path": "$LINKSDIR",
    "state": "unmounted"
  },
  "containers": [
    {
      "name": "debian",
      "state": "stopped",
      "configured": true,
      "rootfs": "$T/rootfs/debian",
      "architecture": "$(uname -m)",
      "commands": null,
      "running": null,
      "own": []
    },
    {
      "name": "arch",
      "state": "stopped",
      "configured": true,
      "rootfs": "$T/rootfs/arch",
      "architecture": "$(uname -m)",
      "commands": null,
      "running": null,
      "own": []
    }
  ],
  "problems": [
    {
      "severity": "warning",
      "check": "bins",
      "container": "arch",
      "file": "$CONFIG",
      "line": 7,
      "text": "bins: /nowhere does not exist",
      "remedy": null
    }
  ]
}
END
lsl status --json >got || :
same "all of it, to the letter" got expected

lsl start
debian:one &
retry pgrep -x -f 'sleep 1000'
is "a started one" "$(get '.containers[0] | [.state, .commands, .running]')" '["started",1,2]'
is "the command directory" "$(get .command_directory.state)" '"mounted"'
is "one by its name" "$(lsl status --json debian | jq -c '[.containers[].name]')" '["debian"]'
is "an ordinary user does not see what runs" "$(as_user lsl status --json debian | jq -c '.containers[0].running')" null
sed -i '/^\[arch\]/,$d' "$CONFIG"
is "one that is started and not configured" "$(get '.containers[1] | [.name, .state, .configured]')" '["arch","started",false]'
is "... has its architecture" "$(get '.containers[1].architecture')" "\"$(uname -m)\""
mkdir "$T/rootfs/empty"
container empty
is "a container without programs has no architecture" "$(get '.containers[1] | [.name, .architecture]')" '["empty",null]'
sed -i '/^\[empty\]/,$d' "$CONFIG"
kill_lslfs
is "a dead command directory" "$(get '[.command_directory.state, (.problems[] | select(.check == "command-directory").severity)]')" '["dead","error"]'
lsl stop

# Odd paths.
odd=$(printf 'q"b\\caf\351\342\202\254')
mkdir "$T/rootfs/$odd"
container odd "path=$T/rootfs/$odd"
lsl status --json >got || :
ok "a path of any bytes makes it no less JSON" jq -e . got
ok "... and UTF-8" iconv -f UTF-8 -t UTF-8 got
is "... and its UTF-8 part is unchanged" "$(jq -r '.containers[] | select(.name == "odd").rootfs' got)" "$T/rootfs/$(printf 'q"b\\caf\357\277\275\342\202\254')"

# Tables.
sed -i '/^\[odd\]/,$d' "$CONFIG"
long=$T/rootfs/a-long-directory/of-many-letters/and-more-of-them/until-it-is-too-long/for-a-line
mkdir -p "$long"
container long "path=$long"
like "elsewhere than on a terminal nothing is cut" "$(lsl status)" "*$long*"
like "... nor coloured" "$(lsl status | od -c)" "*s   t   o   p   p   e   d*"
is "... not at all" "$(lsl status | grep -c "$(printf '\033')")" 0
if ! command -v script >/dev/null; then
	skip_check "tables on a terminal" "script is not installed"
	exit
fi
# at_terminal COLUMNS [VARIABLE=VALUE...]: the output on one.
at_terminal() {
	columns=$1
	shift
	env -u NO_COLOR TERM=xterm "$@" script -q -e -c "stty cols $columns; $T/usr/bin/lsl $LSL_FLAGS status" /dev/null </dev/null | tr -d '\r'
}
for columns in 60 80; do
	shown=$(at_terminal $columns NO_COLOR=1)
	is "a table fits a terminal of $columns columns" "$(printf '%s\n' "$shown" | sed '/^$/,$d' | awk -v most=$columns 'length > most' | wc -l)" 0
	like "... and says where it is cut" "$shown" "*long *...*"
done
like "... which only the path has" "$(at_terminal 80 NO_COLOR=1)" "*long  *stopped *- *- *- *$T/rootfs/a-long*...*"
like "a terminal that is wide enough shows all" "$(at_terminal 200 NO_COLOR=1)" "*$long*"
like "a terminal has colours" "$(at_terminal 80 A=b)" "*$(printf '\033')[[]*"
for variable in NO_COLOR=1 TERM=dumb; do
	is "no colours with $variable" "$(at_terminal 80 $variable | grep -c "$(printf '\033')")" 0
done
like "an empty NO_COLOR has no effect" "$(at_terminal 80 NO_COLOR=)" "*$(printf '\033')[[]*"
