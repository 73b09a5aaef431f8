#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: an archive misleads the tool that unpacks it into the host's files,
# past all of that tool's care. Origin: CVE-2016-6321 (tar), CVE-2021-29136
# (umoci).
#
# Tools that try it in every way stand in for the real ones. With Landlock none
# writes outside of its directory; without it, as on an older kernel, all of
# them do, and lsl create works as ever.
. "$(dirname "$0")/../lib/lib.sh"
lacking=$(dirname "$LSL_TEST_STAGE")/helpers/lacking
[ -x "$lacking" ] || skip "there is no $lacking (make check makes it)"
create_ruleset=444 # the number of landlock_create_ruleset(2)

canary=$W/canary
busybox_rootfs "$T/rootfs/source"
tar -C "$T/rootfs/source" -cf rootfs.tar .
mkdir layout tools
printf '\3757zXZ\0' >packed

# Every attempt that works is told on stderr. The directory and its files are
# writable by all users, for tools without privilege.
cat >tools/attempts <<'END'
try() {
	what=$1
	shift
	if (eval "$@") 2>/dev/null; then echo "outside: $what" >&2; fi
}
try write 'echo changed >>$there/file'
try empty ': >$there/file'
try truncate 'truncate -s 1 $there/file'
try make ': >$there/new'
try make-directory 'mkdir $there/new-directory'
try make-fifo 'mkfifo $there/new-fifo'
try make-link 'ln -s / $there/new-link'
try remove 'rm -f $there/old'
try remove-directory 'rmdir $there/old-directory'
try rename 'mv $there/name $there/other-name'
try link 'ln $there/file $there/hard'
END
# Those with a directory try to move things across the wall, too.
cat >tools/across <<'END'
echo mine >mine
try move-out 'mv mine $there/moved'
echo mine >mine
try move-in 'mv $there/moved-in .'
try link-out 'ln mine $there/linked'
try link-in 'ln $there/file stolen'
mkdir one two
echo inside >one/a
ln one/a two/b && mv one/a two/c && mkfifo one/fifo && ln -s / one/link && : >/dev/null || echo 'inside: not all works' >&2
rm -r one two mine
rm -f stolen moved-in
END
all="empty link make make-directory make-fifo make-link remove remove-directory rename truncate write"
everything="empty link link-in link-out make make-directory make-fifo make-link move-in move-out remove remove-directory rename truncate write"
program tools/tar "there=$canary/tar; . '$W/tools/attempts'; . '$W/tools/across'; exec '$(command -v tar)' \"\$@\""
program tools/xz "there=$canary/xz; . '$W/tools/attempts'; exec cat '$W/rootfs.tar'"
program tools/skopeo "there=$canary/skopeo; . '$W/tools/attempts'; . '$W/tools/across'"
program tools/umoci "there=$canary/umoci; . '$W/tools/attempts'; . '$W/tools/across'; exec '$(command -v tar)' -C rootfs -xf '$W/rootfs.tar'"
program tools/cp "there=$canary/cp; . '$W/tools/attempts'; . '$W/tools/across'"
mount --bind tools /usr/local/sbin

# create FROM [COMMAND...]: COMMAND lsl create.
create() {
	from=$1
	shift
	rm -rf "$canary"
	for tool in cp skopeo umoci tar xz; do
		mkdir -p "$canary/$tool/old-directory"
		for file in file old name moved-in; do
			echo untouched >"$canary/$tool/$file"
		done
	done
	chmod -R a+rwX "$canary" "$W/rootfs.tar"
	before=$(outside)
	run "$@" "$T/usr/bin/lsl" $LSL_FLAGS create box --from "$from" --debug
}
outside() {
	find "$canary" -printf '%P %m %U %n %s %l\n' | sort
	cat "$canary"/*/file
}
# escapes TOOL: what it has done outside of its directory.
escapes() {
	printf '%s\n' "$err" | sed -n "s/.*$1 says: outside: //p" | sort | tr '\n' ' '
}
tells() {
	printf '%s\n' "$err" | grep -c "$1"
}

chmod 0711 "$W"
create ./rootfs.tar
case $err in
*"bin/tar, which Landlock"*) ;;
*) skip "this kernel has no Landlock, or an old one" ;;
esac
is "tar: the container is made" "$status" 0
is "... and nothing outside has changed" "$(outside)" "$before"
is "... tar saw each attempt fail" "$(escapes tar)" ""
is "... in its directory everything works" "$(tells "not all works")" 0
lsl remove box --yes

create ./packed
is "xz, in no directory: the container is made" "$status" 0
is "... and nothing outside has changed" "$(outside)" "$before"
is "... xz saw each attempt fail" "$(escapes xz)" ""
lsl remove box --yes

create oci:layout:x
is "an image: the container is made" "$status" 0
is "... and nothing outside has changed" "$(outside)" "$before"
is "... its tools saw each attempt fail" "$(escapes cp)$(escapes skopeo)$(escapes umoci)" ""
is "... in their directories everything works" "$(tells "not all works")" 0
lsl remove box --yes

# Without the wall.
create ./packed "$lacking" $create_ruleset
is "a kernel without Landlock: the container is made" "$status" 0
is "... --debug does not speak of it" "$(tells Landlock)" 0
is "... a user's id writes where all users may" "$(escapes xz)" "$all "
lsl remove box --yes
create ./rootfs.tar "$lacking" $create_ruleset
is "... tar everywhere" "$(escapes tar)" "$everything "
lsl remove box --yes
