#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lsl create --arch gets an image for another architecture, from an image server
# or a registry, and configures the emulator that it needs: its programs run at
# once, and so do the programs that they start.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/foreign.sh"
. "$tests/lib/images.sh"

for arch in arm64 amd64; do
	compiler=cc
	[ $arch = amd64 ] || compiler=aarch64-linux-gnu-gcc
	foreign_rootfs "$T/rootfs/$arch" $compiler
	mkdir -p "$T/rootfs/$arch/etc" "$T/rootfs/$arch/usr/bin"
	echo "ID=$arch" >"$T/rootfs/$arch/etc/os-release"
	image_archive "$W/$arch.tar.xz" "$T/rootfs/$arch"
done
[ "$(uname -m)" = x86_64 ] || skip "this machine's programs are not amd64"
serve_images
add_image demo/1 arm64 20261127_05:24 "$W/arm64.tar.xz"
add_image demo/1 amd64 20261127_05:24 "$W/amd64.tar.xz"

run lsl create native --server "$SERVER" --from demo/1
is "this machine's architecture without --arch" "$status$(native:machine)" 0x86_64
not_ok "... without an emulator" grep -q interpreter "$CONFIG.d/native.conf"
cp -a "$T/rootfs/amd64" "$T/rootfs/mixed"
cp "$T/rootfs/arm64/bin/machine" "$T/rootfs/mixed/bin/a-foreign-one"
run lsl create mixed --from "$T/rootfs/mixed"
is "nor because of one program of another architecture" \
	"$status$(mixed:machine)$(grep -c interpreter "$CONFIG.d/mixed.conf")" 0x86_640
run lsl create arm --server "$SERVER" --from demo/1 --arch arm64
is "another one by --arch: its programs run" "$status$(arm:machine)" 0aarch64
like "... and reports that" "$err" "*lsl: arm: demo/1 for arm64 of *"
printf '#!/bin/sh\nmachine\n' >"$T/var/lib/lsl/arm/bin/script"
chmod 0755 "$T/var/lib/lsl/arm/bin/script"
is "... so do programs that they start" "$(arm:script)" aarch64
ok "... an emulator is configured" grep -q '^interpreter=/.*qemu-aarch64' "$CONFIG.d/arm.conf"
run lsl create again --server "$SERVER" --from demo/1 --arch aarch64 --json
is "... by QEMU's name of it" "$status$(printf '%s' "$out" | jq -r .interpreter)" \
	"0$(sed -n 's/^interpreter=//p' "$CONFIG.d/arm.conf")"

# A registry with an image of each architecture.
if command -v skopeo >/dev/null && command -v umoci >/dev/null && command -v docker-registry >/dev/null; then
	serve_registry
	umoci init --layout "$W/layout"
	for name in arm64 amd64; do
		umoci new --image "$W/layout:$name"
		umoci config --image "$W/layout:$name" --architecture "$name" --os linux
		umoci insert --image "$W/layout:$name" "$T/rootfs/$name" / >/dev/null
		skopeo copy -q --dest-tls-verify=false "oci:$W/layout:$name" "docker://$REGISTRY/demo:$name"
		skopeo inspect --tls-verify=false --raw "docker://$REGISTRY/demo:$name" >"$W/$name.json"
	done
	entry() {
		printf '{"mediaType": "%s", "size": %s, "digest": "sha256:%s", "platform": {"os": "linux", "architecture": "%s"}}' \
			application/vnd.oci.image.manifest.v1+json "$(stat -c %s "$W/$1.json")" "$(sha256sum <"$W/$1.json" | cut -d ' ' -f 1)" "$1"
	}
	printf '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [%s, %s]}' \
		"$(entry amd64)" "$(entry arm64)" >"$W/index.json"
	curl -s -f -X PUT -H 'Content-Type: application/vnd.oci.image.index.v1+json' --data-binary "@$W/index.json" \
		"http://$REGISTRY/v2/demo/manifests/both"
	run lsl create registry --from "docker://$REGISTRY/demo:both" --arch arm64
	is "from a registry: the image of that architecture" "$status$(registry:machine)" 0aarch64
	run lsl create own --from "docker://$REGISTRY/demo:both"
	is "... and this machine's without --arch" "$status$(own:machine)" 0x86_64
else
	skip_check "from a registry" "skopeo, umoci and docker-registry are not installed"
fi
