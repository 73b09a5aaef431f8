#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create makes a container from an archive of any common form, from a file
# or standard input, and starts it: root filesystem, section, commands. It
# prints what it did, and a line to try. lsl remove removes all of it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs xz zstd bzip2 gzip

STATE=$T/var/lib/lsl
busybox_rootfs "$T/rootfs/source"
echo 'ID=source' >"$T/rootfs/source/etc/os-release"
tar -C "$T/rootfs/source" -cf "$W/rootfs.tar" .
for pack in gzip:gz xz:xz zstd:zst bzip2:bz2; do
	${pack%:*} -c <"$W/rootfs.tar" >"$W/rootfs.tar.${pack#*:}"
done

gives "from an archive: it says that nothing was verified, and prints a line to try" 0 "one:cat /etc/os-release" \
	"lsl: one: nothing was verified (--sha256 was not given)" lsl create one --from ./rootfs.tar
is "... the line works" "$(one:cat /etc/os-release)" ID=source
is "... it is in STATEDIR under its name" "$(cat "$STATE/one/etc/os-release")" ID=source
is "... its root directory is root's and 0755" "$(stat -c %u:%g:%a "$STATE/one")" 0:0:755
is "... and nothing else" "$(ls -A "$STATE" | tr '\n' ' ')" ".lock one one:created "
ok "... status knows it" lsl status one
run lsl check
not_ok "... check has no error about it" sh -c 'printf "%s\n" "$0" | grep "^error.*one"' "$out"
sections=$CONFIG.d
expected=$(for file in /home /tmp /etc/passwd /etc/group /etc/resolv.conf /etc/hosts /etc/localtime; do
	[ -e $file ] || [ -h $file ] && printf '%s;' $file
done)
is "... its section" "$(cat "$sections/one.conf")" "# Made by lsl create from ./rootfs.tar. \"lsl remove one\" removes it.
[one]
path=$STATE/one
mnt=${expected%;}
bins=/usr/local/bin;/usr/bin;/bin
envPath=/usr/local/bin:/usr/bin:/bin:$LINKSDIR"
is "... it is root's, and nobody else reads it" "$(stat -c %u:%g:%a "$sections/one.conf")" 0:0:600

for form in gz xz zst bz2; do
	run lsl create "form-$form" --from "rootfs.tar.$form"
	is "a $form archive without options: status 0" "$status" 0
	is "... its commands run" "$("form-$form:cat" /etc/os-release)" ID=source
	run lsl remove "form-$form" --yes
	is "... removed: status 0" "$status" 0
done
cp rootfs.tar.xz misnamed.tar
run lsl create two --from "$W/misnamed.tar"
is "its bytes and not its name show the form" "$status$(two:echo ran)" 0ran
run lsl remove two --yes

for how in "rootfs.tar.zst" "rootfs.tar"; do
	run sh -c "'$T/usr/bin/lsl' $LSL_FLAGS create piped --from - <$how"
	is "from standard input, $how: status 0" "$status" 0
	run sh -c "cat $how | '$T/usr/bin/lsl' $LSL_FLAGS create again --from -"
	is "... from a pipe" "$status$(again:echo ran)" 0ran
	lsl remove piped --yes 2>/dev/null
	lsl remove again --yes 2>/dev/null
done

sum=$(sha256sum rootfs.tar.xz | cut -d ' ' -f 1)
gives "--sha256: the hash is right, and it says so" 0 "hashed:cat /etc/os-release" \
	"lsl: hashed: its SHA-256 is the one given with --sha256" lsl create hashed --from ./rootfs.tar.xz --sha256 "$sum"
chown "$USERID" rootfs.tar.xz
run lsl create hashed2 --from ./rootfs.tar.xz --sha256 "$sum"
is "... of a user's file, which is copied first" "$status$(hashed2:echo ran)" 0ran
wrong=$(echo | sha256sum | cut -d ' ' -f 1)
gives "--sha256: another hash is refused before anything is unpacked" 1 "" \
	"lsl: three: not created: its SHA-256 is $sum, not the one given with --sha256" lsl create three --from ./rootfs.tar.xz --sha256 "$wrong"
is "... from standard input too" "$(lsl create three --from - --sha256 "$wrong" <rootfs.tar.xz 2>&1)" \
	"lsl: three: not created: its SHA-256 is $sum, not the one given with --sha256"
lsl remove hashed2 --yes 2>/dev/null

run lsl create json --from ./rootfs.tar --json
is "--json: status 0" "$status" 0
for line in '"name": "json"' '"source": "./rootfs.tar"' '"verified": null' "\"rootfs\": \"$STATE/json\"" '"started": true' '"adopted": false'; do
	like "--json: $line" "$out" "*$line*"
