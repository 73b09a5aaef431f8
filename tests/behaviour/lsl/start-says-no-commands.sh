#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A container with an empty or incomplete root filesystem is started, and lsl
# start says in one line that it has no commands and why, and what to do. lsl
# check says the same. A container with even one program is started without a
# message, unless debootstrap has not finished it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

empty=$T/rootfs/empty half=$T/rootfs/half
mkdir -p "$empty" "$half/usr/bin" "$half/usr/sbin" "$half/etc"
ln -s usr/bin "$half/bin"
ln -s usr/lib "$half/lib"
: >"$half/usr/bin/not-yet-a-program"
mkdir "$half/usr/bin/directory"
ln -s /nowhere "$half/usr/bin/dangling"
container empty
container half "bins=/usr/local/bin;/usr/bin;/bin;/usr/sbin"
container debian

missing="no directory of bins exists"
none="no directory of bins has a program"
start_says() {
	what=$1 err_wanted=$2
	shift 2
	gives "$what" 0 "" "$err_wanted" lsl start "$@"
}
start_says "an empty root filesystem" \
	"lsl: $CONFIG:3: $missing; empty has no commands (fill $empty with a root filesystem, or correct path and bins)" empty
start_says "one that was made half: files that cannot be executed, directories, dangling links" \
	"lsl: $CONFIG:7: $none; half has no commands (fill $half with a root filesystem, or correct path and bins)" half
start_says "a whole one" "" debian
mkdir "$half/debootstrap"
: >"$half/debootstrap/debootstrap"
start_says "one that debootstrap has not finished" \
	"lsl: $CONFIG:7: $none; half has no commands (fill $half with a root filesystem, or correct path and bins)
lsl: $CONFIG:6: debootstrap has not finished $half; programs of half may fail (sudo chroot $half /debootstrap/debootstrap --second-stage, or make it again)" \
	half
rm -r "$half/debootstrap"
ok "all three are started" is_started empty
ok "... the one made half" is_started half
gives "... as nothing but the container with programs" 0 "debian" "" \
	sh -c "for name in empty half debian; do ls $LINKSDIR/\$name/ | grep -q . && echo \$name; done"
start_says "it is said again by the next start, for both" \
	"lsl: $CONFIG:3: $missing; empty has no commands (fill $empty with a root filesystem, or correct path and bins)
lsl: $CONFIG:7: $none; half has no commands (fill $half with a root filesystem, or correct path and bins)"

run lsl check
said=$(printf '%s\n' "$out" | grep -c 'has no commands') || :
is "lsl check says it, a line for each" "$said" 2
like "... of the empty one" "$out" "*warning  $CONFIG:3: empty: $missing; it has no commands (fill $empty with a root filesystem, or correct path and bins)*"
like "... of the other" "$out" "*warning  $CONFIG:7: half: $none; it has no commands (fill $half with a root filesystem, or correct path and bins)*"

# Other lists have other separators.
cp "$CONFIG" "$T/etc/before"
for bins in "/usr/bin:/usr/sbin" "/usr/bin, /usr/sbin" "/usr/bin /usr/sbin"; do
	printf '[half]\npath=%s\nbins=%s\n' "$half" "$bins" >"$CONFIG"
	start_says "the separator is wrong: $bins" \
		"lsl: $CONFIG:3: $missing (write ';' between them); half has no commands (fill $half with a root filesystem, or correct path and bins)"
done
mv "$T/etc/before" "$CONFIG"
lsl start 2>/dev/null

# As debootstrap leaves it in a container of Docker.
lsl stop half
rmdir "$half/proc"
ln -s /proc "$half/proc"
gives "the mount point /proc is a link to itself" 1 "" \
	"lsl: half: not started: the mount point /proc in $half is a symbolic link that leads nowhere (remove the link)" \
	lsl start half
rm "$half/proc"
lsl start 2>/dev/null

# Programs that are added later.
chmod 0755 "$half/usr/bin/not-yet-a-program"
start_says "one program is enough, whatever else is missing" "" half
mkdir -p "$T/tools"
program "$T/tools/hello" 'echo hello'
cat >"$CONFIG" <<END
[empty]
path=$empty
mnt=$T/tools:/opt/tools
bins=/opt/tools
END
lsl stop
start_says "programs that mnt brings count" "" empty
printf '[empty]\npath=%s\nbins=/opt/tools;/oldRoot%s\n' "$empty" "$T/tools" >"$CONFIG"
lsl stop
start_says "... and those below /oldRoot" "" empty
printf '[empty]\npath=%s\nbins=/opt/tools;/oldRoot%s/hello\n' "$empty" "$T/tools" >"$CONFIG"
lsl stop
start_says "... and a single file" "" empty
lsl stop
