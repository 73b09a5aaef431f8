#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The exit status is the program's own, and death by a signal is death by that
# signal. lsl's own exit statuses are 127 (no such program), 126 (it cannot be
# executed) and 125 (any other failure).
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs bash

container debian
lsl start

for n in 0 1 2 42 125 126 127 128 255; do
	run as_user debian:sh -c "exit $n"
	is "exit status $n" "$status" $n
done
# A shell prints 128 + n for both; the status of wait(2) differs. Under nohup(1)
# the test ignores SIGHUP.
program "$W/how" "perl -e '\$SIG{HUP} = \"DEFAULT\"; system { \$ARGV[0] } @ARGV; printf \"%d %d\n\", \$? & 127, \$? >> 8' \"\$@\""
for sig in 9 15 2 1 13 6; do
	gives "death by signal $sig" 0 "$sig 0" "" as_user "$W/how" debian:sh -c "kill -$sig \$\$"
done
run as_user "$EXECUTOR" debian nosuchprogram
is "no such program: 127" "$status" 127
echo text >"$T/rootfs/debian/bin/text"
run as_user "$EXECUTOR" debian text
is "no execute bit: 126" "$status" 126
mkdir "$T/rootfs/debian/bin/directory"
run as_user "$EXECUTOR" debian directory
is "a directory is not a program: 127" "$status" 127
echo '#!/no/such/interpreter' >"$T/rootfs/debian/bin/orphan"
chmod 0755 "$T/rootfs/debian/bin/orphan"
run as_user debian:orphan
is "a missing interpreter: 126" "$status" 126
printf '\177ELF nonsense' >"$T/rootfs/debian/bin/nonsense"
chmod 0755 "$T/rootfs/debian/bin/nonsense"
run as_user "$W/how" debian:nonsense
is "a file that is not a program: 126" "$out" "0 126"
run as_user "$EXECUTOR" arch sh
is "a container that is not started: 125" "$status" 125
run as_user "$EXECUTOR"
is "called by its own name without arguments: 125" "$status" 125
for option in --help --version; do
	run sh -c "'$EXECUTOR' $option >/dev/full"
	is "$option that cannot be written: 125, and why" "$status $err" "125 lslExecutor: cannot write: No space left on device"
done

gives "a pipeline has the status of its last program" 3 "" "" \
	sh -c 'debian:echo x | debian:sh -c "cat >/dev/null; exit 3"'
gives "a writer without a reader dies of SIGPIPE" 0 "y
141" "" as_user bash -c 'debian:yes | head -n 1; echo "${PIPESTATUS[0]}"'