done
run lsl remove json --yes --json
like "remove --json" "$out" '*"name": "json"*"deleted": true*"bytes": [1-9]*'

# A missing tool.
for tool in xz:xz-utils:xz zstd:zstd:zst tar:tar:zst; do
	program=${tool%%:*} ending=${tool##*:} package=${tool#*:}
	mount --bind /dev/null "$(realpath "$(command -v "$program")")"
	gives "without $program: its package is named" 1 "" \
		"lsl: less: not created: $program is not installed: install the package ${package%:*}" \
		lsl create less --from "./rootfs.tar.$ending"
	umount "$(realpath "$(command -v "$program")")"
done

# Another configuration.
cd "$T/etc"
run lsl -c other.conf create other --from "$W/rootfs.tar"
is "--config FILE: the section is written beside FILE, which need not exist" "$status$(sed -n 2p "$T/etc/other.conf.d/other.conf")" "0[other]"
run lsl check
is "... check of the usual one does not report it" "$(printf '%s\n' "$out" | grep -c 'belongs to no section')" 0
run lsl -c other.conf remove other --yes
is "... it is removed by it too" "$status$(ls "$T/etc/other.conf.d")" 0
run lsl -c absent/other.conf create other --from "$W/rootfs.tar"
is "... in a missing directory, which is not made" "$status$err$(ls -d absent 2>/dev/null)" \
	"1lsl: other: not created: cannot make $T/etc/absent/other.conf.d: No such file or directory"
cd "$W"

# Names.
taken() {
	run lsl create "$1" --from ./rootfs.tar
	is "$2: status $3" "$status" "$3"
	like "$2: one line" "$err" "$4"
}
taken one "a name that is taken" 1 "lsl: one: not created: $sections/one.conf:2 has a container of that name"
container elsewhere
taken elsewhere "a name of the configuration" 1 "lsl: elsewhere: not created: $CONFIG:1 has a container of that name"
mkdir "$STATE/there"
taken there "a name of a root filesystem" 1 "lsl: there: not created: its root filesystem already exists*"
taken host "a reserved name" 2 "lsl: 'host' is reserved*"
taken a/b "a name that none can be" 2 "lsl: 'a/b' cannot be a container's name*"
rmdir "$STATE/there"
is "no failure left anything" "$(ls -A "$STATE" | tr '\n' ' ')" ".lock hashed hashed:created one one:created "
for words in "create" "create a b" "create a --sha256 $wrong --from ./" "create a --from ./rootfs.tar --sha256 12" "create a --yes" "remove" "remove one --from x" "create a --from ./rootfs.tar --arch arm64" "start --from x"; do
	# shellcheck disable=SC2086 # words
	run lsl $words
	is "lsl $words: exit status 2, one line" "$status:$(printf '%s\n' "$err" | wc -l)" 2:1
done
run as_user "$T/usr/bin/lsl" $LSL_FLAGS create a --from ./rootfs.tar
like "an ordinary user is told to use sudo" "$status $err" "1 lsl: create needs root (sudo lsl create)"

# Removing.
run lsl remove one </dev/null
is "without a terminal nothing is removed" "$status" 2
like "... it says what would be, how large, and how" "$err" "lsl: one: $STATE/one (*B) and $sections/one.conf will be deleted
lsl: the question cannot be asked without a terminal: --yes answers it"
is "... it runs on" "$(one:echo ran)" ran
run lsl remove one --keep-files --yes
is "--keep-files: status 0" "$status" 0
is "... its files stay" "$(cat "$STATE/one/etc/os-release")" ID=source
not_ok "... its section and its record do not" ls "$sections/one.conf" "$STATE/one:created"
run lsl create one --from "$STATE/one"
is "... lsl create takes them again" "$status$(one:echo ran)" 0ran
lsl remove one --yes 2>/dev/null
is "... and remove does not delete what was adopted" "$(cat "$STATE/one/etc/os-release")" ID=source
run lsl remove hashed --yes
is "remove: status 0" "$status" 0
is "... nothing of it is left" "$(ls -A "$STATE" "$sections" | grep hashed)" ""
run lsl remove elsewhere --yes
is "a container that create has not made: status 1" "$status" 1
like "... said, with the place" "$err" "lsl: elsewhere: not removed: lsl create did not make it: stop it, and remove its section from $CONFIG:1"
run lsl remove nowhere --yes
like "a container that does not exist" "$status $err" "1 lsl: nowhere: not removed: there is no container of that name*"
