#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The defaults of lsl create for a container: bins and envPath of its login
# shells, an interpreter, the host's people, a locked root. A directory is
# adopted unchanged. lsl check finds remains, and lsl remove deletes nothing
# that is in use.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
# shellcheck source=tests/lib/binfmt.sh
. "$tests/lib/binfmt.sh"

STATE=$T/var/lib/lsl
R=$T/rootfs/source
section=$CONFIG.d/box.conf
busybox_rootfs "$R"
# made: creates a container from the present files in $R.
made() {
	tar -C "$R" -cf rootfs.tar .
	run lsl create box --from ./rootfs.tar "$@"
}
gone() {
	run lsl remove box --yes
	[ "$status" = 0 ] || fail "it is removed"
}
value() {
	sed -n "s/^$1=//p" "$section"
}

# Directories of programs.
mkdir -p "$R/usr/sbin" "$R/sbin" "$R/usr/games" "$R/opt/tools/bin"
printf '# ENV_PATH PATH=/wrong\nENV_SUPATH\tPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nENV_PATH PATH=/usr/local/bin:/usr/bin:/bin:/usr/games\n' >"$R/etc/login.defs"
printf 'PATH="/usr/bin:/opt/tools/bin"\n' >"$R/etc/environment"
printf 'if true; then\n  export PATH="$PATH:/nowhere"\nfi\n' >"$R/etc/profile"
made
is "bins: existing directories of login.defs and environment, root's first" "$(value bins)" \
	"/usr/local/bin;/usr/sbin;/usr/bin;/sbin;/bin;/usr/games;/opt/tools/bin"
is "envPath: the same, and the commands last" "$(value envPath)" \
	"/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/opt/tools/bin:$LINKSDIR"
is "... programs have it" "$(box:sh -c 'echo $PATH')" "$(value envPath)"
is "... commands are found in the container too" "$(box:sh -c "command -v box:ls")" "$LINKSDIR/box:ls"
gone
rm -r "$R/sbin" "$R/etc/login.defs" "$R/etc/environment" "$R/etc/profile"
mv "$R/bin/"* "$R/usr/bin"
rmdir "$R/bin"
ln -s usr/bin "$R/bin"
printf 'export PATH="/usr/bin:/bin"\n' >"$R/etc/profile"
made
is "bins: a directory with two names appears once" "$(value bins)" "/usr/bin;/usr/local/bin;/usr/sbin"
gone

# Accounts.
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' >"$R/etc/passwd"
printf 'root::19000:0:99999:7:::\nnotroot::1::::::\n' >"$R/etc/shadow"
chmod 640 "$R/etc/shadow"
chown 0:42 "$R/etc/shadow"
made
like "root without a password is locked, and it says so" "$err" "*lsl: box: root had no password in it and is locked now (sudo box:passwd sets one)"
is "the host's people are in it" "$(box:sh -c 'grep -c ^alice: /etc/passwd')" 1
lsl stop box
is "... and only that" "$(cat "$STATE/box/etc/shadow")" "root:!:19000:0:99999:7:::
notroot::1::::::"
is "... the file's owner and mode stay" "$(stat -c %u:%g:%a "$STATE/box/etc/shadow")" 0:42:640
is "... without passwords" "$(value mnt | grep -c shadow)" 0
gone
rm "$R/etc/shadow"
printf 'root::0:0:root:/root:/bin/sh\n' >"$R/etc/passwd"
made --passwords
is "... in passwd too, without a shadow file" "$(grep ^root "$STATE/box/etc/passwd")" "root:!:0:0:root:/root:/bin/sh"
like "--passwords: mnt has shadow and gshadow" "$(value mnt)" "*;/etc/shadow;/etc/gshadow"
gone
printf 'root:$6$x$y:0:0:root:/root:/bin/sh\n' >"$R/etc/passwd"
made
is "root with a password stays as it is" "$(head -n 1 "$STATE/box/etc/passwd"):$(printf '%s' "$err" | grep -c locked)" 'root:$6$x$y:0:0:root:/root:/bin/sh:0'
gone

# rpm. A link to /bin/busybox replaces it: writing through it changes the host's
# file.
rm "$R/usr/bin/rpm"
made
not_ok "without rpm there is no file for it" test -e "$STATE/box/etc/rpm"
gone
program "$R/usr/bin/rpm" 'echo rpm'
made
like "rpm knows the host's directories" "$(cat "$STATE/box/etc/rpm/macros.lsl")" "*%_netsharedpath /dev:/proc:/sys:/run:/oldRoot:/home:/tmp"
gone
rm "$R/usr/bin/rpm"

# Another architecture.
case $(uname -m) in
x86_64) other="2 1 267 aarch64" ;;
*) other="2 1 076 x86_64" ;;
esac
# shellcheck disable=SC2086 # words
set -- $other
rm -r "${R:?}/usr/bin"
mkdir "$R/usr/bin"
for name in sh cat; do
	foreign_program "$R/usr/bin/$name" "$1" "$2" "$3"
done
emulator=$(emulator "$4")
if [ -x "$emulator" ]; then
	lock_handlers -x || :
	tar -C "$R" -cf rootfs.tar .
	run lsl create box --from ./rootfs.tar --json
	is "programs of $4: the interpreter is found" "$(value interpreter)" "$emulator"
	like "... --json has it" "$out" "*\"interpreter\": \"$emulator\"*"
	gone
	mount --bind /dev/null "$emulator"
	made
	like "... one that cannot be used: said, nothing left" "$status $err $(ls -A "$STATE")" "1 lsl: box: not created: its programs are for $4* .lock"
	umount "$emulator"
