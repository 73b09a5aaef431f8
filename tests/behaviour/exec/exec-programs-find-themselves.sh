#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Programs find their own installation by argv[0], in PATH if it is a bare name.
# So argv[0] is the bare name if the program's PATH leads to the executed file,
# otherwise the path. A script gets its path inside the container.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs bash python3 gcc strace perl node

container debian "mnt=$T/home" "bins=/opt/tool/bin;/opt/venv/bin;/usr/bin;/bin;/opt/one/single" "envPath=/merged:/usr/bin:/bin"
container plain "bins=/opt/tool/bin;/usr/bin;/bin"
usr_rootfs "$T/rootfs/real"
container real "path=$T/rootfs/real" "mnt=$USR_MNT" "bins=$T/venv/bin;/opt/gcc/bin;/opt/perl/bin;/opt/node/bin;/usr/bin" "envPath=/usr/bin:/bin"
R=$T/rootfs/debian
mkdir -p "$T/private" "$R/opt/tool/bin" "$R/opt/venv/bin" "$R/opt/one" "$T/rootfs/plain/opt/tool/bin"
say_program "$R/opt/tool/bin/say" "$R/usr/bin/say" "$R/usr/bin/tell" "$R/opt/one/single" "$R/opt/tool/bin/-dash" \
	"$T/rootfs/plain/opt/tool/bin/say" "$T/rootfs/plain/bin/tell"
ln -s usr/bin "$R/merged"
ln -s /usr/bin/tell "$R/opt/venv/bin/python"
ln -s tell "$R/usr/bin/python"
lsl start debian plain

says "PATH leads to it: the bare name" "debian <tell>" as_user debian:tell
says "... also through a link to the directory" "debian <tell>" as_user "$EXECUTOR" debian tell
says "in bins, where PATH leads to another: its path" "debian </opt/tool/bin/say>" as_user debian:say
says "... by the bare name's path" "debian </opt/tool/bin/say>" as_user "$LINKSDIR/debian/say"
says "... by lslExecutor" "debian </opt/tool/bin/say>" as_user "$EXECUTOR" debian say
ln -s "$LINKSDIR/debian:say" "$T/home/alice/tool"
says "... through a link of the user's" "debian </opt/tool/bin/say>" as_user "$T/home/alice/tool"
says "... a link beside others to the same file is another program" "debian </opt/venv/bin/python>" as_user debian:python
says "... a single file" "debian </opt/one/single>" as_user debian:single
says "... called with a dash" "debian </opt/tool/bin/-dash>" as_user debian:-dash
says "given by its absolute path: that path" "debian </usr/bin/tell>" as_user "$EXECUTOR" debian /usr/bin/tell
says "a login shell has its dash" "debian <-say>" as_user bash -c "exec -l -a debian:say $LINKSDIR/debian:say"
says "the caller's choice stays" "debian <other>" as_user bash -c "exec -a other $LINKSDIR/debian:say"
says "... through a link" "debian <other>" as_user bash -c 'exec -a other ~/tool'

says "without envPath the caller's PATH counts" "plain <say>" env "PATH=/opt/tool/bin" "$LINKSDIR/plain:say"
says "... which leads elsewhere" "plain </opt/tool/bin/say>" as_user plain:say
says "... which is empty" "plain </bin/tell>" env PATH= "$LINKSDIR/plain:tell"
says "... which is not there" "plain </bin/tell>" env -i "$LINKSDIR/plain:tell"
says "... to the working directory" "plain <tell>" sh -c "cd $T/rootfs/plain/bin && PATH=/nowhere::/bin exec $LINKSDIR/plain:tell"
cp "$T/rootfs/plain/bin/tell" "$W/tell"
says "... where another file is" "plain </bin/tell>" sh -c "cd $W && PATH=:/bin exec $LINKSDIR/plain:tell"
chmod 0644 "$W/tell"
says "... that is not executable" "plain <tell>" sh -c "cd $W && PATH=:/bin exec $LINKSDIR/plain:tell"

