# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# The findings of lsl check. Sourced after lib.sh. SEVERITY is ok, warning,
# error or unknown; PATTERN is a pattern as in case, for the rest of the line.

# shellcheck disable=SC2154 # of lib.sh

# told WHAT SEVERITY PATTERN: a line of the last "run" matches.
told() {
	found=
	while read -r severity line; do
		# shellcheck disable=SC2254 # a pattern is meant
		case $severity/$line in
		"$2"/$3) found=yes ;;
		esac
	done <<END
$out
END
	is "$1: $2" "$found" yes
}

# finds WHAT SEVERITY PATTERN: lsl check, which is run.
finds() {
	run lsl check
	told "$@"
}

# finds_no WHAT PATTERN: no line of lsl check; the pattern is for all of it.
finds_no() {
	run lsl check
	# shellcheck disable=SC2254 # a pattern is meant
	case $out in
	$2) fail "$1" ;;
	*) pass "$1" ;;
	esac
}
