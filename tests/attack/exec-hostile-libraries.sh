#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: make a privileged program load code, by its environment or from the
# root filesystem it enters. Origin: CVE-2025-4802 (glibc, static setuid
# programs and LD_LIBRARY_PATH), CVE-2023-4911 (GLIBC_TUNABLES), CVE-2025-32463
# (sudo --chroot and nsswitch.conf), CVE-2019-14271 (docker cp and libnss),
# CVE-2021-4034 (GCONV_PATH).
#
# Before it has given up privilege, lslExecutor opens only the state directory,
# the namespace, the record, the command directory and at most /dev/null; after
# that only the files that it executes.
variants="setuid filecaps"
. "$(dirname "$0")/../lib/lib.sh"
needs cc strace

cat >"$W/trap.c" <<'EOC'
#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void trap(void)
{
	close(open(geteuid() ? TRAP "/loaded-by-a-user" : TRAP "/loaded-by-root", O_WRONLY | O_CREAT, 0666));
}
EOC
mkdir -m 1777 "$W/trap"
cc -shared -fPIC -DTRAP="\"$W/trap\"" -o "$W/trap.so" "$W/trap.c"
cc -shared -fPIC -DTRAP="\"/oldRoot$W/trap\"" -o "$W/trap-inside.so" "$W/trap.c"
container debian
root=$T/rootfs/debian
mkdir -p "$W/lib/gconv" "$root/lib64" "$root/lib/x86_64-linux-gnu/gconv" "$root/usr/lib/gconv"
for name in libc.so.6 libnss_files.so.2 libnss_evil.so.2 libnss_compat.so.2 libgcc_s.so.1 libcap.so.2 libseccomp.so.2; do
	cp "$W/trap.so" "$W/lib/$name"
	for dir in lib lib64 usr/lib lib/x86_64-linux-gnu; do
		[ ! -d "$root/$dir" ] || cp "$W/trap-inside.so" "$root/$dir/$name"
	done
done
cp "$W/trap.so" "$W/lib/gconv/EVIL.so"
cp "$W/trap-inside.so" "$root/usr/lib/gconv/EVIL.so"
echo "module EVIL// INTERNAL EVIL 1" | tee "$W/lib/gconv/gconv-modules" >"$root/usr/lib/gconv/gconv-modules"
printf 'passwd: evil files\ngroup: evil\nhosts: evil\n' >"$root/etc/nsswitch.conf"
echo "/lib/libnss_evil.so.2" >"$root/etc/ld.so.preload"
lsl start

hostile="LD_PRELOAD=$W/trap.so LD_AUDIT=$W/trap.so LD_LIBRARY_PATH=$W/lib GCONV_PATH=$W/lib/gconv LOCPATH=$W/lib
	CHARSET=EVIL LC_ALL=evil.EVIL LANG=evil.EVIL LANGUAGE=../../evil NLSPATH=$W/lib/%N MALLOC_TRACE=$W/trap/malloc
	GETCONF_DIR=$W/lib HOSTALIASES=$W/lib/x RES_OPTIONS=x TZ=:$W/trap.so TZDIR=$W/lib
	GLIBC_TUNABLES=glibc.malloc.mxfast=glibc.malloc.mxfast=A LD_DEBUG=all LD_DEBUG_OUTPUT=$W/trap/debug LD_PROFILE=libc.so.6"
for name in true nosuch; do
	# shellcheck disable=SC2086 # variables for env
	run as_user env $hostile "$EXECUTOR" debian $name
	run env -u LD_PRELOAD -u LD_AUDIT "$EXECUTOR" debian $name
done
is "nothing of a hostile environment or root filesystem was loaded" "$(ls "$W/trap")" ""

# The files that it opens for a user with full privilege (strace is root's) and
# for root.
cd /
pin=debian
! grep -q '^namespace=[0-9]*:[0-9]*:' "$MNTDIR/debian:record" || pin=
for who in alice root; do
	strace -f -u $who -o "$W/trace" -e trace=open,openat,execve,setns,stat,newfstatat,access "$EXECUTOR" debian true
	sed -n '2,/ execve(/p' "$W/trace" >"$W/until-exec"
	is "$who: the files opened before exec" "$(sed -n -e 's/.* open(\("[^"]*"\).*/\1/p' -e 's/.* openat([^,]*, \("[^"]*"\).*/\1/p' "$W/until-exec" | sort -u | tr '\n' ' ')" \
		"$(printf '"%s"\n' "$MNTDIR" :here debian:record $pin | sort | tr '\n' ' ')"
	is "$who: after setns nothing is opened" "$(sed -n '/ setns(/,$p' "$W/until-exec" | grep -c -e ' open(' -e ' openat(')" 0
done
