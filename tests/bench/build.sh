#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a whole build costs: 200 C files by make, with the compiler of a
# container as CC, against the very same make inside the container. On the
# private installation that "make check" makes; from the build directory:
#
#	sh SRCDIR/tests/bench/build.sh [ROUNDS]
#
# The ways take turns, in an order that is drawn anew for each of the ROUNDS
# (10); a build before the first warms the caches. Prints for each way the
# medians of elapsed time and of processor time, and their ratios against the
# make inside. On a busy machine the processor time tells more.
#
# inside	make and gcc in the container: debian:make CC=gcc
# CC=debian:gcc	make of the host, gcc of the container
# host:make	called inside, make of the host with CC=debian:gcc
: "${LSL_TEST_LIMIT:=7200}" "${LSL_PRIVILEGE:=setuid}"
export LSL_TEST_LIMIT LSL_PRIVILEGE
if [ -z "${LSL_TEST_ROOT:-}" ]; then
	LSL_BENCH=${1:-10}
	export LSL_BENCH
fi
bench=$(cd "$(dirname "$0")" && pwd -P)
. "$bench/../lib/lib.sh"
needs gcc make shuf

usr_rootfs "$T/rootfs/debian"
container debian "mnt=$USR_MNT;$T/home" "bins=$USR_BINS" "envPath=/usr/bin:/bin"
lsl start
jobs=$(nproc)

cd "$T/home/alice"
as_user mkdir build
cd build
for i in $(seq 200); do
	cat >"f$i.c" <<-END
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		struct item$i { struct item$i *next; char text[64]; int n; };
		static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
		int f$i(int n, const char *text)
		{
			struct item$i *list = NULL, *item;
			int numbers[64], j, sum = 0;
			for (j = 0; j < 64; j++)
				numbers[j] = (j * 7919 + n) % 64;
			qsort(numbers, 64, sizeof(int), compare);
			for (j = 0; j < n; j++) {
				item = malloc(sizeof(*item));
				if (!item)
					break;
				snprintf(item->text, sizeof(item->text), "%s %d", text, j);
				item->n = numbers[j % 64];
				item->next = list;
				list = item;
			}
			for (; list; list = item) {
				item = list->next;
				sum += list->n + (int)strlen(list->text);
				free(list);
			}
			return sum;
		}
	END
done
cat >Makefile <<'END'
CFLAGS = -O2
objects = $(patsubst %.c,%.o,$(wildcard *.c))
all: $(objects)
clean:
	rm -f $(objects)
END
chown -R alice .

one_way() {
	case $1 in
	inside) as_user "$LINKSDIR/debian:make" -s -j"$jobs" CC=gcc ;;
	CC=debian:gcc) as_user make -s -j"$jobs" CC="$LINKSDIR/debian:gcc" ;;
	host:make) as_user "$LINKSDIR/debian:sh" -c "$LINKSDIR/host:make -s -j$jobs CC=$LINKSDIR/debian:gcc" ;;
	esac
}

ways="inside CC=debian:gcc host:make"
for way in $ways; do
	as_user make -s clean
	one_way "$way"
	is "$way: builds all" "$(ls ./*.o | wc -l)" 200
done
# shellcheck disable=SC2034,SC2086 # a count; words
for round in $(seq "$LSL_BENCH"); do
	for way in $(shuf -e $ways); do
		as_user make -s clean
		start=$(date +%s%N)
		# What a subshell's children took.
		(
			one_way "$way"
			times >"$T/cpu"
		)
		echo "$way $(($(date +%s%N) - start)) $(awk '{ gsub("[ms]", " "); last = $1 * 60 + $2 + $3 * 60 + $4 }
			END { print last }' "$T/cpu")"
	done
done >"$T/times"
# median WAY COLUMN
median() {
	grep "^$1 " "$T/times" | cut -d ' ' -f "$2" | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

printf '\n| 200 C files, make -j%s | time | against make inside | of processors | against it |\n|---|---|---|---|---|\n' "$jobs"
for way in $ways; do
	echo "$way $(median "$way" 2) $(median "$way" 3)"
done | awk 'NR == 1 { time = $2; cpu = $3 } {
	printf "| %s | %.2f s | %.3f | %.2f s | %.3f |\n", $1, $2 / 1e9, $2 / time, $3, $3 / cpu }'
echo
pass "build: $LSL_BENCH rounds"
