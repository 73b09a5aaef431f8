#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl-problems(7) is true: the programs print the text with which an entry
# begins, and its remedy helps.
. "$(dirname "$0")/../../lib/lib.sh"
needs bash gcc make sudoedit

usr_rootfs "$T/rootfs/debian"
usr_rootfs "$T/rootfs/roomy"
mkdir "$T/disk" "$T/private" "$T/rootfs/debian/opt/include" "$T/rootfs/debian/opt/lib"
echo host >"$T/disk/file"
echo host >"$T/machine/conf"
container debian "mnt=$USR_MNT;$T/home;$T/machine/conf:/opt/conf" "bins=/usr/bin;/bin;/opt/bin" "envPath=/usr/bin:/bin"
container roomy "mnt=$USR_MNT;/var/tmp;$T/disk" "bins=/usr/bin;/bin" "envPath=/usr/bin:/bin"
lsl start
sed 's/\\&//g' "$T/usr/share/man/man7/lsl-problems.7" >"$T/machine/page"

# shows TEXT CMD...: the page has this text, and CMD prints it.
shows() {
	text=$1
	shift
	run "$@"
	if printf '%s\n' "$out" "$err" | grep -qF -e "$text" && grep -qF -e "$text" "$T/machine/page"; then
		pass "$text"
	else
		fail "$text"
	fi
}

shows "debian:gcc: command not found" env PATH=/usr/bin:/bin bash -c "debian:gcc --version"
ok "... by its whole path" env PATH=/usr/bin:/bin bash -c "$LINKSDIR/debian:gcc --version"
shows "file: No such file or directory" as_user debian:cat "$T/disk/file"
gives "... below /oldRoot" 0 host "" as_user debian:cat "/oldRoot$T/disk/file"
gives "... by a relative path" 0 host "" as_user sh -c "cd $T/disk && debian:cat file"
gives "... with mnt" 0 host "" as_user roomy:cat "$T/disk/file"

echo old >"$T/machine/edit"
shows " unchanged" as_user env "SUDO_EDITOR=$LINKSDIR/debian:sed -i s/old/new/" sudoedit "$T/machine/edit"
ok "... with /var/tmp in mnt" as_user env "SUDO_EDITOR=$LINKSDIR/roomy:sed -i s/old/new/" sudoedit "$T/machine/edit"
is "... it is edited" "$(cat "$T/machine/edit")" new

cd "$T/home/alice"
shows "lslExecutor: cannot enter the working directory in debian: Permission denied" as_user sudo -u bob "$LINKSDIR/debian:id"
cd /
ok "... from another directory" as_user sudo -u bob "$LINKSDIR/debian:id"
cd "$W"

mount --bind "$T/private" "$T/private"
mount --make-private "$T/private"
mount -t tmpfs -o mode=0755 private "$T/private"
program "$T/private/script" "exit 0"
sed -i "1s,.*,#!$LINKSDIR/debian:sh," "$T/private/script"
shows " is not visible in debian" "$T/private/script"
lsl restart debian
ok "... after a restart" "$T/private/script"
umount "$T/private"

echo 'int number(void) { return 7; }' >"$W/number.c"
printf 'int number(void);\nint main(void) { return number() != 7; }\n' >"$W/main.c"
gcc -shared -fPIC -o "$T/rootfs/debian/opt/lib/libnumber.so" "$W/number.c"
gcc -o "$T/rootfs/debian/opt/bin/number" "$W/main.c" -L"$T/rootfs/debian/opt/lib" -lnumber
shows "error while loading shared libraries" as_user env LD_LIBRARY_PATH=/opt/lib debian:number
ok "... set inside" as_user debian:env LD_LIBRARY_PATH=/opt/lib /opt/bin/number
shows "cannot change locale (" as_user env LC_ALL=xx_XX.UTF-8 debian:bash -c true
gives "... with an existing locale" 0 "" "" as_user env LC_ALL=C.UTF-8 debian:bash -c true

echo 'extern int only;' >"$T/rootfs/debian/opt/include/only.h"
echo '#include <only.h>' >"$W/file.c"
printf 'file.o: file.c\n\t$(CC) $(MD) -isystem /opt/include -c file.c\n-include file.d\n' >"$W/Makefile"
# rebuild MAKE CC FLAG: compiles, and compiles again after a change.
rebuild() {
	rm -f file.o file.d
	"$1" -s "CC=$2" "MD=$3" || return
	touch -d '+1 minute' file.c
	"$1" -s "CC=$2" "MD=$3"
}
shows "make: *** No rule to make target '" rebuild make debian:gcc -MD
ok "... with -MMD" rebuild make debian:gcc -MMD
ok "... by the container's make" rebuild debian:make gcc -MD
printf 'all: %s\n' "$LINKSDIR/debian:gcc" >"$W/colon"
shows "*** target pattern contains no '%'" make -f "$W/colon"
printf 'all: %s %s\n' "$LINKSDIR/debian/gcc" "$LINKSDIR/debian\\:gcc" >"$W/colon"
ok "... without a colon, and with a backslash before it" make -f "$W/colon"

if command -v update-alternatives >/dev/null; then
	mkdir "$W/alternatives" "$W/admin"
	alternatives() {
		update-alternatives --altdir "$W/alternatives" --admindir "$W/admin" "$@"
	}
	alternatives --install "$W/cc" cc "$LINKSDIR/debian:gcc" 50 >/dev/null 2>&1
	program "$W/script" "exec $LINKSDIR/debian:gcc \"\$@\""
	alternatives --install "$W/cc" cc "$W/script" 40 >/dev/null 2>&1
	lsl stop debian
	shows "update-alternatives: warning: alternative " alternatives --auto cc
	is "... a script that calls the command stays" "$(readlink "$W/alternatives/cc")" "$W/script"
	lsl start debian
fi

shows "no_new_privs is set" as_user setpriv --no-new-privs "$LINKSDIR/debian:id"
ok "in a separate mount namespace" unshare -m "$LINKSDIR/debian:id"
# As on a kernel before 6.18.
sed -i 's/^\(namespace=[0-9]*:[0-9]*\):.*/\1/' "$MNTDIR/debian:record"
shows "cannot enter debian from this mount namespace" unshare -m runuser -u alice -- "$LINKSDIR/debian:id"
lsl start debian
ok "chmod of a command" chmod 0755 "$LINKSDIR/debian:gcc"
is "... changes lslExecutor" "$(stat -c %a "$EXECUTOR")" 755
shows "lslExecutor has no privilege" as_user debian:id
chmod 4755 "$EXECUTOR"
ok "... until its mode is put right" as_user debian:id

shows "Device or resource busy" debian:rm /opt/conf
mkdir "$W/old" "$W/new"
mount -t tmpfs old "$W/old"
echo moved >"$W/old/file"
shows "moving a mount residing under a shared mount is unsupported" mount --move "$W/old" "$W/new"
mount --bind "$W/old" "$W/new"
umount "$W/old"
is "... bound and unmounted" "$(cat "$W/new/file")" moved
debian:mount -t tmpfs inside /opt/include
not_ok "a mount inside is not on the host" mountpoint -q "$T/rootfs/debian/opt/include"
