#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl images shows the images of a server: as a table or JSON, by pattern and
# architecture, for every user, and without network from the cache. Invalid
# entries of a hostile server are left out, or one line reports them.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/images.sh"

CACHE=$T/var/cache/lsl
head -c 1234567 /dev/zero >"$W/large"
echo small >"$W/small"
serve_images
# shellcheck disable=SC2120 # sometimes with none
images() {
	lsl images --server "$SERVER" "$@"
}
# shellcheck disable=SC2119 # without any
like "no images at all" "$(images 2>&1)" "lsl: $SERVER has no image that lsl can use"
add_image debian/trixie/default,debian/trixie,debian/13/default,debian/13 amd64 20261126_05:24 "$W/small"
add_image debian/trixie/default,debian/trixie,debian/13/default,debian/13 amd64 20261127_05:24 "$W/large"
add_image debian/trixie/default,debian/trixie,debian/13/default,debian/13 arm64 20261127_05:24 "$W/small"
add_image debian/9,debian/stretch amd64 20260101_00:00 "$W/small"
add_image archlinux,archlinux/current,archlinux/current/default amd64 20261127_04:18 "$W/small"
table="DISTRIBUTION  RELEASE     ARCH   DATE          SIZE
archlinux     current     amd64  2026-11-27     6 B
debian        9, stretch  amd64  2026-01-01     6 B
debian        trixie, 13  amd64  2026-11-27  1.2 MB
debian        trixie, 13  arm64  2026-11-27     6 B"
run images
is "a table" "$status$err
$out" "0
$table"
row() {
	printf '%s\n' "$out" | sed 1d | sed 's/  *$//' | awk '{print $1 "/" $2 $3 "-" $(NF - 3)}' | tr -d , | tr '\n' ' '
}
run images debian
is "... those with a word in their name" "$(row)" "debian/9stretch-amd64 debian/trixie13-amd64 debian/trixie13-arm64 "
run images 'debian/[0-9]'
is "... that a pattern fits" "$(row)" "debian/9stretch-amd64 "
run images TRIXIE --arch aarch64
is "... of one architecture, by any of its names" "$(row)" "debian/trixie13-arm64 "
run images what-is-this
is "... none of them" "$status$(row)" 0
gives "an unknown architecture" 2 "" "lsl: pdp11 is not an architecture (amd64, arm64, ...)" images --arch pdp11
# A proxy that is not there ends it before anything leaves the machine.
run env https_proxy=http://127.0.0.1:1 "$T/usr/bin/lsl" $LSL_FLAGS images
like "without --server, the server of configure" "$status $err" "1 lsl: cannot download https://*/streams/v1/index.json: *"
gives "two patterns" 2 "" "lsl: images takes one pattern (try lsl --help)" lsl images a b
gives "a server by http" 2 "" "lsl: http://example.org: an image server must use https (or be on a loopback address, 127.0.0.1)" \
	lsl images --server http://example.org
