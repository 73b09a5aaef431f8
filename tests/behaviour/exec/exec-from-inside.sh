#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Commands work inside containers: those of other containers, and host:COMMAND
# for the host's own programs, as the same process, with the caller's terminal,
# directory and exit status. host=no keeps them out.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs script

# The directories of the host's programs in login.defs; with the command
# directory, which is not searched.
mkdir -p "$W/host/bin" "$W/host/sbin"
sed '/^[[:space:]]*ENV_/d' /etc/login.defs >"$W/login.defs"
cat >>"$W/login.defs" <<END
ENV_PATH	PATH=$W/host/bin:$LINKSDIR:/usr/bin:/bin
ENV_SUPATH	$LINKSDIR/debian:$W/host/sbin:$W/host/bin:/usr/sbin:/usr/bin:/sbin:/bin
END
mount --bind "$W/login.defs" /etc/login.defs
program "$W/host/bin/tool" 'echo "tool $*: $LSL_CONTAINER $PATH"'
program "$W/host/sbin/admin" 'echo admin'
ln -s "$LINKSDIR/debian:sh" "$W/host/bin/linked"
program "$W/host/bin/script" "pwd; exec $LINKSDIR/other:mine \"\$@\""

container debian "mnt=$T/home;$W/shared:/opt/elsewhere;$COVERAGE" "envPath=/usr/bin:/bin:$LINKSDIR"
container other ${COVERAGE:+"mnt=$COVERAGE"} "bins=/bin;/into;/usr/local/bin" "envPath=/bin:/usr/local/bin:$LINKSDIR"
container closed "mnt=$T/home;$COVERAGE" "host=no"
container ownrun "own=/run"
mkdir -p "$W/shared/deep" "$T/rootfs/debian/opt/tree"
chmod 0777 "$W/shared/deep"
program "$T/rootfs/other/bin/mine" 'echo "mine in $LSL_CONTAINER: $*"; pwd'
ln -s "$LINKSDIR" "$T/rootfs/other/into"
ln -s "$LINKSDIR/debian:sh" "$T/rootfs/other/usr/local/bin/linked"
ln -s linked "$T/rootfs/other/usr/local/bin/far"
ln -s "$EXECUTOR" "$T/rootfs/other/usr/local/bin/executor"
gives "they start" 0 "" "" lsl start
cd "$T/home/alice"
root=$T/rootfs/debian
user_path=$W/host/bin:$LINKSDIR:/usr/bin:/bin
root_path=$LINKSDIR/debian:$W/host/sbin:$W/host/bin:/usr/sbin:/usr/bin:/sbin:/bin

# in_debian SCRIPT...: inside. For root and for a user.
in_debian() {
	$as "$LINKSDIR/debian:sh" -c "$@"
}

for as in "" as_user; do
	who=${as:-root}
	[ -n "$as" ] && path=$user_path || path=$root_path
	gives "$who: another container's program" 0 "mine in other: a b
/oldRoot$T/home/alice" "" in_debian 'other:mine a b'
	gives "$who: a program of the host" 0 "tool a b:  $path" "" in_debian 'host:tool a b'
	gives "$who: by a path, and by its bare name" 0 "tool 1:  $path
tool 2:  $path" "" in_debian "$LINKSDIR/host:tool 1; $LINKSDIR/host/tool 2"
	gives "$who: exit status" 3 "" "" in_debian 'host:sh -c "exit 3"'
	run in_debian 'host:sh -c "kill \$\$"; echo $?'
	is "$who: death by a signal" "$out" 143
	gives "$who: the same process" 0 yes "" in_debian \
		'test $$ = "$(host:sh -c "echo \$PPID")" && test $$ = "$(other:sh -c "echo \$PPID")" && echo yes'
	gives "$who: no such program" 127 "" "lslExecutor: the host has no program nosuch" in_debian \
		"$MNTDIR/:lslExecutor host nosuch"
	gives "$who: by another path of lslExecutor inside" 0 "tool x:  $path" "" in_debian \
		"cd $MNTDIR && cd / && $MNTDIR/../subsys/:lslExecutor host tool x"
	gives "$who: out and in again" 0 "$T/home/alice
