#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# While lsl create works, lsl itself can build namespaces and execute nothing;
# tar has the capabilities to write files of any owner; decompressors have none,
# and ids that no other process has. Tools get nothing of the caller's
# environment.
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/tracing.sh
. "$tests/lib/tracing.sh"
needs strace xz
[ -z "$LSL_FLAGS" ] || skip "a build with sanitizers runs without the filter"

busybox_rootfs "$T/rootfs/source"
head -c 400000 /dev/urandom >"$T/rootfs/source/zdata"
tar -C "$T/rootfs/source" -cJf rootfs.tar.xz .
none=$(mask)
unpacks=$(mask 0 1 3 4 31) # chown, dac_override, fowner, fsetid, setfcap
is_stopped() {
	grep -q 'stopped by SIGSTOP' trace
}

# tar is stopped when it has made its first file; xz waits for it then.
: >trace
exec 7</etc/hostname
# shellcheck disable=SC2094 # strace writes the file
SECRET=told PATH=$W:$PATH strace -f -o trace -e trace=utimensat -e inject=utimensat:signal=STOP:when=1 \
	"$T/usr/bin/lsl" create box --from ./rootfs.tar.xz >/dev/null 2>&1 7<&7 &
tracer=$!
retry is_stopped
tar=$(pgrep -x tar)
xz=$(pgrep -x xz)
maker=$(field "$tar" PPid)
main=$(field "$maker" PPid)

is "lsl: capabilities are those of start" "$(field "$main" CapEff)$(field "$main" CapPrm)" "$(mask 21 2 18)$(mask 21 2 18)"
is "... with a system call filter" "$(field "$main" Seccomp)" 2
is "the process that runs tools cannot mount" "$(field "$maker" CapPrm)" "$(mask 0 1 3 4 31 5 6 7 8 27)"
is "... and has nothing to inherit" "$(field "$maker" CapInh)$(field "$maker" CapAmb)" "$none$none"

work=$(echo "$T"/var/lib/lsl/.box.*)
is "nobody else reaches what is being made, setuid programs in it for one" "$(stat -c %u:%a "$work")" 0:700

is "tar is root" "$(field "$tar" Uid)" "0	0	0	0"
is "... with what it takes to write files of others, and no more" \
	"$(field "$tar" CapPrm)$(field "$tar" CapEff)$(field "$tar" CapBnd)" "$unpacks$unpacks$unpacks"
is "... for good" "$(field "$tar" NoNewPrivs)" 1
is "xz has no capability" "$(field "$xz" CapPrm)$(field "$xz" CapEff)$(field "$xz" CapBnd)$(field "$xz" CapInh)$(field "$xz" CapAmb)" \
	"$none$none$none$none$none"
is "... for good" "$(field "$xz" NoNewPrivs)" 1
id=$(field "$xz" Uid | cut -f 1)
is "... four times one user id" "$(field "$xz" Uid)" "$id	$id	$id	$id"
is "... and group id" "$(field "$xz" Gid)" "$id	$id	$id	$id"
is "... no other groups" "$(field "$xz" Groups | tr -d ' ')" ""
ok "... which is nobody's" test "$id" -ge 2147450880
is "... and no other process has" "$(cat /proc/[0-9]*/status 2>/dev/null | grep -c "^Uid:.*$id")" 1
for tool in tar:"$tar" xz:"$xz"; do
	pid=${tool#*:} name=${tool%:*}
	is "$name: its environment" "$(tr '\0' '\n' <"/proc/$pid/environ" | sort | cut -d = -f 1 | tr '\n' ' ')" "LC_ALL PATH "
	is "... its PATH is not the caller's" "$(tr '\0' '\n' <"/proc/$pid/environ" | grep -c "^PATH=.*$W")" 0
	is "... nothing is open that the caller had open" "$(ls -l "/proc/$pid/fd" | grep -c hostname)" 0
	is "... it has no terminal, and a separate process group" "$(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 3,5)" "$pid 0"
	like "... it leaves no core" "$(grep 'core file' "/proc/$pid/limits")" "*core file size *0 *0 *bytes*"
done
like "... xz has an end of memory" "$(grep 'address space' "/proc/$xz/limits")" "*536870912*"

# It dies with lsl.
kill -KILL "$main"
kill -KILL $tracer 2>/dev/null || :
wait $tracer 2>/dev/null || :
no_tools() {
	! pgrep -x 'tar|xz' >/dev/null
}
ok "killed, lsl takes its tools along" retry no_tools
retry no_lsl_at_work
ok "... and nothing is left" sh -c "! ls -A '$T/var/lib/lsl' | grep -v '^.lock$'"

# Tools are not taken from a directory in the caller's PATH.
program "$W/tar" 'echo planted >'"$W/planted"
run env PATH="$W:$PATH" "$T/usr/bin/lsl" create box --from ./rootfs.tar.xz
is "a tar of the caller's PATH is not run" "$status$(ls "$W/planted" 2>/dev/null)" 0