run images --json debian/13 --arch amd64
is "--json is JSON, with all there is" "$(printf '%s' "$out" | jq -c '.format, .server, .images')" "1
\"$SERVER\"
[{\"names\":[\"debian/trixie/default\",\"debian/trixie\",\"debian/13/default\",\"debian/13\"],\"architecture\":\"amd64\",\"date\":\"2026-11-27\",\"version\":\"20261127_05:24\",\"size\":1234567,\"sha256\":\"$(sha256sum <"$W/large" | cut -d ' ' -f 1)\"}]"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS images --server "$SERVER"
is "everybody may look" "$status$err
$out" "0
$table"

# Without network.
good=$(cat "$IMAGES/streams/v1/images.json")
is "root's list is in the cache, for everybody" "$(stat -c %u:%a "$CACHE"/index-*/list)" 0:644
end "$(cat "$W/server-pid")"
# shellcheck disable=SC2119
like "no network: one line" "$(images 2>&1)" "lsl: cannot download $SERVER/streams/v1/index.json: *"
run as_user "$T/usr/bin/lsl" $LSL_FLAGS images --server "$SERVER" --offline
is "--offline: the list of root's last call" "$status$err
$out" "0
$table"
gives "--offline: another server's" 1 "" "lsl: the list of images of https://lsl.invalid has not been downloaded yet (omit --offline to download it)" \
	lsl images --offline --server https://lsl.invalid
start_server "$W/port2"
SERVER=http://127.0.0.1:$(cat "$W/port2")

# A hostile server.
hash=$(sha256sum <"$W/small")
hostile() {
	# shellcheck disable=SC2016 # jq's own variables
	printf '%s' "$good" | jq --arg hash "${hash%% *}" '.products.x = {aliases: "evil/1", arch: "amd64", versions: {"20261127_05:24":
		{items: {"root.tar.xz": {path: "images/x", sha256: $hash, size: 6}}}}} | '"$1" >"$IMAGES/streams/v1/images.json"
	run images
	is "$2" "$status$err
$out" "0
$table"
}
hostile '.products.x.aliases = "../../etc/passwd,/etc/passwd,evil/../../x,.evil,-rf"' "names that are paths are left out"
hostile '.products.x.aliases = "evil\u001b[2J/1,evil\u0007,evil\n/1,evil\t1,evil\u202e/1,evil\u0000"' "... with control characters"
hostile '.products.x.aliases = "$(id)/1,`id`,a b,a;b,evil\"/1,*/1"' "... with what means something to a shell"
hostile '.products.x.arch = "../amd64"' "an architecture that is a path"
hostile '.products.x.versions = {"../../1": .products.x.versions["20261127_05:24"]}' "a version that is a path"
hostile '.products.x.versions[].items[].path = "../../etc/passwd"' "a path that leads out of the server"
hostile '.products.x.versions[].items[].path = "http://example.org/x?y"' "a path that is an address"
hostile '.products.x.versions[].items[].sha256 = "0123"' "a hash that is none"
hostile '.products.x.versions[].items[].size = -1' "a size below nothing"
hostile '.products.x.versions[].items[].size = 1e300' "a size beyond everything"
hostile '.products.x.versions[].items[].size = "6 \u001b[2J"' "a size that is a text"
hostile '.products.x.versions = [1, 2]' "versions that are an array"
hostile '.products.x = 7' "a product that is a number"
hostile '.products.x.aliases = {"a": [1]}' "names that are an object"
hostile '.products.x.aliases = ("evil" * 100000)' "a name without end"
# fails WHAT MESSAGE: with the present images.json.
fails() {
	run images
	# shellcheck disable=SC2254 # a pattern is meant
	case "$status:$out:$err" in
	"1::lsl: "$2) pass "$1" ;;
	*) fail "$1" "expected: 1, $2" ;;
	esac
	is "... in one line" "$(printf '%s\n' "$err" | grep -c .)" 1
	not_ok "... without a control character" sh -c 'printf %s "$0" | LC_ALL=C grep -q "[[:cntrl:]]"' "$err"
}
images=$IMAGES/streams/v1/images.json
echo '{"products": {' >"$images"
fails "JSON that ends too early" "$SERVER/streams/v1/images.json is not a list of images: jq: *"
printf '<html>\033[2Jnot found</html>' >"$images"
fails "a page instead" "$SERVER/streams/v1/images.json is not a list of images: jq: *"
: >"$images"
fails "nothing at all" "$SERVER has no image that lsl can use"
echo '[1, 2]' >"$images"
fails "JSON of another shape" "$SERVER* is not a list of images: jq: *"
python3 -c 'print("[" * 1000000)' >"$images"
fails "brackets without end" "$SERVER/streams/v1/images.json is not a list of images: jq: *"
python3 -c 'print("{\"products\": {" + ",".join("\"%d\": {\"aliases\": \"a/%d\", \"arch\": \"amd64\", \"versions\": {\"1\": {\"items\": {\"root.tar.xz\": {\"path\": \"x\", \"size\": 1, \"sha256\": \"'"${hash%% *}"'\"}}}}}" % (i, i) for i in range(60000)) + "}}")' >"$images"
fails "more images than any server has" "$SERVER lists more than 50000 images"
head -c 40000000 /dev/zero | tr '\0' ' ' >"$images"
fails "an index that is too large" "$SERVER/streams/v1/images.json is larger than 33554432 bytes"
index() {
	echo '{"index": {"images": {"datatype": "image-downloads", "path": "'"$1"'"}}}' >"$IMAGES/streams/v1/index.json"
}
index endless/streams/v1/index.json
fails "... that does not end" "$SERVER/endless/streams/v1/index.json is larger than 33554432 bytes"
index ../../etc/passwd
fails "a list that is on another server" "$SERVER/streams/v1/index.json names no list of images"
echo '{"index": {}}' >"$IMAGES/streams/v1/index.json"
fails "no list at all" "$SERVER/streams/v1/index.json names no list of images"
rm "$IMAGES/streams/v1/index.json"
fails "a server of something else" "$SERVER/streams/v1/index.json does not exist (404)"
