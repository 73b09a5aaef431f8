#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One command makes a real Debian from an image server, and it can be
# administered.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/images.sh"

LSL_TEST_DEBIAN=${LSL_TEST_DEBIAN:-$LSL_TEST_STAGE/debian.tar}
why=$(sh "$tests/lib/debian-image" "$LSL_TEST_DEBIAN" 2>&1) || skip "$why"
version=$(. /etc/os-release && echo "${VERSION_ID:-1}")
serve_images
add_image "debian/$version" "$(dpkg --print-architecture)" 20261127_05:24 "$LSL_TEST_DEBIAN"
run lsl create debian --server "$SERVER" --from "debian/$version"
is "a Debian is created and started" "$status$out" "0debian:cat /etc/os-release"
is "... by the line that is printed" "$(debian:cat /etc/os-release)" "$(tar -xOf "$LSL_TEST_DEBIAN" ./usr/lib/os-release)"
like "... for users, too" "$(as_user debian:id)" "uid=$USERID(alice)*"
is "... its packages are whole" "$(debian:dpkg --audit; debian:dpkg --verify --verify-format rpm 2>&1 | grep -v '/usr/share/\|/etc/')" ""
# A local package, without an archive.
mkdir -p "$T/rootfs/package/DEBIAN" "$T/rootfs/package/usr/bin"
printf '#!/bin/sh\necho Hello, world!\n' >"$T/rootfs/package/usr/bin/hello-lsl"
chmod 0755 "$T/rootfs/package/usr/bin/hello-lsl"
printf 'Package: hello-lsl\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: says hello\n' \
	>"$T/rootfs/package/DEBIAN/control"
cd "$T/rootfs"
ok "... a package is built in it" debian:dpkg-deb --build package
ok "... and installed" debian:dpkg --install package.deb
is "... its program is a command" "$(debian:hello-lsl)" "Hello, world!"
run lsl check
not_ok "lsl check has no error about it" sh -c 'printf "%s\n" "$0" | grep "^error.*debian"' "$out"
run lsl remove debian --yes
is "and away again" "$status$(ls -A "$T/var/lib/lsl" | grep -v '^\.lock$')" 0
