#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl follows the GNU conventions: --help and --version print on standard
# output, wrong usage gives one line on standard error and exit status 2.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian
for option in -h --help; do
	run as_user lsl $option
	is "$option: exit status 0" "$status" 0
	is "$option: nothing on stderr" "$err" ""
	for word in start stop restart refresh relink status which ps check create remove --json --config --debug --disable-seccomp --version "$CONFIG"; do
		like "$option: explains $word" "$out" "*$word*"
	done
done
for option in -V --version; do
	run as_user lsl $option
	like "$option" "$status $out" "0 lsl*[0-9].[0-9]*"
done
for word in $(lsl --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	ok "lsl(8) has $word" grep -q "^\.It Cm $word" "$T/usr/share/man/man8/lsl.8"
done
for word in $(lsl --help | grep -o -e '--[a-z][a-z0-9-]*' | sort -u); do
	ok "lsl(8) has $word" grep -qE "^\.It Fl (. , Fl )?-${word#--}( |\$)" "$T/usr/share/man/man8/lsl.8"
	ok "fish completes $word" grep -q -e "^complete -c lsl .*-l ${word#--} " "$T/usr/share/fish/vendor_completions.d/lsl.fish"
done
is "--help fits into 80 columns" "$(lsl --help | awk -v config="$CONFIG" '{ sub(config, "") } length > 80')" ""
not_ok "--help that cannot be written fails" sh -c 'lsl --help >/dev/full'
not_ok "--version that cannot be written fails" sh -c 'lsl --version >/dev/full'

for words in "" "--nonsense" "-x" "nonsense" "start --nonsense" "--config" "relink x" "start ../x" "start a/b" "stop :" "start --kill" "status --kill" "start --follow" "start --json" "check debian" "--config=/x --nonsense start"; do
	# shellcheck disable=SC2086 # words
	run lsl $words
	is "lsl $words: exit status 2" "$status" 2
	is "lsl $words: one line on stderr, nothing on stdout" "$(printf '%s\n' "$err" | wc -l)$out" 1
	like "lsl $words: it begins with lsl" "$err" "lsl: *"
done
like "an unknown word is named" "$(lsl nonsense 2>&1)" "*nonsense*"
like "... and a word that it resembles" "$(lsl strat 2>&1)" "*'strat': did you mean start?*"
not_ok "... but no other" sh -c '{ lsl nonsense; lsl rm; } 2>&1 | grep "did you mean"'
like "a name that no container can have: which ones can" "$(lsl start a/b 2>&1)" "*'a/b' cannot be a container's name: it has letters*"
like "a path instead of a program's name" "$(lsl which /usr/bin/ls 2>&1)" "*'/usr/bin/ls' *: give it without directories*"
like "so is an unknown option" "$(lsl --nonsense start 2>&1)" "*--nonsense*"
like "so is an unknown letter" "$(lsl -x start 2>&1)" "*'-x'*"
like "... also with others after it" "$(lsl -xd start 2>&1)" "*'-x'*"
is "no wrong usage changed anything" "$(ls -A "$LINKSDIR"; ls "$MNTDIR" 2>/dev/null)" ""

run lsl relink
is "relink is accepted" "$status" 0
is "... and says in one line on stderr that there is nothing to do" "$out$(printf '%s\n' "$err" | wc -l)" 1
gives "options may come after the command" 0 "" "" lsl start --config="$CONFIG"
gives "... and between names" 0 "" "" lsl start debian -c "$CONFIG"
gives "long options may be cut short" 0 "" "" lsl --conf "$CONFIG" start
run lsl start -d
is "--debug shows each mount on stderr, and nothing on stdout" "$out$(printf '%s\n' "$err" | grep -q debian && echo told)" told
lsl stop
run lsl --debug start
for word in /dev /proc /sys /run /oldRoot "$T/rootfs/debian" "$LINKSDIR"; do
	like "--debug shows $word" "$err" "*$word*"
done

for words in start stop restart refresh; do
	run as_user lsl $words
	is "$words as an ordinary user: exit status 1" "$status" 1
	like "... and how to do it" "$err" "lsl: *sudo lsl $words*"
done
ok "the containers did not notice" debian:true
