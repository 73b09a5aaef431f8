#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a working directory that is another one when the program starts, or
# that only root can enter. Origin: CVE-2019-11503 (snap-confine),
# CVE-2024-21626 (runc).
#
# The program starts in the very same directory, which its caller can enter, or
# not at all.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs perl

container debian "mnt=$T/home"
mkdir -p "$W/twin" "$T/rootfs/debian$W/twin"
mkdir -m 0777 "$W/deep"
chmod 0777 "$W/deep"
lsl start

# refused WHAT CMD...
refused() {
	what=$1
	shift
	run "$@"
	is "$what: 125, and nothing runs" "$status$out" 125
	is "$what: in one line" "$(printf '%s\n' "$err" | wc -l)" 1
}

refused "a deleted directory" as_user sh -c "mkdir '$W/gone' && cd '$W/gone' && rmdir '$W/gone' && debian:echo ran"
refused "a deleted directory, replaced by another one" \
	as_user sh -c "mkdir '$W/gone' && cd '$W/gone' && rmdir '$W/gone' && mkdir '$W/other' && mv '$W/other' '$W/gone' && debian:echo ran"
refused "one below a directory that the caller cannot enter" \
	as_user sh -c "mkdir -p '$W/a/b' && cd '$W/a/b' && chmod 0 '$W/a' && debian:echo ran"
refused "one that the caller cannot enter any more" \
	as_user sh -c "mkdir -p '$W/c' && cd '$W/c' && chmod 0 '$W/c' && debian:echo ran"
refused "one that is longer than a path" \
	as_user perl -e 'chdir $ARGV[0]; for (1 .. 30) { mkdir "d" x 200; chdir "d" x 200 } exec "debian:echo", "ran"' "$W/deep"
mkdir -m 0700 "$T/rootsown"
refused "a directory of root in which a user was left" \
	sh -c "cd '$T/rootsown' && exec runuser -u alice -- debian:echo ran"

# The same path is another directory inside, which must not be used.
gives "a directory whose path leads to another one in the container" 0 "/oldRoot$W/twin" "" as_user sh -c "cd '$W/twin' && debian:pwd"

# No descriptor of lsl leads out, in either form, with descriptors of the caller
# in between.
native=$(as_user sh -c 'exec 7</dev/null; busybox ls /proc/self/fd | tr "\n" " "')
for form in "debian:busybox" "$EXECUTOR debian busybox"; do
	run as_user sh -c "exec 7</dev/null; $form ls /proc/self/fd | tr '\n' ' '"
	is "$form: the caller's descriptors and no others" "$out" "$native"
done
