#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: an archive misleads the tool that unpacks it into the host's files,
# past all of that tool's care. Origin: CVE-2016-6321 (tar), CVE-2021-29136
# (umoci).
#
# Tools that try it in every way stand in for the real ones. None changes
# anything outside of its directory. Landlock and read-only mounts, each without
# the other as on an older kernel, keep what they are for; without both, all
# attempts work, and lsl create works as ever.
. "$(dirname "$0")/../lib/lib.sh"
lacking=$(dirname "$LSL_TEST_STAGE")/helpers/lacking
[ -x "$lacking" ] || skip "there is no $lacking (make check makes it)"
landlock=444 read_only=442 # landlock_create_ruleset(2), mount_setattr(2)

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
try mode 'chmod 4755 $there/file'
try owner 'chown 12345 $there/file'
try times 'touch -c -d 2001-01-01 $there/file'
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
metadata="mode owner times"
all="empty link make make-directory make-fifo make-link remove remove-directory rename truncate write"
everything="empty link link-in link-out make make-directory make-fifo make-link mode move-in move-out owner remove remove-directory rename times truncate write"
program tools/tar "there=$canary/tar; . '$W/tools/attempts'; . '$W/tools/across'; exec '$(command -v tar)' \"\$@\""
program tools/xz "there=$canary/xz; . '$W/tools/attempts'; exec cat '$W/rootfs.tar'"
program tools/skopeo "there=$canary/skopeo; . '$W/tools/attempts'; . '$W/tools/across'"
program tools/umoci "there=$canary/umoci; . '$W/tools/attempts'; . '$W/tools/across'; exec '$(command -v tar)' -C rootfs -xf '$W/rootfs.tar'"
program tools/cp "there=$canary/cp; . '$W/tools/attempts'; . '$W/tools/across'; mkdir copy"
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
	find "$canary" -printf '%P %m %U %n %s %T@ %l\n' | sort
	cat "$canary"/*/file
}
# escapes TOOL: what it has done outside of its directory.
escapes() {
	printf '%s\n' "$err" | sed -n "s/.*$1 says: outside: //p" | sort | tr '\n' ' '
}
tells() {
	printf '%s\n' "$err" | grep -c "$1"
}

lsl_removes() {
	lsl remove box --yes 2>/dev/null
}

chmod 0711 "$W"
create ./rootfs.tar
has_landlock=$(tells "bin/tar, which Landlock")
is "tar: the container is made" "$status" 0
is "... tar saw each attempt fail" "$(escapes tar)" ""
is "... nothing outside has changed" "$(outside)" "$before"
is "... in its directory everything works" "$(tells "not all works")" 0
lsl_removes

create ./packed
is "xz, in no directory: the container is made" "$status" 0
is "... xz saw each attempt fail" "$(escapes xz)" ""
is "... nothing outside has changed" "$(outside)" "$before"
lsl_removes

create oci:layout:x
is "an image: the container is made" "$status" 0
is "... its tools saw each attempt fail" "$(escapes cp)$(escapes skopeo)$(escapes umoci)" ""
is "... nothing outside has changed" "$(outside)" "$before"
is "... in their directories everything works" "$(tells "not all works")" 0
lsl_removes

if [ "$has_landlock" = 0 ]; then
	skip_check "this kernel has no Landlock, or an old one"
else
	create ./packed "$lacking" $read_only
	is "without read-only mounts: the container is made" "$status" 0
	is "... tar changes no more than Landlock does not know" "$(escapes tar)" "$metadata "
	is "... xz nothing" "$(escapes xz)" ""
	lsl_removes
fi

create ./rootfs.tar "$lacking" $landlock
is "without Landlock: the container is made" "$status" 0
is "... --debug does not speak of it" "$(tells Landlock)" 0
is "... nothing outside of lsl's own directories has changed" "$(outside)" "$before"
lsl_removes

create ./packed "$lacking" $landlock "$lacking" $read_only
is "without both: the container is made" "$status" 0
is "... tar writes everywhere" "$(escapes tar)" "$everything "
is "... a user's id where all users may" "$(escapes xz)" "$all "
lsl_removes
