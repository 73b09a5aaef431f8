#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create gets an archive from an address: by https, or with its hash. The
# program that downloads has no privilege. A server that stalls or redirects,
# Ctrl-C and a kill leave nothing; a terminal shows the progress.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/images.sh"
. "$tests/lib/interactive.sh"

STATE=$T/var/lib/lsl
CACHE=$T/var/cache/lsl
busybox_rootfs "$T/rootfs/source"
echo 'ID=source' >"$T/rootfs/source/etc/os-release"
head -c 3000000 /dev/urandom >"$T/rootfs/source/root/large"
mkdir "$IMAGES"
image_archive "$IMAGES/rootfs.tar.xz" "$T/rootfs/source"
sum=$(sha256sum <"$IMAGES/rootfs.tar.xz")
sum=${sum%% *}
wrong=$(echo | sha256sum | cut -d ' ' -f 1)
serve_images
serve_images_tls
file=rootfs.tar.xz

leftovers() {
	find "$STATE" -mindepth 1 -maxdepth 1 -name '.*' ! -name .lock ! -name "${1:-.stalled.*}"
	find "$CACHE" -mindepth 1 -name '.*'
	[ ! -e "$CONFIG.d/bad.conf" ] || echo bad.conf
} 2>/dev/null
refused="bad: not created: "
leaves_nothing() {
	is "... and nothing is left" "$(leftovers)" ""
}
# lsl gives up on a server that stalls only after a while.
lsl create stalled --from "$TLS_SERVER/stall/$file" >"$W/stalled.out" 2>"$W/stalled.err" &
stalled=$!

is_at_work() {
	tool=$(pgrep -x curl)
}
retry is_at_work
status_of_tool() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$tool/status"
}
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "the downloading program has no capability: $set" "$(status_of_tool $set)" 0000000000000000
done
is "... no new ones" "$(status_of_tool NoNewPrivs)" 1
ids=$(status_of_tool Uid | tr '\t' '\n' | sort -u)
ok "... ids that no other process has" [ "$ids" -gt 2147450000 ]
is "... no groups" "$(status_of_tool Groups)" ""
not_ok "... and nothing of lsl's environment" sh -c "tr '\\0' '\\n' <'/proc/$tool/environ' | grep -q '^HOME='"

gives "by https" 0 "one:cat /etc/os-release" \
	"lsl: one: it came from ${TLS_SERVER#https://} over https; without --sha256 nothing else was verified" \
	lsl create one --from "$TLS_SERVER/$file"
is "... it runs" "$(one:cat /etc/os-release)" ID=source
is "... without a hash it is not kept" "$(find "$CACHE" -type f 2>/dev/null)" ""
gives "by https, with a password" 0 "secret:cat /etc/os-release" \
	"lsl: secret: it came from ${TLS_SERVER#https://} over https; without --sha256 nothing else was verified" \
	lsl create secret --from "https://user:password@${TLS_SERVER#https://}/$file"
is "... which no file has" "$(grep -rl password "$CONFIG.d" "$STATE/secret:created")" ""
like "... though it says where it came from" "$(cat "$CONFIG.d/secret.conf")" "# Made by lsl create from $TLS_SERVER/$file. *"
add_image lsl/1 amd64 20260101 "$IMAGES/$file"
run lsl images --json --server "https://user:password@${TLS_SERVER#https://}"
is "a list of a server with a password does not have it" "$status$(grep -rl password "$CACHE")$(echo "$out" | grep password)" 0
ok "... and is found offline without it" lsl images --offline --server "$TLS_SERVER"
# The arguments of processes, which everybody sees, and messages of failures.
"$T/usr/bin/lsl" $LSL_FLAGS --debug create told --from "https://user:password@${TLS_SERVER#https://}/stall/$file" >"$W/told" 2>&1 &
told=$!
is_asking() {
	tr '\0' ' ' <"/proc/$(pgrep -n -x curl)/cmdline" | grep -q 'config -' && grep -q "run .*/curl" "$W/told"
}
ok "an address with a password is asked for" retry is_asking
is "... no process shows it" "$(cat /proc/[0-9]*/cmdline | tr '\0' '\n' | grep -c 'pass[w]ord')" 0
end $told
is "... nor a message" "$(grep -c password "$W/told")" 0
for address in "https://user:password@${TLS_SERVER#https://}/absent" "http://user:password@example.org/x" \
	"https://user:password@${TLS_SERVER#https://}/to/file//etc/passwd" "https://user:password@"; do
	run lsl create bad --from "$address"
	is "... nor the message of a failure" "$(echo "$err" | grep -c -e password -e '^lsl: bad: not created')" 1
	is "... without the password" "$(echo "$err" | grep -c password)" 0
