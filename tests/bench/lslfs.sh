#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The command directory in numbers, on the private installation that "make
# check" makes (see tests/lib/lib.sh). From the build directory:
#
#	sh SRCDIR/tests/bench/lslfs.sh [speed] [fresh] [memory] [pages]
#
# speed	each line: what is done, how long it takes in a directory on disk with
#	the same 20,000 links and in the command directory, and the ratio
#	(lslfs-speed.c)
# fresh	for each way to install a program: tries, lookups that missed it (must
#	be 0), listings that had it after its removal (must be 0); for each way
#	to remove one, for how long lookups still found it, and a control
#	(lslfs-fresh.c); TRIES=100000 by default
# memory	for 25 and for 100 containers of 3,000 programs: how long lsl
#	start and listings take, how much memory the daemon's processes hold, at
#	their most and at rest, and whether they wake up without a request
# pages	two containers of 20,000 programs, one of them with as many manual
#	pages: what a listing and lookups of one cost against the other; and man
#	-w of a container's page against that of the host's own, with 1,000
#	pages and with all: man reads the directory of the section
: "${LSL_TEST_LIMIT:=7200}"
export LSL_TEST_LIMIT
if [ -z "${LSL_TEST_ROOT:-}" ]; then
	LSL_BENCH=${*:-speed fresh memory pages}
	export LSL_BENCH
fi
bench=$(cd "$(dirname "$0")" && pwd -P)
. "$bench/../lib/lib.sh"
needs cc pgrep

# programs DIR COUNT: empty ones, which is all that a listing sees.
programs() {
	mkdir -p "$1"
	seq "$2" | sed "s|^|$1/some-program-|" | xargs touch
	find "$1" -name 'some-program-*' -exec chmod 0755 {} +
}

milliseconds() {
	before=$(date +%s%N)
	"$@" >/dev/null
	echo $((($(date +%s%N) - before) / 1000000))
}

memory_now() {
	for pid in $(lslfs_pids); do
		awk '/VmHWM|VmRSS/ { printf "%s %s kB  ", $1, $2 } END { print "" }' "/proc/$pid/status"
	done
}

list_all() {
	for _ in 1 2 3; do
		echo "ls -U of $1 commands: $(milliseconds ls -U "$LINKSDIR") ms"
	done
	memory_now
}

# How often the daemon's threads have waited for something, and what time they
# used.
wakeups() {
	for pid in $(lslfs_pids); do
		cat "/proc/$pid"/task/*/status
		awk '{ print "ticks:", $14 + $15 }' "/proc/$pid/stat"
	done | awk '/^voluntary/ { waits += $2 } /^ticks/ { ticks += $2 } END { print ticks "/" waits }'
}

bench_speed() {
	cc -O2 -o "$T/speed" "$bench/lslfs-speed.c"
	container debian
	programs "$T/rootfs/debian/usr/bin" 20000
	lsl start
	mkdir "$T/native"
	ls -f "$LINKSDIR" | grep : | sed "s|.*|$T/native/&|" |
		xargs -d '\n' -n 1 ln -s "$EXECUTOR" 2>/dev/null || :
	"$T/speed" "$LINKSDIR" "$T/native" debian "$T/rootfs/debian/usr/bin" "$T/rootfs/debian/bin"
	lsl stop
	pass "speed"
}

bench_fresh() {
	cc -O2 -o "$T/fresh" "$bench/lslfs-fresh.c"
	mkdir -p "$T/rootfs/fresh/opt/bin" "$T/rootfs/fresh/usr/bin"
	container fresh "path=$T/rootfs/fresh" "bins=/opt/bin;/usr/bin"
	lsl start fresh
	ok_tries=${TRIES:-100000}
	if "$T/fresh" "$LINKSDIR" fresh "$T/rootfs/fresh/opt/bin" "$ok_tries"; then
		pass "fresh: $ok_tries tries, none missed"
	else
		fail "fresh: $ok_tries tries, none missed"
	fi
	lsl stop
}

bench_memory() {
	: >"$CONFIG"
	programs "$T/rootfs/programs" 3000
	for i in $(seq 100); do
		mkdir -p "$T/rootfs/many$i/bin" "$T/rootfs/many$i/opt"
		cp -al "$T/rootfs/programs" "$T/rootfs/many$i/opt/bin"
		container "many$i" "bins=/opt/bin;/bin"
	done
	# shellcheck disable=SC2046 # names
	echo "lsl start of 25 containers: $(milliseconds lsl start $(seq -f many%.0f 25)) ms"
	list_all 75,000
	echo "lsl start of 75 more: $(milliseconds lsl start) ms"
	list_all 300,000
	sleep 6
	echo "at rest:"
	memory_now
	before=$(wakeups)
	sleep 5
	echo "processor ticks and waits in 5 s at rest: $before before, $(wakeups) after"
	lsl stop
	pass "memory"
}

# middle FILE: the median of its lines.
middle() {
	sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"
}
# compared WHAT: the medians of the times in the files a and b, and their ratio.
compared() {
	awk -v what="$1" -v a="$(middle a)" -v b="$(middle b)" 'BEGIN {
		printf "%-44s %8.1f ms against %8.1f ms  ratio %5.2f\n", what, a / 1000, b / 1000, a / b }'
}
# by_turns WHAT ROUNDS COMMAND: COMMAND a against COMMAND b.
by_turns() {
	: >a
	: >b
	for _ in $(seq "$2"); do
		for file in $(printf 'a\nb\n' | shuf); do
			before=$(date +%s%N)
			"$3" "$file" >/dev/null
			echo $((($(date +%s%N) - before) / 1000)) >>"$file"
		done
	done
	compared "$1"
}
container_of() {
	if [ "$1" = a ]; then echo with; else echo without; fi
}
list_container() {
	ls -U "$LINKSDIR/$(container_of "$1")"
}
look_up_commands() {
	seq -f "$LINKSDIR/$(container_of "$1"):some-program-%.0f" 2000 | xargs stat -c %s
}
find_page() {
	if [ "$1" = a ]; then man -w with:some-program-7; else man -w ls; fi
}

bench_pages() {
	needs man shuf
	for name in with without; do
		container $name
		programs "$T/rootfs/$name/usr/bin" 20000
	done
	pages=$T/rootfs/with/usr/share/man/man1/some-program-%.0f.1.gz
	mkdir -p "${pages%/*}"
	seq -f "$pages" 1000 | xargs touch
	lsl start
	unset MANPATH
	by_turns "man -w with:some-program-7, man -w ls" 51 find_page
	seq -f "$pages" 20000 | xargs touch
	by_turns "... with 20,000 pages in the section" 51 find_page
	by_turns "ls -U of one with pages, of one without" 51 list_container
	by_turns "2,000 lookups, of the same" 51 look_up_commands
	lsl stop
	pass "pages"
}

for name in $LSL_BENCH; do
	"bench_$name"
done
