# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# For tests in which lsl registers handlers of binfmt_misc, which are for the
# whole machine. Sourced after lib.sh.

needs flock

# lock_handlers -x|-s: from now to its end the test is the only one on this
# machine that registers handlers, also where others run in another root
# filesystem; with -s, others with -s may. $BINFMT is binfmt_misc. False: the
# kernel has none.
lock_handlers() {
	BINFMT=$T/binfmt_misc
	mkdir "$BINFMT"
	mount -t binfmt_misc binfmt_misc "$BINFMT" 2>/dev/null || return 1
	# The same file in every mount of it.
	exec 9<"$BINFMT/status"
	flock "$1" 9
}
