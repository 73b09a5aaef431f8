# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # variables of lib.sh
#
# Functions for tests in which a user holds the locks of directories. Sourced
# after lib.sh.

holders=
held=0

# hold_lock DIRECTORY: a user holds it, until release.
hold_lock() {
	held=$((held + 1))
	mkdir "$W/own$held"
	"$LSL_TEST_STAGE/../helpers/holder" "$1" "$W/own$held" "$USERID" >"$W/held$held" 2>&1 &
	holders="$holders $!"
	ok "a user holds the lock of ${1#"$T"}" retry grep -q held "$W/held$held"
}

release() {
	# shellcheck disable=SC2086 # words
	end -KILL $holders
	# Each has a child, which holds the lock until its file system ends.
	retry sh -c '! pgrep -x holder'
	holders=
}

# in_time WHAT CMD...: CMD ends before retry gives up. Like run, but it does not
# wait for a process that is blocked in the kernel.
in_time() {
	what=$1
	shift
	ran="$*"
	rm -f "$W/ended"
	(
		code=0
		"$@" >"$W/out" 2>"$W/err" || code=$?
		echo $code >"$W/ended.new"
		mv "$W/ended.new" "$W/ended"
	) &
	if retry test -f "$W/ended"; then
		status=$(cat "$W/ended")
	else
		status=blocked
	fi
	out=$(cat "$W/out")
	err=$(cat "$W/err")
	if [ "$status" != blocked ]; then pass "$what"; else fail "$what"; fi
}