else
	made
	like "programs of $4 without an emulator: its package is named" "$status $err" \
		"1 lsl: box: not created: its programs are for $4, and there is no static emulator for them: install the package qemu-user-static*"
fi

# Adopting.
mkdir "$T/rootfs/adopted"
cp -a "$T/rootfs/source/." "$T/rootfs/adopted"
rm -r "$T/rootfs/adopted/usr/bin" "$T/rootfs/adopted/bin"
busybox_rootfs "$T/rootfs/adopted"
printf 'root:x:0:0::/root:/bin/sh\n' >"$T/rootfs/adopted/etc/passwd"
cd "$T/rootfs"
gives "a directory is adopted where it is" 0 "box:sh" "" lsl create box --from ./adopted
cd "$W"
is "... by its absolute path" "$(value path)" "$T/rootfs/adopted"
run lsl remove box --yes
like "remove says that it stays" "$status $err" "0 lsl: box: $section will be deleted; $T/rootfs/adopted stays"
is "... and it does" "$("$T/rootfs/adopted/bin/busybox" echo there)" there
is "... nothing else of it" "$(ls -A "$STATE" "$CONFIG.d" | grep box)" ""
mkdir "$T/rootfs/odd ;name"
cp -a "$T/rootfs/adopted/." "$T/rootfs/odd ;name"
run lsl create box --from "$T/rootfs/odd ;name"
like "a path that the configuration has no form for" "$status $err" "1 lsl: box: not created: its *"
run lsl create box --from /
like "the host's own root" "$status $err" "1 lsl: box: not created: *"
mkdir "$T/rootfs/empty"
run lsl create box --from "$T/rootfs/empty"
like "a directory that is not a root filesystem" "$status $err" "1 lsl: box: not created: it does not look like a root filesystem*it has nothing"
cp -a "$T/rootfs/adopted" "$T/home/alice/rootfs"
run lsl create box --from "$T/home/alice/rootfs"
like "a directory that a user can change, in the words of lsl start" "$status $err" \
	"1 lsl: box: not created: root filesystem $T/home/alice/rootfs: users other than root can change $T/home/alice, *allow=shared-rootfs (move the root filesystem *)"
is "... in one line" "$(printf '%s\n' "$out$err" | wc -l)" 1
is "no failure left anything" "$(ls -A "$STATE" "$CONFIG.d" | grep -v -e lock -e : )" ""

# In use.
tar -C "$T/rootfs/adopted" -cf rootfs.tar .
lsl create box --from ./rootfs.tar 2>/dev/null >&2
box:sleep 1000 &
sleeper=$!
retry sh -c '[ "$(cat /proc/$0/comm)" = sleep ]' $sleeper
run lsl remove box --yes
like "while programs run nothing is removed, and they are named" "$status $err" "1 lsl: box: still running: $sleeper sleep 1000
lsl: box: not removed: programs run in it (--kill ends them)"
is "... it runs on" "$(box:echo ran)" ran
mkdir -p "$STATE/box/mnt"
mount --bind "$T/home" "$STATE/box/mnt"
run lsl remove box --yes --kill
like "while something is mounted below it, neither" "$status $err" "1 lsl: box: not removed: something is mounted below $STATE/box*"
umount "$STATE/box/mnt"
ln -s "$STATE/box" "$T/way"
for key in "path=$STATE/box" "mnt=/home;$T/way/root:/root" "interpreter=$STATE/box/bin/sh"; do
	printf '[sharing]\nbins=/bin\n%s\n' "$key" >"$CONFIG.d/sharing.conf"
	case $key in path*) ;; *) echo "path=$T/rootfs/source" >>"$CONFIG.d/sharing.conf" ;; esac
	run lsl remove box --yes --kill
	like "while another container needs something of it, neither: ${key%%=*}" "$status $err" \
		"1 *lsl: box: not removed: ${key%%=*} of sharing ($CONFIG.d/sharing.conf:1) is */*"
done
rm "$CONFIG.d/sharing.conf"
run lsl remove box --yes --kill
is "--kill ends them" "$status$(ls -A "$STATE" | grep box)" 0
wait $sleeper || :
ok "... the mounted files are complete" test -d "$T/home/alice"

# Remains.
lsl create box --from ./rootfs.tar 2>/dev/null >&2
lsl stop box
mkdir -m 700 "$STATE/.other.AbCdEf"
rm "$section"
run lsl check
like "check: a remaining directory" "$out" "*warning*$STATE/.other.AbCdEf was left by a killed lsl create or lsl remove*"
like "check: a root filesystem without a section" "$out" "*warning*box*belongs to no section*sudo lsl create box --from $STATE/box*"
run lsl create box --from "$STATE/box"
is "... its remedy works" "$status" 0
not_ok "... and sweeps" ls -d "$STATE/.other.AbCdEf"
run lsl check
is "... check is silent then" "$(printf '%s\n' "$out" | grep -c -e 'belongs to no section' -e 'was left by')" 0
sed -i 's/^\[box\]/[crate]/' "$section"
run lsl remove box --yes
like "a section that was renamed is not removed" "$status $err" "1 lsl: box: not removed: there is no container of that name*"
chmod o+w "$STATE"
run lsl create another --from ./rootfs.tar
like "a STATEDIR that users may write is refused" "$status $err" "1 lsl: another: not created: $STATE, or a directory that leads to it, is writable by users other than root*"
like "... check says it" "$(lsl check)" "*error*$STATE*writable by users other than root*"
chmod o-w "$STATE"
chmod o+w "$CONFIG.d"
run lsl create another --from ./rootfs.tar
like "so is a directory of sections that they may write" "$status $err" "1 lsl: another: not created: $CONFIG.d, or a directory that leads to it, is writable by users other than root*"
