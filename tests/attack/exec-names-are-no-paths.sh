#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a container's name that is a path, so that the program enters a
# namespace of the attacker with privilege. Origin: CVE-2022-31214 (firejail
# --join); the earlier lsl, argv[0] "/proc/self/fd/4:/bin/sh".
#
# Text that is not a name is refused before any path is made from it.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs perl strace

helper caller
container debian
lsl start

# opened ARGV0 ARG...: the files that were opened, examined or entered after the
# start, for alice with all privilege.
opened() {
	# That is slow, and the same for both kinds of privilege.
	[ "$LSL_TEST_PRIVILEGE" = setuid ] || return 0
	strace -u alice -o "$W/trace" "$W/caller" argv "$EXECUTOR" "$@" >/dev/null 2>&1 || :
	sed "1,/execve(\"[^\"]*lslExecutor/d" "$W/trace"
}

long=$(head -c 4096 /dev/zero | tr '\0' d)
cd /
for name in ../subsys/debian ./debian debian/ "$MNTDIR/debian" /proc/self/fd/4 .. "" -debian \
	"$(printf 'deb\nian')" "$(printf 'deb\377ian')" debian:record "$long" \
	0123456789012345678901234567890123456789012345678; do
	shown=$(printf %.20s "$name" | LC_ALL=C tr -c ' -~' '?')
	run as_user "$EXECUTOR" "$name" true
	is "'$shown' as a container: 125" "$status$out" 125
	is "... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
	like "... that says why" "$err" "lslExecutor: '*"
	opened lslExecutor "$name" true >"$W/opened"
	is "... and no path was made of it" "$(grep -c -e '^open.*subsys' -e '^setns' "$W/opened")" 0
done
for name in "" . .. ../sh bin/sh ./sh "$long" "$(printf %0256d 0)"; do
	shown=$(printf %.20s "$name")
	run as_user "$EXECUTOR" debian "$name"
	is "'$shown' as a program: 125, in one line" "$status$out$(printf '%s\n' "$err" | wc -l)" 1251
done
for arg0 in /proc/self/fd/4:/bin/sh /proc/self/fd/4:sh "debian:/bin/sh" debian:.. debian: :sh "x y:sh" \
	"$MNTDIR/debian" "/x/debian:sh/" "$(head -c 100000 /dev/zero | tr '\0' :)" "$(head -c 100000 /dev/zero | tr '\0' /)" "debian:$long"; do
	shown=$(printf %.24s "$arg0")
	run as_user "$W/caller" argv "$EXECUTOR" "$arg0" -c id
	is "called as '$shown': 125, and nothing runs" "$status$out" 125
	opened "$arg0" >"$W/opened"
	is "... and nothing is entered" "$(grep -c ^setns "$W/opened")" 0
done

# The complete attack: alice's own namespace at descriptor 4.
if as_user unshare -U -r -m true 2>/dev/null; then
	cat >"$W/attack" <<-EOC
		unshare -U -r -m sleep 1000 &
		tries=0
		until [ "\$(readlink /proc/\$!/ns/mnt)" != "\$(readlink /proc/self/ns/mnt)" ]; do
			tries=\$((tries + 1)) && [ \$tries -lt 500 ] || exit 1
			sleep 0.02
		done
		exec 4</proc/\$!/ns/mnt
		for name in /proc/self/fd/4 ../../proc/self/fd/4; do
			perl -e 'exec { \$ARGV[0] } \$ARGV[1], "-c", "echo entered"' '$EXECUTOR' "\$name:sh"
			'$EXECUTOR' "\$name" sh -c 'echo entered'
		done 2>/dev/null
		kill \$!
	EOC
	run as_user sh "$W/attack"
	is "a namespace of the user's own, as a descriptor: not entered" "$out" ""
fi