mine in other: x
/oldRoot$T/home/alice" "" in_debian 'host:script x'
	gives "$who: from the host as well" 0 "tool x:  $path" "" $as "$LINKSDIR/host:tool" x
	gives "$who: no loader's variables of the container" 0 "unset" "" in_debian \
		'LD_LIBRARY_PATH=/lib host:sh -c "echo \${LD_LIBRARY_PATH-unset}"'
	# Directories: outside they have another path.
	gives "$who: the caller's directory" 0 "$T/home/alice" "" in_debian 'host:pwd'
	gives "$who: /oldRoot is the host's root" 0 "/usr /" "" in_debian \
		'cd /oldRoot/usr; echo $(host:pwd) $(cd ..; host:pwd)'
	gives "$who: the container's own tree" 0 "$root/opt/tree $root" "" in_debian \
		'cd /opt/tree; echo $(host:pwd) $(cd /; host:pwd)'
	gives "... in another container" 0 "/oldRoot$root/opt/tree" "" in_debian 'cd /opt/tree; other:pwd'
	gives "$who: an element of mnt at another path" 0 "$W/shared/deep /oldRoot$W/shared/deep" "" in_debian \
		'cd /opt/elsewhere/deep; echo $(host:pwd) $(other:pwd)'
	gives "$who: directories that every container has" 0 "/dev/pts /proc /dev/pts" "" in_debian \
		'cd /dev/pts; echo $(host:pwd) $(cd /proc; host:pwd) $(other:pwd)'
	gives "$who: PWD agrees" 0 "$root/opt/tree" "" in_debian 'cd /opt/tree; host:sh -c "echo \$PWD"'
	gives "$who: without any variable" 0 "$root/opt/tree" "" in_debian "cd /opt/tree; env -i $LINKSDIR/host:pwd"
	# Scripts.
	program "$root/opt/tree/script" 'echo unused'
	sed -i "1s|.*|#!$LINKSDIR/host:sh|; 2s|.*|echo \"\$0 \$1\"|" "$root/opt/tree/script"
	gives "$who: an interpreter on the host" 0 "$root/opt/tree/script a" "" in_debian '/opt/tree/script a'
	cp "$root/opt/tree/script" "$W/shared/deep/script"
	gives "... for a script that mnt has" 0 "$W/shared/deep/script a" "" in_debian '/opt/elsewhere/deep/script a'
	sed -i "1s|host:sh|other:sh|" "$root/opt/tree/script"
	gives "... one of another container's" 0 "/oldRoot$root/opt/tree/script a" "" in_debian '/opt/tree/script a'
	# The container's own lslExecutor is not ours.
	mkdir -p "$root${EXECUTOR%/*}"
	program "$root$EXECUTOR" 'echo foreign'
	ln -sf "$LINKSDIR/host:sh" "$T/home/alice/interpreter"
	printf '#!%s/home/alice/interpreter\necho "$0"\n' "$T" >"$T/home/alice/linked"
	chmod 0755 "$T/home/alice/linked"
	gives "$who: an interpreter on the host by a link" 0 "$T/home/alice/linked" "" in_debian "$T/home/alice/linked"
	rm "$root$EXECUTOR"
	# A script with another name on the host, which has another file of this
	# name.
	ln -sf "$T/there/script" "$root/opt/tree/linked"
	mkdir -p "$root$T/there" "$T/there"
	cp "$root/opt/tree/script" "$root$T/there/script"
	program "$T/there/script" 'echo the host'
	for name in host other; do
		sed -i "1s|.*|#!$LINKSDIR/$name:sh|" "$root$T/there/script"
		[ $name = host ] && where="on the host" || where="in other"
		gives "$who: never another file ($name)" 125 "" \
			"lslExecutor: the script /opt/tree/linked is not visible $where" in_debian '/opt/tree/linked a'
	done
	rm -r "$T/there" "$root$T/there" "$root/opt/tree/linked"
	# A link to a command is no program.
	for name in linked far executor debian:sh; do
		gives "$who: $name is no command of the container other" 127 "" \
			"lslExecutor: other has no program $name (lsl which $name)" $as "$EXECUTOR" other "$name"
		not_ok "... nor found" ls "$LINKSDIR/other/$name"
		is "... nor listed" "$(ls "$LINKSDIR/other" | grep -cx "$name")" 0
	done
	gives "$who: a link to a command is no program of the host" 127 "" \
		"lslExecutor: the host has no program linked" $as "$EXECUTOR" host linked
	is "... nor listed" "$(ls "$LINKSDIR/host" | grep -cx linked)" 0
	gives "$who: a user's own link to a command works inside" 0 other "" in_debian \
		"ln -sf $LINKSDIR/other:sh \"\$0\"; \"\$0\" -c 'echo \$LSL_CONTAINER'" "$T/home/alice/link"
	gives "$who: not with host=no" 0 none "" $as "$LINKSDIR/closed:sh" -c \
		"$LINKSDIR/host:true 2>/dev/null || $MNTDIR/:lslExecutor host true 2>/dev/null || echo none"
	gives "$who: with own=/run" 0 "tool x:  $path" "" $as "$LINKSDIR/ownrun:sh" -c "$LINKSDIR/host:tool x"
done
gives "a program that is only in root's PATH" 0 admin "" debian:sh -c 'host:admin'
gives "... is not found for a user" 127 "" "lslExecutor: the host has no program admin" as_user debian:sh -c 'host:admin'
ok "programs of the host are listed in a directory of their own" ls "$LINKSDIR/host/tool"
is "... and not among the commands" "$(ls "$LINKSDIR" | grep -c ^host)" 0
debian:sh -c "mount -t tmpfs inner /tmp && mkdir /tmp/only-inside"
gives "a directory that has no place outside" 125 "" \
	"lslExecutor: cannot enter the working directory on the host: it was deleted or is not visible there" \
	debian:sh -c 'cd /tmp/only-inside; host:true'
