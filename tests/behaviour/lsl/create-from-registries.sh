#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create makes a container from an image in a registry, from an image layout
# in a directory, and from the output of "docker save": owners, modes, links,
# capabilities and deleted files are as in the image, without its devices.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/images.sh"
needs skopeo umoci setcap getcap

STATE=$T/var/lib/lsl
CACHE=$T/var/cache/lsl
# Two layers: a system, then changes and removals.
R=$W/bundle/rootfs
umoci init --layout "$W/layout" && umoci new --image "$W/layout:plain"
umoci unpack --image "$W/layout:plain" "$W/bundle" >/dev/null
busybox_rootfs "$R"
mkdir -p "$R/dev/deep" "$R/home/user" "$R/var"
echo 'ID=first' >"$R/etc/os-release"
echo gone >"$R/etc/gone"
echo owned >"$R/home/user/file"
chown -R 1234:5678 "$R/home/user"
chmod 2750 "$R/home/user"
ln "$R/home/user/file" "$R/home/user/hard"
ln -s /etc/shadow "$R/var/link"
cp "$R/bin/busybox" "$R/bin/capable"
setcap cap_net_raw+ep "$R/bin/capable"
cp "$R/bin/busybox" "$R/bin/setuid"
chmod 4755 "$R/bin/setuid"
mknod "$R/dev/deep/sda" b 8 0
mknod "$R/etc/disk" b 8 0
chmod 0666 "$R/etc/disk"
mkfifo "$R/var/fifo"
umoci repack --refresh-bundle --image "$W/layout:plain" "$W/bundle" >/dev/null
rm "$R/etc/gone"
echo 'ID=second' >"$R/etc/os-release"
umoci repack --image "$W/layout:plain" "$W/bundle" >/dev/null
rm -rf "$R/dev/deep" "$R/etc/disk"

# The contents of a tree: path, kind, owner, mode, links, size of files;
# capabilities.
tree() {
	(cd "$1" && find . -mindepth 1 -printf '%P %y %U:%G %m %n %l\n' | grep -v -e '^\(etc/.pwd.lock\|proc\|sys\|run\|oldRoot\|dev\|home\|tmp\) ' -e "^${T#/}[ /]" | sort &&
		getcap -r . | sort)
}
tree "$R" >"$W/expected"

serve_registry
skopeo copy -q --dest-tls-verify=false "oci:$W/layout:plain" "docker://$REGISTRY/demo/image:1"
digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/demo/image:1")

refused="bad: not created: "
leaves_nothing() {
	is "... and nothing is left" \
		"$(find "$STATE" -mindepth 1 -maxdepth 1 -name '.*' ! -name .lock; find "$CACHE" -mindepth 1; ls "$CONFIG.d" | grep bad)" ""
}

gives "from a registry" 0 "one:cat /etc/os-release" \
	"lsl: one: its layers have the digests that its manifest names, which came from $REGISTRY" \
	lsl create one --from "docker://$REGISTRY/demo/image:1"
is "... with all of its layers" "$(one:cat /etc/os-release)" ID=second
lsl stop
tree "$STATE/one" >"$W/actual"
same "... owners, modes, links and capabilities are the image's, and files that it deletes are missing" "$W/actual" "$W/expected"
is "... it has no devices" "$(find "$STATE/one" -type b -o -type c)" ""
leaves_nothing

gives "by a digest" 0 "two:cat /etc/os-release" \
	"lsl: two: its manifest has the digest that was given, and its layers have the digests that the manifest names" \
	lsl create two --from "docker://$REGISTRY/demo/image@$digest"
mkdir -m 0700 "$T/home/alice/work"
cp -R "$W/layout" "$T/home/alice/work/layout"
chmod -R go-rwx "$T/home/alice/work/layout"
chown -R "$USERID" "$T/home/alice/work"
cd "$T/home/alice/work"
gives "from a layout in a directory that only its owner can read" 0 "three:cat /etc/os-release" \
	"lsl: three: its layers have the digests that its manifest names" lsl create three --from oci:layout:plain
skopeo copy -q "oci:layout:plain" "docker-archive:saved.tar:demo/image:1"
gives "from an archive of docker save" 0 "four:cat /etc/os-release" \
	"lsl: four: its layers have the digests that its manifest names" lsl create four --from docker-archive:saved.tar
cd "$W"
is "... all are the same" "$(two:cat /etc/os-release; three:cat /etc/os-release; four:cat /etc/os-release)" "ID=second
ID=second
ID=second"
lsl stop
for name in two three four; do
	tree "$STATE/$name" >"$W/actual"
	same "... $name" "$W/actual" "$W/expected"
done

# Mistakes.
refuses "a missing image" 1 "*absent*" lsl create bad --from "docker://$REGISTRY/absent:1"
refuses "no registry there" 1 "*refused*" lsl create bad --from docker://127.0.0.1:1/demo:1
refuses "no name" 2 "docker:// names no image" lsl create bad --from docker://
refuses "a name that would be an option" 2 "docker://-x/y names no image" lsl create bad --from docker://-x/y
refuses "a directory that is not a layout" 1 "*" lsl create bad --from "oci:$W/bundle"
refuses "a missing directory" 1 "*absent*" lsl create bad --from oci:./absent
refuses "an archive of something else" 1 "*" lsl create bad --from "docker-archive:$W/expected"
refuses "an unknown architecture" 2 "pdp11 is not an architecture (amd64, arm64, ...)" \
	lsl create bad --from "docker://$REGISTRY/demo/image:1" --arch pdp11
for tool in skopeo umoci; do
	mount --bind /dev/null "$(realpath "$(command -v $tool)")"
	refuses "without $tool the package is named" 1 "$tool is not installed: install the package $tool" \
		lsl create bad --from "docker://$REGISTRY/demo/image:1"
	umount "$(realpath "$(command -v $tool)")"
done

# A link of a user's to an image that only root can read.
mkdir -m 0700 private
cp -a layout private/layout
as_user ln -s "$W/private/layout" "$T/home/alice/link"
refuses "a user's link to an image of root's" 1 "*" lsl create bad --from "oci:$T/home/alice/link:plain"

# A layer that was changed in the registry.
blob=$(find "$W/registry" -path '*blobs/sha256*' -name data -size +100k | head -n 1)
printf X | dd of="$blob" bs=1 seek=5000 conv=notrunc 2>/dev/null
refuses "a layer that has not its digest" 1 "*" lsl create bad --from "docker://$REGISTRY/demo/image:1"
blob=$(find "$W/layout/blobs" -type f -size +100k | head -n 1)
printf X | dd of="$blob" bs=1 seek=5000 conv=notrunc 2>/dev/null
refuses "... in a layout" 1 "*" lsl create bad --from "oci:$W/layout:plain"
# A layout with links to files that only root can read.
rm "$blob"
ln -s /etc/shadow "$blob"
refuses "a layout with a link to root's files" 1 "*" lsl create bad --from "oci:$W/layout:plain"
