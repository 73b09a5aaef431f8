#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl which PROGRAM shows which started containers have that program, its
# architecture, and its file inside: the one that the command would run. Every
# user may ask. The exit status is 1 if no container has it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs jq iconv

container debian "bins=/usr/local/bin;/usr/bin;/bin"
container arch "mnt=$T/tools:/tools" "bins=/tools;/bin"
container stopped
mkdir "$T/tools"
program "$T/tools/tool" 'echo tool of the host'
program "$T/rootfs/debian/usr/bin/tool" 'echo second'
printf 'none\n' >"$T/rootfs/debian/usr/local/bin/tool"
program "$T/rootfs/stopped/bin/tool" 'echo stopped'
arch=$(uname -m)
gives "nothing is started: exit status 1" 1 "" "lsl: no started container has a program tool" lsl which tool
lsl start debian arch

gives "each container that has it, and the path inside" 0 "COMMAND      ARCH    PATH
arch:tool    $arch  /tools/tool
debian:tool  $arch  /usr/bin/tool" "" lsl which tool
gives "... for an ordinary user too" 0 "$out" "" as_user lsl which tool
gives "a program of only one container" 0 "COMMAND     ARCH    PATH
arch:other  $arch  /tools/other" "" sh -c "cp '$T/tools/tool' '$T/tools/other'; lsl which other"
program "$T/rootfs/debian/usr/local/bin/tool" 'echo first'
like "the first of bins counts" "$(lsl which tool)" "*debian:tool  $arch  /usr/local/bin/tool*"
is "... it is the one that runs" "$(debian:tool)" first
ln -s /usr/local/bin/tool "$T/rootfs/debian/bin/linked"
ln -s "$T/tools/tool" "$T/rootfs/debian/bin/outside"
like "a link is followed inside" "$(lsl which linked)" "*debian:linked  $arch  /bin/linked*"
run lsl which outside
is "... and one that leads nowhere there is not" "$status$out" 1
chmod 0644 "$T/tools/tool"
is "a file that cannot be executed is not listed" "$(lsl which tool | grep -c arch)" 0
chmod 0755 "$T/tools/tool"
mkdir -m 0700 "$T/rootfs/debian/closed"
sed -i 's,^bins=/usr/local/bin,bins=/closed;/usr/local/bin,' "$CONFIG"
program "$T/rootfs/debian/closed/roots" 'true'
lsl start debian
is "root sees root's programs" "$(lsl which roots | tail -n 1)" "debian:roots  $arch  /closed/roots"
run as_user lsl which roots
is "... a user does not, as they could not run it" "$status$out" 1
run lsl which no-such-program
is "no container has it: exit status 1" "$status$out" 1
like "... told" "$err" "lsl: *no-such-program*"

lsl which --json tool >got
ok "--json is JSON" jq -e . got
is "... with the same" "$(jq -c . got)" '{"format":1,"program":"tool","containers":[{"name":"arch","command":"arch:tool","path":"/tools/tool","architecture":"'"$arch"'"},{"name":"debian","command":"debian:tool","path":"/usr/local/bin/tool","architecture":"'"$arch"'"}]}'
gives "... without a result an empty array, and exit status 1" 1 '{
  "format": 1,
  "program": "nosuch",
  "containers": []
}' "" lsl which --json nosuch

for name in 'g++' '[' 'a b' 'naïve' '-dash'; do
	program "$T/rootfs/debian/usr/bin/$name" true
	is "an unusual name: $name" "$(lsl which -- "$name" | grep '^debian:')" "debian:$name  $arch  /usr/bin/$name"
done
latin=$(printf 'caf\351')
program "$T/rootfs/debian/usr/bin/$latin" true
lsl which --json "$latin" >got
ok "a name of any bytes makes it no less JSON" jq -e . got
ok "... and UTF-8" iconv -f UTF-8 -t UTF-8 got
for words in which "which a b" "which a/b" "which --kill a"; do
	# shellcheck disable=SC2086 # words
	run lsl $words
	is "lsl $words: exit status 2" "$status" 2
done

mkdir "$W/gone"
cd "$W/gone"
rmdir "$W/gone"
ok "from a removed directory" lsl which tool
cd "$W"
run setpriv --reuid="$USERID" --no-new-privs "$T/usr/bin/lsl" which tool
is "without privilege: exit status 1" "$status" 1
like "... and why" "$err" "*no_new_privs*"

# The executor's own option.
gives "lslExecutor --which" 0 /usr/local/bin/tool "" "$EXECUTOR" --which debian tool
gives "... of a missing program: 127, without a message" 127 "" "" "$EXECUTOR" --which debian nosuch
run "$EXECUTOR" --which debian /bin/sh
is "... of a path: 125" "$status$out" 125
run "$EXECUTOR" --which stopped sh
is "... in one that is not started: 125" "$status$out" 125
like "... and why" "$err" "*stopped is not started*"
gives "... that cannot be written: 125, and why" 125 "" "lslExecutor: cannot write: No space left on device" \
	sh -c "'$EXECUTOR' --which debian tool >/dev/full"

printf '#!/bin/sh\nkill -9 $$\n' >killed
chmod 0755 killed
mount --bind killed "$EXECUTOR"
run lsl which tool
umount "$EXECUTOR"
is "lslExecutor is killed: exit status 1, and why" "$status$out $(printf '%s\n' "$err" | tail -n 1)" \
	"1 lsl: debian: $EXECUTOR does not answer: Input/output error"