# Scripts, in a directory that the container has, and in one that it sees below
# /oldRoot.
for script in "$T/home/script" "$W/script" "$W/elsewhere"; do
	printf '#!%s/debian:sh -u\necho "host $0 $*"\n' "$LINKSDIR" >"$script"
	chmod 0755 "$script"
done
says "a script that the container has by the same path" "host $T/home/script x" as_user "$T/home/script" x
says "one that it has not" "host /oldRoot$W/script x $W/script" as_user "$W/script" x "$W/script"
ln -s "$LINKSDIR/debian:sh" "$W/interpreter"
sed "1s|.*|#!$W/interpreter -u|" "$W/script" >"$W/linked"
chmod 0755 "$W/linked"
says "... where its interpreter is a link to a command" "host /oldRoot$W/linked x" as_user "$W/linked" x
says "... by a relative path" "host ./script x" as_user sh -c "cd $W && ./script x"
mkdir -p "$R$W"
program "$R$W/script" 'echo container'
says "... where the container has another of that name" "host /oldRoot$W/script x" as_user "$W/script" x
ln -s "$W/elsewhere" "$W/absolute"
says "... through an absolute link of the host's" "host /oldRoot$W/elsewhere x" as_user "$W/absolute" x
ln -s "$T/home/script" "$W/known"
says "... that leads to what the container has" "host /oldRoot$W/known x" as_user "$W/known" x
chmod 0700 "$T/test"
says "root's program, in a closed directory" "host /oldRoot$W/script x" "$W/script" x
chmod 1777 "$T/test"
# A service's RestrictSUIDSGID= refuses openat2.
refused() {
	timeout 60 strace -f -qq -o /dev/null -e trace=openat2 -e inject=openat2:error=ENOSYS "$@"
}
says "where openat2 is refused: one that the container has" "host $T/home/script x" refused "$T/home/script" x
says "... one that it has not, with another of that name" "host /oldRoot$W//script x" refused "$W//script" x
says "... one by .." "host /oldRoot$W/../test/script x" refused "$W/../test/script" x
program "$R$W/absolute" 'echo container'
gives "... one by a link: 125" 125 "" "lslExecutor: the script $W/absolute is not visible in debian" refused "$W/absolute"
mount --bind "$T/private" "$T/private"
mount --make-private "$T/private"
mount -t tmpfs -o mode=0755 private "$T/private"
cp "$W/script" "$T/private"
gives "one that the container cannot see: 125" 125 "" \
	"lslExecutor: the script $T/private/script is not visible in debian" as_user "$T/private/script"
gives "... where openat2 is refused, too" 125 "" \
	"lslExecutor: the script $T/private/script is not visible in debian" refused "$T/private/script"
umount "$T/private"

# Real programs.
python3 -m venv --without-pip "$T/rootfs/real$T/venv" >/dev/null
mkdir -p "$T/rootfs/real/opt/gcc/bin"
cp "$(readlink -f "$(command -v gcc)")" "$T/rootfs/real/opt/gcc/bin/gcc"
lsl start real
sed -i "s|$T/rootfs/real||" "$T/rootfs/real$T/venv/pyvenv.cfg"
gives "Python knows its environment" 0 "$T/venv" "" as_user real:python -c 'import sys; print(sys.prefix)'
gives "... and itself where there is no PATH" 0 "/usr/bin/python3.x" "" \
	env -i "$EXECUTOR" real /usr/bin/python3 -c 'import sys; print("/usr/bin/python3.x" if sys.executable.startswith("/usr/bin/python3") else sys.executable)'
for program in perl node; do
	mkdir -p "$T/rootfs/real/opt/$program/bin"
	cp "$(readlink -f "$(command -v $program)")" "$T/rootfs/real/opt/$program/bin/$program"
done
gives "Perl knows where it lies" 0 /opt/perl/bin/perl "" as_user real:perl -e 'print "$^X\n"'
is "node, too" "$(as_user real:node -p process.execPath 2>/dev/null)" /opt/node/bin/node
run as_user real:gcc -print-search-dirs
like "gcc finds its parts from its own place" "$out" "install: /opt/gcc/bin/../lib/gcc/*"
