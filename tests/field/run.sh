# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# For the scripts here that run the behaviour tests of one build in odd
# surroundings. Sourced.

# prepare BUILD: what the tests need is made there. Sets $build, and
# $LSL_TEST_STAGE for the tests.
prepare() {
	build=$(cd "$1" && pwd -P)
	if ! made=$(make -C "$build" check TESTS= 2>&1); then
		printf '%s\n' "$made" >&2
		exit 1
	fi
	LSL_TEST_STAGE=$build/tests/private
	export LSL_TEST_STAGE
}

# every_test: the names of all of them, as lslfs-unmounts, a line each.
every_test() {
	make -s -C "$build" list-tests | tr ' ' '\n' | sed 's,.*/,,; s,\.sh$,,'
}

# run_tests WHAT LOG TEST...: one after the other; what failed shows its LOG.
# False when one failed.
run_tests() {
	what=$1 log=$2 failed=0
	shift 2
	for test; do
		status=0
		began=$(date +%s)
		script=$(find "${tests:?}/behaviour" "$tests/attack" -name "$test.sh")
		(cd "$build" && sh "$script") >"$log" 2>&1 </dev/null || status=$?
		case $status in
		0) echo "PASS: $what: $test ($(($(date +%s) - began)) s)" ;;
		77) echo "SKIP: $what: $test: $(sed -n 's/^SKIP: //p' "$log" | head -n 1)" ;;
		*)
			echo "FAIL: $what: $test"
			sed 's/^/	/' "$log"
			failed=1
			;;
		esac
	done
	return $failed
}
