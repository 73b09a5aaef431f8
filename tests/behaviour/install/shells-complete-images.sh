#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In real interactive shells, bash, zsh and fish, TAB completes names of images
# that root has listed before, without asking the server again, and files in
# addition.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/interactive.sh"
. "$tests/lib/images.sh"

echo image >"$W/image"
serve_images
add_image demo/frobnicate/default,demo/frobnicate,demo/1 amd64 20261127_05:24 "$W/image"
add_image demo/frobscottle amd64 20261127_05:24 "$W/image"
add_image other/1 amd64 20261127_05:24 "$W/image"
# shellcheck disable=SC2016 # as it is
images_json '.products.x = .products["other/1:amd64"] | .products.x.aliases = "demo/$(id>pwned),demo/frobn;x"'
ok "root sees the list" lsl images --server "$SERVER"
end "$(cat "$W/server-pid")"

in_shell() {
	open_shell "$@"
	completes "the only image that it can be" "lsl create x --server $SERVER --from oth" 'from other/1'
	completes "... of several, as far as they agree" "lsl create x --server $SERVER --from demo/f" 'from demo/frob'
	lists "... all of them" "lsl create x --server $SERVER --from demo/frob" 'frobnicate.*frobscottle'
	completes "a file beside them" "lsl create x --server $SERVER --from ./roo" 'from ./rootfs.tar.xz'
	completes "an image to look for" "lsl images --server $SERVER oth" 'other/1'
	completes "lsl images" "lsl imag" '> lsl images'
	is "$shell: nothing was executed" "$(find "$W" -name pwned)" ""
	close_terminal
}
cd "$W/empty"
: >rootfs.tar.xz
write_startup_files
if [ -f /usr/share/bash-completion/bash_completion ]; then
	in_shell bash --rcfile "$W/empty/.bashrc" --noprofile -i
else
	skip_check "bash completes" "bash-completion is not installed"
fi
in_shell zsh -i
in_shell fish -i
