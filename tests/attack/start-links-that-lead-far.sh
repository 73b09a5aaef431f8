#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: a root filesystem full of symbolic links that the kernel follows for a
# hundredth of a second each: 39 links, each with a path of 1,600 directories. A
# hundred kilobytes of an archive are thousands of them.
#
# lsl create, status, check and start stop after seconds, and so does the
# command directory, whose other containers are listed.
# shellcheck disable=SC2086 # LSL_FLAGS are words
. "$(dirname "$0")/../lib/lib.sh"
needs python3

R=$T/rootfs/far
container other
mkdir -p "$R/usr/local/sbin" "$R/usr/bin" "$R/etc" "$R/d"
# A program whose architecture is not known, so that all others are looked at.
echo '#!/bin/x' >"$R/usr/local/sbin/x"
chmod 0755 "$R/usr/local/sbin/x"
python3 - "$R" <<'PYTHON'
import os, sys
os.chdir(sys.argv[1])
far = "d/../" * 800
for i in range(39):
    os.symlink("/" + far + ("far%d" % (i + 1) if i < 38 else "none"), "far%d" % i)
for i in range(20000):
    os.symlink("/far0", "usr/bin/c%d" % i)
PYTHON
in_a_minute() {
	run timeout -s KILL 60 "$@"
}
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS create far --from "$R"
is "lsl create ends" "$status:$out" "0:ls $LINKSDIR/far"
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS status
like "lsl status ends" "$status:$out" "0:*far *started*"
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS check
is "lsl check ends" "$((status < 3))" 1
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS start other
is "lsl start ends" "$status" 0
in_a_minute ls "$LINKSDIR"
like "the command directory is listed" "$status:$out" "0:*other:true*"
is "... and commands run" "$(as_user other:echo ran)" ran
lsl stop

# A directory as deep as paths can lead, at the end of many libraries' links.
python3 - "$R" <<'PYTHON'
import os, sys
os.chdir(sys.argv[1])
for i in range(3000):
    os.symlink("d/" * 2000 + "none", "lib%d" % i)
for i in range(2000):
    os.mkdir("d") if i else None
    os.chdir("d")
PYTHON
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS start far
like "libraries in a deep directory: lsl start ends" "$status:$err" "1:*far: not started: *that takes too long"
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS check
like "... and lsl check, which says so" "$status:$out" "2:*far: root filesystem $R: *takes too long*"
in_a_minute "$T/usr/bin/lsl" $LSL_FLAGS start other
is "... and the other container starts" "$status" 0
