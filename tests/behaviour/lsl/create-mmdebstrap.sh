#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create --from mmdebstrap:SUITE makes a Debian from its archive with
# mmdebstrap. Here another program replaces it, which packs its arguments;
# tests/field/create-mmdebstrap.sh runs the real one.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

STATE=$T/var/lib/lsl
busybox_rootfs "$T/rootfs/source"
mkdir tools
mount --bind tools /usr/local/sbin
# mmdebstrap LINE...: the actions of the program.
mmdebstrap() {
	{
		printf '#!/bin/sh\nrootfs=%s W=%s\n' "$T/rootfs/source" "$W"
		printf '%s\n' "$@"
	} >tools/mmdebstrap
	chmod 0755 tools/mmdebstrap
}
leaves_nothing() {
	is "... and nothing is left" "$(find "$STATE" "$CONFIG.d" -mindepth 1 -path '*bad*')" ""
}

mmdebstrap 'printf "%s\n" "$@" >"$W/arguments"; env | sort >"$W/environment"; id -u >"$W/uid"' \
	'echo "$*" >"$rootfs/etc/os-release"; tar -C "$rootfs" -cf - .'
run env http_proxy=http://proxy.example:1 SECRET=1 "$T/usr/bin/lsl" $LSL_FLAGS create box --from mmdebstrap:trixie
is "a container is made of what it packs" "$status$out" "0box:cat /etc/os-release"
is "... which apt verifies, and it says so" "$err" \
	"lsl: box: apt verified the signatures of the archive with this machine's keys"
is "... it runs" "$(box:cat /etc/os-release)" "$(tr '\n' ' ' <arguments | sed 's/ $//')"
is "the suite, this machine's architecture, and only what is essential" "$(grep -v '^--format' arguments | tr '\n' ' ')" \
	"--variant=minbase --architectures=$(dpkg --print-architecture) -- trixie - "
is "it is root" "$(cat uid)" 0
is "its environment is little" "$(sed -n 's/=.*//p' environment | grep -v -e PWD -e _ | tr '\n' ' ')" "PATH TMPDIR "
is "... with the proxy" "$(grep -c proxy.example environment)" 1
not_ok "... nothing else of the caller's" grep -q SECRET environment
run lsl create other --from mmdebstrap:bookworm --arch arm64 --server http://deb.example/debian
is "--arch and --server are told" "$(sed -n -e '/arch/p' -e '/bookworm/,$p' arguments | tr '\n' ' ')" \
	"--architectures=arm64 bookworm - http://deb.example/debian "

# The real one executes a hook with the root filesystem as its argument.
mmdebstrap 'printf "%s\n" "$@" >"$W/arguments"' \
	'for word; do case $word in --setup-hook=*) sh -c "${word#*=}" exec "$rootfs" ;; esac; done' \
	'echo "$*" >"$rootfs/etc/os-release"; tar -C "$rootfs" -cf - .'
run lsl create secret --from mmdebstrap:trixie --server 'http://us%40er:pa$s%25word@deb.example:81/debian'
is "--server with a password" "$status$out" "0secret:cat /etc/os-release"
is "... which is not among the arguments, that all users can read" "$(grep -c -e word -e us arguments):$(tail -n 1 arguments)" \
	"0:http://deb.example:81/debian"
is "... but where apt reads it, as its manual has it" "$(secret:cat /etc/apt/auth.conf.d/lsl.conf)" \
	'machine http://deb.example:81/debian login us@er password pa$s%word'
is "... and only root can" "$(secret:stat -c %u:%a /etc/apt/auth.conf.d/lsl.conf)" 0:600
rm -r "$T/rootfs/source/etc/apt"
for user in 'us%20er:word' 'user:wo%0Ard' 'user:' 'user' ':word'; do
	run lsl create bad --from mmdebstrap:trixie --server "http://$user@deb.example/debian"
	is "apt's file cannot have '$user'" "$status $err" \
		"2 lsl: bad: not created: apt cannot use a password, or a user's name, that is empty or has a blank or a control character"
done

for suite in '' 'a b' '-x' '$(id)' '../x'; do
	run lsl create bad --from "mmdebstrap:$suite"
	like "no suite: '$suite'" "$status $err" "2 lsl: bad: not created: '$suite' is not the name of a suite *"
done
run lsl create bad --from mmdebstrap:trixie --sha256 "$(printf '%064d' 0)"
is "a hash has no meaning" "$status" 2
run lsl create bad --from mmdebstrap:trixie --server 'no address'
like "no address of an archive" "$status $err" "2 lsl: bad: not created: no address is not the address of an archive"
leaves_nothing

mmdebstrap 'echo "I: running apt-get update..." >&2; echo "E: apt-get update failed" >&2; exit 25'
run lsl create bad --from mmdebstrap:trixie
is "its last message when it fails" "$status $err" "1 lsl: bad: not created: mmdebstrap: E: apt-get update failed"
mmdebstrap "echo \"E: The repository 'http://deb.example trixie InRelease' is not signed.\" >&2; exit 25"
run lsl create bad --from mmdebstrap:trixie
is "... and what to do if the host's keyring is older than the suite" "$status $err" "1 lsl: bad: not created: mmdebstrap: E: The repository 'http://deb.example trixie InRelease' is not signed. (the host's keyring may be older: upgrade debian-archive-keyring, or see lsl(8), A keyring for mmdebstrap)"
leaves_nothing
# Its own last lines name no reason; these are of 1.5.7.
reason="E: The repository 'http://deb.example/debian nosuch Release' does not have a Release file."
mmdebstrap "cat >&2 <<END
$reason
E: apt-get update --error-on=any failed: process exited with 100 and error in console output
W: hooklistener errored out: E: received eof on socket

I: removing tempdir /var/tmp/mmdebstrap.x...
E: mmdebstrap failed to run
END
exit 25"
run lsl create bad --from mmdebstrap:trixie
is "... which is apt's, if apt fails" "$status $err" "1 lsl: bad: not created: mmdebstrap: $reason"

mmdebstrap 'tar -C "$rootfs" -cf - . | head -c 100000; exit 0'
run lsl create bad --from mmdebstrap:trixie
like "an archive that is cut off" "$status $err" "1 lsl: bad: not created: the archive is cut off"
leaves_nothing
mmdebstrap 'sleep 1003 & echo >"$W/begun"; wait'
"$T/usr/bin/lsl" $LSL_FLAGS create bad --from mmdebstrap:trixie >log 2>&1 </dev/null &
pid=$!
retry test -e begun
kill -INT $pid
wait $pid && status=0 || status=$?
is "Ctrl-C ends it" "$status" 130
not_ok "... with all that it has started" pgrep -f '^sleep 1003'
leaves_nothing
# tar and curl are still found in another directory.
rm tools/mmdebstrap
if ! command -v mmdebstrap >/dev/null; then
	run lsl create bad --from mmdebstrap:trixie
	is "where it is missing its package is named" "$status $err" \
		"1 lsl: bad: not created: mmdebstrap is not installed: install the package mmdebstrap"
fi
