#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs in a container call programs of the host and of other containers in
# everyday work: make with another container's compiler, git with the host's
# gpg, with an editor and filters of the host, an editor with another
# container's language server, the host's xdg-open, jobs that cron starts. lsl
# finds these processes.
. "$(dirname "$0")/../../lib/lib.sh"
needs gcc git gpg gpg-agent make python3 setsid

# The host's own programs, where login.defs has them looked for.
mkdir -p "$W/host"
sed '/^[[:space:]]*ENV_/d' /etc/login.defs >"$W/login.defs"
echo "ENV_PATH PATH=$W/host:/usr/bin:/bin" >>"$W/login.defs"
mount --bind "$W/login.defs" /etc/login.defs
program "$W/host/xdg-open" 'echo "$1 on $DISPLAY ${LSL_CONTAINER:-outside}: $(cat "$1")" >"$HOME/opened"'

usr_rootfs "$T/rootfs/tools"
usr_rootfs "$T/rootfs/compiler"
# git gives gpg the name of a file in /tmp, which lsl create has in mnt, too.
mount -t tmpfs -o mode=1777 tmp /tmp
container tools "mnt=$USR_MNT;$T/home;/tmp" "bins=$USR_BINS" "envPath=/usr/bin:/bin:$LINKSDIR"
container compiler "mnt=$USR_MNT;$T/home" "bins=/opt/bin;$USR_BINS"
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
# What xdg-open, podman or a browser of the host find is what they find outside.
program "$W/host/surroundings" <<'END'
for kind in mnt pid net ipc uts user cgroup; do
	readlink "/proc/self/ns/$kind"
done
cat /proc/self/cgroup
id
env | grep -e ^DISPLAY= -e ^DBUS -e ^XDG_RUNTIME | sort
END
session="DISPLAY=:7 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$USERID/bus XDG_RUNTIME_DIR=/run/user/$USERID"
# shellcheck disable=SC2086 # words
gives "a program of the host's has the host's namespaces, cgroup and session" 0 "$(as_user env $session "$W/host/surroundings")" "" \
	as_user env $session "$LINKSDIR/tools:sh" -c 'exec host:surroundings'
gives "host:xdg-open opens a file of the container's caller" 0 "" "" \
	as_user env DISPLAY=:7 "$LINKSDIR/tools:sh" -c 'host:xdg-open file.txt'
is "... by the name that it has there" "$(cat "$T/home/alice/opened")" "file.txt on :7 outside: words"

# git commit -S: the host's keys and agent sign what git in the container gives.
GNUPGHOME=$T/home/alice/gnupg
export GNUPGHOME
as_user mkdir -m 0700 "$GNUPGHOME"
as_user gpg --batch -q --passphrase '' --quick-gen-key alice@localhost default default never 2>/dev/null
as_user git config gpg.program host:gpg
as_user git config user.signingkey alice@localhost
gives "git inside signs with host:gpg" 0 "" "" as_user tools:git commit -q -S -m signed
is "... git outside finds the signature good" "$(as_user git -c gpg.program=gpg log -1 --format=%G?:%s)" G:signed
is "... and git inside, too" "$(as_user tools:git log -1 --format=%G?:%s)" G:signed
as_user gpgconf --kill gpg-agent
unset GNUPGHOME

# An editor starts a language server and talks with it over its standard input
# and output. The server reads the project by the paths that the editor names.
cat >"$T/rootfs/compiler/opt/bin/clangd" <<'END'
#!/usr/bin/python3
import json, os, sys
while True:
    size = 0
    while (line := sys.stdin.buffer.readline().strip()):
        size = int(line.split(b":")[1])
    if not size:
        sys.exit(0)
    request = json.loads(sys.stdin.buffer.read(size))
    text = open(request["params"]["uri"].removeprefix("file://")).readline().strip()
    include = os.path.exists("/opt/include/where.h")
    answer = json.dumps({"id": request["id"], "result": [text, include, os.getcwd(), os.getpid()]}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(answer), answer))
    sys.stdout.buffer.flush()
END
cat >"$T/rootfs/tools/opt/bin/editor" <<'END'
#!/usr/bin/python3
import json, os, subprocess, sys
server = subprocess.Popen(["compiler:clangd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for number in 1, 2:
    request = json.dumps({"id": number, "method": "hover", "params": {"uri": "file://" + os.path.abspath(sys.argv[1])}}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(request), request))
    server.stdin.flush()
    size = int(server.stdout.readline().split(b":")[1])
    server.stdout.readline()
    answer = json.loads(server.stdout.read(size))
    print(answer["id"], *answer["result"][:3], answer["result"][3] == server.pid)
server.stdin.close()
print(server.wait())
END
chmod 0755 "$T/rootfs/compiler/opt/bin/clangd" "$T/rootfs/tools/opt/bin/editor"
gives "an editor inside with another container's language server" 0 "1 #include <stdio.h> True $T/home/alice/project True
2 #include <stdio.h> True $T/home/alice/project True
0" "" as_user "$EXECUTOR" tools /opt/bin/editor program.c

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
# With -f: a zombie has no arguments.
is "lsl stop --kill ends those inside" "$(pgrep -f -a '^sleep 100' | cut -d ' ' -f 2- | sort | tr '\n' ',')" "sleep 1000,sleep 1001,"
pkill -x sleep
wait $job 2>/dev/null || :
