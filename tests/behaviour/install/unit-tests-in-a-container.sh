#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tests in C pass in an ordinary container of Docker or Podman, which has
# few capabilities, no /dev/fuse, and a filter for system calls. What cannot run
# there is skipped with a reason.
. "$(dirname "$0")/../../lib/lib.sh"
needs setpriv

build=$(dirname "$LSL_TEST_STAGE")
[ -x "$build/helpers/filtered" ] || skip "there is no $build/helpers/filtered (make check makes it)"
mkdir dev
mount -t tmpfs dev dev
for name in null zero full random urandom tty; do
	: >"dev/$name"
	mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
mount --rbind dev /dev

capabilities=-all,+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid
capabilities=$capabilities,+setfcap,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write
# as_in_a_container CMD...
as_in_a_container() {
	"$build/helpers/filtered" setpriv --inh-caps=-all --bounding-set="$capabilities" "$@"
}

not_ok "no namespace can be made there" as_in_a_container unshare --mount true
like "... by the filter" "$err" "*Operation not permitted*"
tested=0
for program in "$build"/unit/test-*; do
	case ${program##*/} in *.*) continue ;; esac
	tested=$((tested + 1))
	run as_in_a_container env srcdir="${tests%/*}" "$program"
	if [ "$status" = 0 ] || [ "$status" = 77 ]; then
		pass "${program##*/}"
	else
		fail "${program##*/}"
	fi
done
ok "all of them were run: $tested" test $tested -gt 30
