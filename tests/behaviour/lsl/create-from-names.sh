#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create gets an image by the server's name for it: for this architecture,
# the newest version, with the hash in the index, and from the cache the second
# time. Each failure of a server or the network is reported in one line, and
# nothing is left.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/images.sh"

STATE=$T/var/lib/lsl
CACHE=$T/var/cache/lsl
ARCH=$(dpkg --print-architecture 2>/dev/null || echo amd64)
release() {
	busybox_rootfs "$T/rootfs/$1"
	echo "ID=$1" >"$T/rootfs/$1/etc/os-release"
	image_archive "$W/$1.tar.xz" "$T/rootfs/$1"
}
for name in old new next other; do
	release $name
done
# The layout of a second distribution, with dynamic programs of musl.
if command -v musl-gcc >/dev/null; then
	mkdir -p "$T/rootfs/other/lib"
	cp -L /lib/ld-musl-*.so.1 "$T/rootfs/other/lib/"
	musl-gcc -o "$T/rootfs/other/bin/say" "$tests/helpers/say.c"
	echo 3.22.1 >"$T/rootfs/other/etc/alpine-release"
	image_archive "$W/other.tar.xz" "$T/rootfs/other"
fi
serve_images
add_image demo/old/default,demo/old,demo/1 "$ARCH" 20261126_05:24 "$W/next.tar.xz"
add_image demo/old/default,demo/old,demo/1 "$ARCH" 20261127_05:24 "$W/old.tar.xz"
add_image demo/old/cloud,demo/1/cloud "$ARCH" 20261127_05:24 "$W/next.tar.xz"
add_image demo/new/default,demo/new,demo/2 "$ARCH" 20261127_05:24 "$W/new.tar.xz"
add_image demo/next "$ARCH" 20261127_05:24 "$W/next.tar.xz"
add_image alpish/3.22,alpish/3.22/default "$ARCH" 20261127_05:24 "$W/other.tar.xz"
add_image rolling,rolling/current "$ARCH" 20261127_05:24 "$W/other.tar.xz"
add_image unlisted/1 "$ARCH" 20261127_05:24 "$W/old.tar.xz"
add_image unlisted/2 "$ARCH" 20261127_05:24 "$W/new.tar.xz"
add_image elsewhere/1 riscv64 20261127_05:24 "$W/old.tar.xz"

create() {
	name=$1
	shift
	lsl create "$name" --server "$SERVER" "$@"
}
leaves_nothing() {
	is "... and nothing is left" \
		"$(find "$STATE" -mindepth 1 -maxdepth 1 -name '.*' ! -name .lock; find "$CACHE" -name '.*'; ls "$CONFIG.d" | grep bad)" ""
}

gives "an image by name and release" 0 "one:cat /etc/os-release" \
	"lsl: one: demo/1 for $ARCH of 2026-11-27: its SHA-256 is the one in the index of $SERVER, on this machine" \
	create one --from demo/1
is "... is the newest version" "$(one:cat /etc/os-release)" ID=old
gives "... by another of its names" 0 "two:cat /etc/os-release" \
	"lsl: two: demo/1 for $ARCH of 2026-11-27: its SHA-256 is the one in the index of $SERVER, on this machine" \
	create two --from demo/old/default
is "... it comes out of the cache then" "$(grep -c 'demo-old-default.*root.tar.xz' "$LOG")" 1
is "the server learns lsl's name and version" "$(sed 's/^[^ ]* [^ ]* //' "$LOG" | sort -u)" "$(lsl --version | tr ' ' /)"
run create alpish
is "without --from the container's name, without a release the only one" "$status$(alpish:cat /etc/os-release)" 0ID=other
[ ! -e "$T/rootfs/other/bin/say" ] || is "... with its own C library" "$(alpish:say ran)" "alpish <say> <ran>"
run create rolling
is "a name that has no release" "$status$(rolling:cat /etc/os-release)" 0ID=other

# The released series.
if [ -d /usr/share/distro-info ]; then
	mkdir "$W/distro-info"
	cat >"$W/distro-info/demo.csv" <<-END
		version,codename,series,created,release,eol
		1,Old,old,2020-01-01,2021-01-01,2024-01-01
		2,New,new,2022-01-01,2023-01-01,2026-01-01
		3,Next,next,2024-01-01,2999-01-01,2999-02-01
		4,Never,never,2024-01-01
	END
	mount --bind "$W/distro-info" /usr/share/distro-info
	run create newest --from demo
	is "without a release, the newest that is out" "$status$(newest:cat /etc/os-release)" 0ID=new
else
	skip_check "without a release, the newest that is out" "distro-info-data is not installed"
fi
refuses "... the list, where nobody knows" 2 "unlisted has several releases: name one (--from unlisted/1, unlisted/2)" \
	create bad --from unlisted
refuses "a missing release: the existing ones are named" 1 "bad: not created: * has no image demo/9 for $ARCH; it has demo/2, demo/1*" \
	create bad --from demo/9
refuses "a word that is spelled wrong" 1 "bad: not created: * has no image alpisch/3.22 for $ARCH; it has alpish/3.22" \
	create bad --from alpisch/3.22
