#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lslExecutor is static and small. It has no code that loads files of the caller
# or of the container: no locales, no name service, no dynamic loading, no
# shell. It does not read the environment.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"
needs readelf nm

is "it needs no shared library" "$(readelf -d "$EXECUTOR" | grep -c NEEDED)" 0
is "... and no dynamic loader" "$(readelf -l "$EXECUTOR" | grep -c INTERP)" 0
if executor_is_musl; then
	# On other architectures the linker may leave an unused entry of the C
	# library.
	like "... and is not relocated at start-up" \
		"$(readelf -rW "$EXECUTOR" | grep -c ' R_')" "$([ "$(uname -m)" = x86_64 ] && echo 0 || echo "[01]")"
fi
is "its stack is not executable" "$(readelf -lW "$EXECUTOR" | awk '/GNU_STACK/ {print $7}')" RW
like "it has symbols to look at" "$(nm "$EXECUTOR" | grep -c ' T main$')" 1
for symbol in getenv secure_getenv setlocale newlocale dlopen __libc_dlopen_mode system popen posix_spawn fork vfork \
	mount umount2 timelimit_run cmddir_detach \
	execvp execlp getpwnam getpwuid getgrnam getgrgid getpwnam_r getaddrinfo iconv_open gettext \
	syslog wordexp glob nftw tmpfile mkstemp; do
	# A static glibc has some of these itself: only functions that lsl's own
	# objects can reach count.
	case $symbol in
	getenv | secure_getenv | setlocale | newlocale | dlopen | __libc_dlopen_mode | iconv_open | gettext)
		executor_is_musl || continue
		;;
	esac
	is "it has no $symbol" "$(nm "$EXECUTOR" | grep -c -i " [tw] $symbol\$")" 0
done
# The files to read in a review: all of two folders, and nothing else. The
# debugging information has only the code in the program.
readelf -wi --dwarf-depth=1 "$EXECUTOR" | sed -n 's/.*DW_AT_name .*[ /]\(src\/[^ ]*\)$/\1/p' | sort >"$W/linked"
is "it is made of src/executor and src/common, of all that is in them" "$(cat "$W/linked")" \
	"$(cd "$tests/.." && ls src/executor/*.c src/common/*.c | sort)"
is "... which include no headers of another folder" \
	"$(cd "$tests/.." && grep -l '#include ".*/' src/executor/*.[ch] src/common/*.[ch])" ""
is "... and all of their headers" \
	"$(cd "$tests/.." && sed -n 's/^#include "\(.*\)"/\1/p' src/executor/*.[ch] src/common/*.[ch] | sort -u)" \
	"$(cd "$tests/.." && { ls src/executor/*.h src/common/*.h | sed 's,.*/,,' && echo config.h; } | sort)"
if [ "$LSL_TEST_PRIVILEGE" = setuid ]; then
	is "make install gives it its privilege: root's, setuid" "$(stat -c '%a %u %g' "$EXECUTOR")" "4755 0 0"
	is "... and without file capabilities" "$(getcap "$EXECUTOR")" ""
else
	is "make install gives it its privilege: root's, not setuid" "$(stat -c '%a %u %g' "$EXECUTOR")" "755 0 0"
	like "... with two capabilities" "$(getcap "$EXECUTOR")" "* cap_sys_chroot,cap_sys_admin=ep"
fi
is "nobody but root may write it" "$(find "$EXECUTOR" -perm /022)" ""

# Its calls with privilege can be counted.
if command -v strace >/dev/null; then
	container debian
	lsl start
	strace -f -o "$W/all" "$EXECUTOR" debian true
	sed '1d; / execve(/q' "$W/all" >"$W/trace"
	calls=$(wc -l <"$W/trace")
	is "it makes less than a hundred system calls until exec ($calls)" "$([ "$calls" -lt 100 ] && echo yes)" yes
	is "a namespace that lsl start has proved is not proved again" "$(grep -c -e NS_GET_ -e fstatfs "$W/trace")" 0
	# Between setns and exec only: directory, lookup, exec.
	sed -n '/ setns(/,/ execve(/p' "$W/trace" | sed 1d >"$W/inside"
	is "after setns nothing is opened for writing" "$(grep -c -e O_WRONLY -e O_RDWR -e O_CREAT "$W/inside")" 0
	is "... and no child, no lock, no library" "$(grep -c -e fork -e clone -e vfork -e flock -e F_SETLK -e /lib -e /etc/ "$W/inside")" 0
fi
