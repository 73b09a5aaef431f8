#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs in a container call programs of the host and of other containers in
# everyday work: make with another container's compiler, git with an editor and
# filters of the host, jobs that cron starts. lsl finds these processes.
. "$(dirname "$0")/../../lib/lib.sh"
needs gcc git make setsid

usr_rootfs "$T/rootfs/tools"
usr_rootfs "$T/rootfs/compiler"
container tools "mnt=$USR_MNT;$T/home" "bins=/usr/bin" "envPath=/usr/bin:/bin:$LINKSDIR"
container compiler "mnt=$USR_MNT;$T/home" "bins=/opt/bin;/usr/bin"
mkdir -p "$T/rootfs/compiler/opt/include"
echo '#define WHERE "by the other container"' >"$T/rootfs/compiler/opt/include/where.h"
container busy
gives "they start" 0 "" "" lsl start
cd "$T/home/alice"

as_user mkdir project
cd project
as_user sh -c 'printf "%s\n" "#include <stdio.h>" "#include <where.h>" \
	"int main(void) { puts(WHERE); return 0; }" >program.c'
not_ok "the container itself cannot build it" as_user tools:make -s CFLAGS=-I/opt/include program
gives "make inside with CC=compiler:gcc" 0 "" "" as_user tools:make -s CC=compiler:gcc CFLAGS=-I/opt/include program
gives "... and it runs" 0 "by the other container" "" as_user ./program
for i in 1 2 3 4 5 6 7 8; do
	as_user sh -c "echo 'int f$i(void) { return $i; }' >f$i.c"
done
gives "... -j8" 0 "" "" as_user tools:make -s -j8 CC=compiler:gcc f1.o f2.o f3.o f4.o f5.o f6.o f7.o f8.o
printf 'where:\n\t@host:pwd; echo $$LSL_CONTAINER\n' >rules.mk
gives "a rule of make's that runs a program of the host" 0 "$T/home/alice/project
tools" "" as_user tools:make -s -f rules.mk where

as_user git init -q .
as_user git config user.name alice
as_user git config user.email alice@localhost
as_user git add program.c
gives "git inside with an editor of the host" 0 "" "" as_user env "GIT_EDITOR=host:sed -i 1s/^/by-the-host/" \
	tools:git commit -q
is "... which has written the message" "$(as_user git log -1 --format=%s)" "by-the-host"
as_user git config filter.upper.clean "host:tr a-z A-Z"
as_user git config filter.upper.smudge "compiler:tr A-Z a-z"
as_user sh -c 'echo "*.txt filter=upper" >.gitattributes; echo words >file.txt'
gives "git inside with a filter of the host" 0 "" "" as_user tools:git add file.txt
is "... which has filtered" "$(as_user git cat-file -p :file.txt)" WORDS
as_user rm file.txt
gives "... and one of another container" 0 "" "" as_user tools:git checkout -q -- file.txt
is "... likewise" "$(cat file.txt)" words
gives "xargs inside" 0 "$(printf '%s\n' 1 2 3)" "" as_user tools:sh -c "printf '1 2 3' | xargs -n1 host:echo"
gives "find inside" 0 "./program.c" "" as_user tools:find . -name program.c -exec compiler:echo '{}' ';'

# Like cron: no terminal, a new session, almost no environment.
gives "a cron job that enters a container and leaves it again" 0 "alice $T/home/alice/project" "" as_user \
	setsid env -i HOME="$T/home/alice" SHELL=/bin/sh PATH=/usr/bin:/bin /bin/sh -c \
	"$LINKSDIR/tools:sh -c '$LINKSDIR/host:sh -c \"echo \\\$(id -un) \\\$(pwd)\"'"

# The processes in lsl ps.
as_user tools:sh -c "$LINKSDIR/busy:sleep 1000 & $LINKSDIR/host:sleep 1001 & exec sleep 1002" &
job=$!
retry sh -c 'test "$(pgrep -x -c sleep)" = 3'
like "lsl ps shows a program where it runs" "$(lsl ps)" "*busy*sleep 1000*tools*sleep 1002*"
is "... one of the host's in no container" "$(lsl ps | grep -c 'sleep 1001')" 0
run lsl stop busy
like "lsl stop names one that was called from another container" "$err" "*busy: still running: * sleep 1000*"
run lsl stop --kill tools
is "lsl stop --kill ends those inside" "$(pgrep -x -a sleep | cut -d ' ' -f 2- | sort | tr '\n' ',')" "sleep 1000,sleep 1001,"
pkill -x sleep
wait $job 2>/dev/null || :