done
gives "a password with a character that no address has is not in the message" 2 "" \
	"lsl: a character of the user or the password in the address must be written as %XX (try lsl --help)" \
	lsl create bad --from "https://user:pass|word@example.org/x"
gives "with --sha256" 0 "two:cat /etc/os-release" "lsl: two: its SHA-256 is the one given with --sha256" \
	lsl create two --from "$TLS_SERVER/$file" --sha256 "$sum"
not_ok "... no user can lock the cache" as_user flock "$CACHE" true
gives "... it is in the cache" 0 "three:cat /etc/os-release" "lsl: three: its SHA-256 is the one given with --sha256" \
	lsl create three --from "https://lsl.invalid/$file" --sha256 "$sum" --offline
gives "by http from this machine" 0 "four:cat /etc/os-release" \
	"lsl: four: it came from this machine; without --sha256 nothing was verified" lsl create four --from "$SERVER/$file"

refuses "another hash" 1 "$SERVER/$file has the SHA-256 $sum, not the one given with --sha256: not used" \
	lsl create bad --from "$SERVER/$file" --sha256 "$wrong"
refuses "http from elsewhere without a hash" 2 \
	"http://example.org/$file could be changed by anybody on the network: give --sha256, or use https" \
	lsl create bad --from "http://example.org/$file"
refuses "--offline without a hash" 2 "--offline: an archive in the cache is found only by --sha256" \
	lsl create bad --from "$TLS_SERVER/$file" --offline
refuses "--offline with another one" 1 "no archive with this --sha256 is in $CACHE (omit --offline to download it)" \
	lsl create bad --from "$TLS_SERVER/$file" --offline --sha256 "$wrong"
refuses "a redirect to http" 1 "$TLS_SERVER/to/http/127.0.0.1:1/$file redirects to an address that is not https: not followed" \
	lsl create bad --from "$TLS_SERVER/to/http/127.0.0.1:1/$file"
refuses "... also with a hash" 1 "$TLS_SERVER/to/http/127.0.0.1:1/$file redirects to an address that is not https: not followed" \
	lsl create bad --from "$TLS_SERVER/to/http/127.0.0.1:1/$file" --sha256 "$wrong"
refuses "... also by this machine" 1 "$SERVER/to/http/127.0.0.1:1/$file redirects to an address that is not https: not followed" \
	lsl create bad --from "$SERVER/to/http/127.0.0.1:1/$file"
refuses "a redirect to a file" 1 "* redirects to an address that is not https: not followed" \
	lsl create bad --from "$TLS_SERVER/to/file//etc/passwd"
run lsl create five --from "$SERVER/to/https/${TLS_SERVER#https://}/$file"
is "a redirect to https is followed" "$status$(five:cat /etc/os-release)" 0ID=source
refuses "redirects in a circle" 1 "cannot download *: *redirects*" \
	lsl create bad --from "$TLS_SERVER/to/https/${TLS_SERVER#https://}/to/https/${TLS_SERVER#https://}/to/https/${TLS_SERVER#https://}/to/https/${TLS_SERVER#https://}/to/https/${TLS_SERVER#https://}/to/https/${TLS_SERVER#https://}/$file"
refuses "a missing file" 1 "$TLS_SERVER/absent.tar.xz does not exist (404)" lsl create bad --from "$TLS_SERVER/absent.tar.xz"
refuses "a download that is cut off" 1 "cannot download $TLS_SERVER/cut/$file: *" lsl create bad --from "$TLS_SERVER/cut/$file"
refuses "an address with spaces" 2 "https://example.org/a b is not an address" lsl create bad --from "https://example.org/a b"
(
	unset CURL_CA_BUNDLE
	lsl create bad --from "$TLS_SERVER/$file"
) 2>"$W/err" && fail "a certificate that nobody knows"
like "a certificate that nobody knows" "$(cat "$W/err")" "lsl: bad: not created: cannot download *certificate*"