refuses "nothing like it" 1 "bad: not created: * has no image what-is-this for $ARCH (lsl images lists them)" \
	create bad --from what-is-this
refuses "an image of another architecture only" 1 "bad: not created: * has elsewhere/1, but not for $ARCH: only for riscv64 (--arch)" \
	create bad --from elsewhere/1
refuses "an unknown architecture" 2 "bad: not created: pdp11 is not an architecture (amd64, arm64, ...)" \
	create bad --from demo/1 --arch pdp11
refuses "a server by http that is another machine" 2 "bad: not created: http://example.org: an image server must use https*" \
	lsl create bad --from demo/1 --server http://example.org
refuses "... also where a name leads to this one" 2 "bad: not created: http://localhost:1: an image server must use https*" \
	lsl create bad --from demo/1 --server http://localhost:1
refuses "no server there" 1 "bad: not created: cannot download http://127.0.0.1:1/streams/v1/index.json: *onnect*" \
	lsl create bad --from demo/1 --server http://127.0.0.1:1
refuses "no network: no address for a name" 1 "bad: not created: cannot download https://lsl.invalid/streams/v1/index.json: *" \
	lsl create bad --from demo/1 --server https://lsl.invalid

# Invalid archives.
index_without_cache() {
	rm -rf "$CACHE"
	images_json "$@"
}
archive='.products[].versions[].items["root.tar.xz"]'
cp "$IMAGES/streams/v1/images.json" "$W/good.json"
wrong=$(echo | sha256sum | cut -d ' ' -f 1)
index_without_cache "$archive.sha256 = \"$wrong\""
refuses "another hash than the index's" 1 "bad: not created: *root.tar.xz does not have the SHA-256 in the index ($wrong): not used" \
	create bad --from demo/2
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
index_without_cache "$archive.size += 1"
refuses "another size than the index's" 1 "bad: not created: *root.tar.xz has * bytes instead of *: not used" create bad --from demo/2
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
index_without_cache "$archive.size -= 1"
refuses "... or more" 1 "bad: not created: *root.tar.xz is larger than * bytes" create bad --from demo/2
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
images_json "$archive.path |= \"cut/\" + ."
refuses "a download that is cut off" 1 "bad: not created: cannot download *root.tar.xz: (18) *bytes *" create bad --from demo/2
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
images_json "$archive.path |= \"endless/\" + ."
refuses "... that does not end" 1 "bad: not created: *root.tar.xz is larger than * bytes" create bad --from demo/2
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
echo "no archive at all" >"$W/text"
add_image bad/1 "$ARCH" 20261127_05:24 "$W/text"
refuses "a file that is no archive, with the right hash" 1 "bad: not created: *" create bad --from bad/1

# Servers build daily, and remove old builds.
cp "$W/good.json" "$IMAGES/streams/v1/images.json"
images_json "$archive.path |= \"gone/\" + ."
: >"$LOG"
refuses "an archive that the server has removed" 1 "bad: not created: *root.tar.xz does not exist (404)" create bad --from demo/2
is "... after the index was asked once more" "$(grep -c images.json "$LOG")" 2
cp "$W/good.json" "$IMAGES/after-404"
run create later --from demo/2
is "... which names the next build" "$status$(later:cat /etc/os-release)" 0ID=new

# The cache.
is "the cache is root's" "$(stat -c %u:%g:%a "$CACHE")" 0:0:711
add_image demo/new/default,demo/new,demo/2 "$ARCH" 20261128_05:24 "$W/other.tar.xz"
run create newer --from demo/2
is "a newer build" "$status$(newer:cat /etc/os-release)" 0ID=other
is "... is in the cache in place of the older one" "$(cat "$CACHE"/*.image | grep -c ^demo/new)" 1
for file in "$CACHE"/*[0-9a-f]; do
	case $file in
	*/index-*) ;;
	*) printf X | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null ;;
	esac
done
: >"$LOG"
run create mended --from demo/2
is "a changed file in the cache is noticed, and downloaded again" "$status$(mended:cat /etc/os-release)$(grep -c root.tar.xz "$LOG")" 0ID=other1
end "$(cat "$W/server-pid")"
run create offline --from demo/2 --offline
is "--offline: from the cache, without the server" "$status$(offline:cat /etc/os-release)" 0ID=other
like "... and reports that" "$err" "*is the one in the index of $SERVER, as it was downloaded before"
refuses "--offline: an image that is not in the cache" 1 "bad: not created: $CACHE has no image demo/1 for $ARCH; it has demo/2" \
	create bad --from demo/1 --offline
chmod 0777 "$CACHE"
refuses "a cache that others can write to" 1 "bad: not created: $CACHE, or a directory that leads to it, is writable by users other than root (sudo chown root:root, chmod go-w)" \
	create bad --from demo/2 --offline
chmod 0755 "$CACHE"

# Tools.
for tool in curl jq; do
	mount --bind /dev/null "$(realpath "$(command -v $tool)")"
	refuses "without $tool the package is named" 1 "bad: not created: $tool is not installed: install the package $tool" \
		create bad --from demo/1
	umount "$(realpath "$(command -v $tool)")"
done