is "the terminal stays the same" "$(LSL_QUIET=1 script -qec "$LINKSDIR/debian:sh -c 'tty; host:tty; other:tty'" /dev/null </dev/null |
	tr -d '\r' | sort -u | wc -l)" 1
# Circles come to an end: a script whose interpreter leads back to it, alone or
# by way of others, and scripts that execute each other.
circle="is not run: commands seem to call each other in a circle (LSL_DEPTH counts them; unset it if they do not)"
echo "#!$LINKSDIR/debian:self" >"$T/rootfs/debian/usr/bin/self"
echo "#!$LINKSDIR/other:round" >"$T/rootfs/debian/usr/bin/round"
echo "#!$LINKSDIR/host:round" >"$T/rootfs/other/bin/round"
echo "#!$LINKSDIR/debian:round" >"$W/host/bin/round"
program "$T/rootfs/debian/usr/bin/scripts" "$LINKSDIR/host:scripts"
program "$W/host/bin/scripts" "exec $LINKSDIR/debian:scripts"
chmod 0755 "$T/rootfs/debian/usr/bin/self" "$T/rootfs/debian/usr/bin/round" "$T/rootfs/other/bin/round" "$W/host/bin/round"
run debian:sh -c "LSL_DEPTH=98 $LINKSDIR/other:sh -c '$LINKSDIR/host:true'"
is "the hundredth call is not run" "$status $out$err" "125 lslExecutor: host:true $circle"
for name in debian:self debian:round other:round host:round debian:scripts host:scripts; do
	run as_user timeout -s KILL 300 "$LINKSDIR/$name"
	like "$name ends" "$status $out$err" "125 lslExecutor: *:${name#*:} $circle"
done
gives "a call from the host is not counted" 0 "unset" "" debian:sh -c 'echo ${LSL_DEPTH-unset}'
gives "... those from inside are" 0 "02" "" debian:sh -c 'other:sh -c "host:sh -c \"echo \\\$LSL_DEPTH\""'
gives "... each branch for itself" 0 "01
01" "" debian:sh -c 'other:sh -c "echo \$LSL_DEPTH"; other:sh -c "echo \$LSL_DEPTH"'
as=as_user
# The command directory appears and disappears.
umount "$LINKSDIR"
retry no_lslfs
not_ok "without a command directory on the host there is none inside" in_debian 'ls /proc/self/root"$0"/other' "$LINKSDIR"
lsl start
gives "one that is mounted later shows" 0 "mine in other: 
/oldRoot$T/home/alice" "" in_debian 'other:mine'
kill_lslfs
lsl start
gives "... after its daemon was killed, too" 0 "tool :  $user_path" "" in_debian 'host:tool'
# Changes of the host.
gives "after a refresh" 0 "" "" lsl refresh
gives "... commands are what they were" 0 "tool :  $user_path" "" in_debian 'host:tool'
cp -p "$EXECUTOR" "$W/new"
[ "$LSL_TEST_PRIVILEGE" = setuid ] || setcap cap_sys_admin,cap_sys_chroot+ep "$W/new"
[ "$LSL_TEST_PRIVILEGE" = filecaps ] || chmod 4755 "$W/new"
mv "$W/new" "$EXECUTOR"
gives "lslExecutor is upgraded" 0 "" "" lsl refresh
is "... inside, too" "$(debian:stat -c %i "$MNTDIR/:lslExecutor")" "$(stat -c %i "$EXECUTOR")"
gives "... where it has its privilege" 0 "tool :  $user_path" "" in_debian 'host:tool'
is "... and its mount is not the host's" "$(findmnt -n -o PROPAGATION --target "$EXECUTOR" | grep -c slave)" 0
echo "ENV_PATH /usr/bin:/bin" >"$W/login.defs"
lsl refresh
gives "login.defs is read again" 0 /usr/bin:/bin "" in_debian 'host:sh -c "echo \$PATH"'
# Older kernels.
sed -i 's/^\(namespace=[0-9]*:[0-9]*\):.*/\1/' "$MNTDIR/:host:record" "$MNTDIR/other:record"
cannot="from this mount namespace (a unit with PrivateTmp= or the like, unshare -m, ip netns exec, or a container?): before Linux 6.18 only root can"
gives "without ids a user's say why" 125 "" "lslExecutor: cannot enter the host $cannot" in_debian 'host:true'
gives "... of another container" 125 "" "lslExecutor: cannot enter other $cannot" in_debian 'other:true'
as=
gives "... and root's commands work" 0 "mine in other: 
/oldRoot$root
/sbin:/bin:/usr/sbin:/usr/bin" "" in_debian 'cd /; other:mine; host:sh -c "echo \$PATH"'
gives "... where $MNTDIR is hidden, too" 0 "$T/home/alice" "" unshare -m --propagation slave \
	sh -c 'mount -t tmpfs -o mode=0755 run "$0" && exec "$@"' "${MNTDIR%/*}" "$EXECUTOR" host pwd
gives "stop" 0 "" "" lsl stop
ok "the daemon ends" retry no_lslfs
not_ok "nothing is left" ls -d "$MNTDIR"