# Killed at once, as by the kernel: only the tools' parent's death ends them.
lsl create bad --from "$SERVER/stall/$file" --sha256 "$sum$sum" 2>/dev/null && fail "--sha256 of another length"
rm -f "$CACHE/$sum"
"$T/usr/bin/lsl" $LSL_FLAGS create bad --from "$SERVER/stall/$file" --sha256 "$sum" &
killed=$!
retry sh -c "[ -n \"\$(find '$CACHE' -name '.new-*' -size +1000k)\" ]"
# With the processes that would clean up after it.
hold $killed
# shellcheck disable=SC2046 # some
kill -KILL $(pgrep -P $killed)
end -KILL $killed
is "an immediate kill leaves its file" "$(find "$CACHE" -name '.new-*' | wc -l)" 1
# The kernel ends curl, which has the lock of the file, too, a little later.
retry flock -n "$(find "$CACHE" -name '.new-*')" true
run lsl create six --from "$TLS_SERVER/$file" --sha256 "$sum"
is "after one that was killed another one is made" "$status$(six:cat /etc/os-release)" 0ID=source
is "... and sweeps the cache" "$(find "$CACHE" -name '.new-*' | wc -l)" 0

# Output on a terminal.
open_shell "PS1='> '" sh
keys "lsl create bad --from $SERVER/unsaid/$file" Enter
if retry shows "^lsl: $file: [0-9.]* MB, [0-9.]* kB/s *\$"; then pass "a terminal shows how much came, and how fast"; else fail "a terminal shows how much came, and how fast" "$(screen)"; fi
keys C-c
retry shows '^> *$' || :
keys "lsl create bad --from $SERVER/stall/$file" Enter
if retry shows "^lsl: $file: [0-9.]* of [0-9.]* MB, [0-9.]* kB/s, [0-9].* left"; then pass "... and what is left, if the server says how much it is"; else fail "... and what is left, if the server says how much it is" "$(screen)"; fi
keys C-c
# The line is erased.
is_over() {
	shows '^> *$' && ! shows "$1"
}
if retry is_over MB; then pass "Ctrl-C ends it, and the line is erased"; else fail "Ctrl-C ends it, and the line is erased" "$(screen)"; fi
leaves_nothing
# Two signals arrive at Ctrl-C, and the second one may interrupt the writing of
# the erasing line. A stopped terminal (Ctrl-S) keeps lsl writing.
is_writing() {
	for process in $(pgrep -f "^lsl create bad --from $SERVER/unsaid"); do
		case $(cat "/proc/$process/syscall") in
		*" 0x2 0x"*) return ;;
		esac
	done
	return 1
}
keys "lsl create bad --from $SERVER/unsaid/$file" Enter
retry shows "^lsl: $file: [0-9.]* MB"
keys C-s
retry is_writing
for signal in INT TERM TERM; do
	kill -$signal "$process" || break
	retry is_writing || break
done
keys C-q
if retry is_over MB; then pass "... also when signals follow one another"; else fail "... also when signals follow one another" "$(screen)"; fi
leaves_nothing
keys "lsl images --server $SERVER/stall" Enter
if retry shows "^lsl: list of images: "; then pass "lsl images shows it, too"; else fail "lsl images shows it, too" "$(screen)"; fi
keys C-c
if retry is_over "list of images"; then pass "... Ctrl-C ends it, and the line is erased"; else fail "... Ctrl-C ends it" "$(screen)"; fi

wait $stalled && status=0 || status=$?
is "a server that stalls is given up" "$status" 1
like "... and reports that" "$(cat "$W/stalled.err")" "lsl: stalled: not created: cannot download $TLS_SERVER/stall/$file: *too slow*"
is "... in one line" "$(wc -l <"$W/stalled.err")" 1
is "nothing is left of any of them" "$(leftovers none)" ""

# Older versions of curl have no limit for the headers of an answer, and lsl
# keeps them in memory.
mount -t tmpfs tmpfs /usr/local/sbin
cat >/usr/local/sbin/curl <<-'EOF'
	#!/bin/sh
	head -c 10000000 /dev/zero >/proc/self/fd/0
	exec sleep 600
EOF
chmod 0755 /usr/local/sbin/curl
refuses "headers without an end" 1 "$TLS_SERVER/$file has too many headers" \
	timeout -s KILL 60 "$T/usr/bin/lsl" create bad --from "$TLS_SERVER/$file"

# The cache may be on another disk than the root filesystems.
mount -t tmpfs -o size=64M,mode=0711 tmpfs "$CACHE"
cat >/usr/local/sbin/curl <<-'EOF'
	#!/bin/sh
	head -c 66500000 /dev/zero
	exec sleep 600
EOF
refuses "a small disk for the cache" 1 "the disk of $CACHE is nearly full" \
	timeout -s KILL 60 "$T/usr/bin/lsl" create bad --from "$TLS_SERVER/$file" --sha256 "$wrong"
umount "$CACHE" /usr/local/sbin
