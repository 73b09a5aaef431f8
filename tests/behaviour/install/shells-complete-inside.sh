#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In real interactive shells in a container, bash, zsh and fish, which read the
# files of lsl from /oldRoot: TAB completes the commands of other containers,
# the host's programs, and arguments.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/interactive.sh"
needs git

# The host's programs, where login.defs has them looked for.
mkdir "$W/host"
sed '/^[[:space:]]*ENV_/d' /etc/login.defs >"$W/login.defs"
printf 'ENV_PATH PATH=%s/host:/usr/bin:/bin\nENV_SUPATH PATH=%s/host:/usr/bin:/bin\n' "$W" "$W" >>"$W/login.defs"
mount --bind "$W/login.defs" /etc/login.defs
for name in frobnicate frobscottle; do
	program "$W/host/$name" 'echo "ran on the host: ${0##*/} ${LSL_CONTAINER-outside}"'
done
usr_rootfs "$T/rootfs/debian"
container debian "mnt=$USR_MNT;$W" "bins=$USR_BINS" "envPath=/usr/bin:/bin:$LINKSDIR"
container other
program "$T/rootfs/other/usr/bin/frobnicate" 'echo "ran in $LSL_CONTAINER"'
program "$T/rootfs/other/usr/bin/git" ''
lsl start
cd "$W/empty"
: >file-name
cat >.bashrc <<END
PS1='> '
[ ! -f /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion
. '/oldRoot$T/etc/bash_completion.d/lsl'
END
cat >.zshrc <<END
PS1='> '
fpath=('/oldRoot$T/usr/share/zsh/site-functions' \$fpath)
autoload -Uz compinit; compinit -u -D
. '/oldRoot$T/usr/share/lsl/lsl.zsh'
END
mkdir -p .config/fish
cat >.config/fish/config.fish <<END
function fish_prompt; echo '> '; end
function fish_greeting; end
source '/oldRoot$T/usr/share/fish/vendor_conf.d/lsl.fish'
END

completes() {
	clear_screen || :
	keys "$2" Tab
	appears "$shell: $1" "$3"
}

in_shell() {
	open_shell "$@"
	# fish suggests the rest, which looks the same on the screen.
	completes "as far as it is clear" 'host:fro' '> host:frob\(nicate\)\{0,1\} *$'
	keys Tab Tab
	appears "$shell: ... and what is possible" 'frobnicate.*frobscottle'
	keys C-c
	retry shows '^> *$' || :
	completes "a command of another container" 'other:frobn' '> other:frobnicate *$'
	completes "a program of the host" 'host:frobn' '> host:frobnicate *$'
	keys Enter
	appears "$shell: ... which runs there" '^ran on the host: frobnicate outside'
	completes "arguments as those of the program" 'other:git cherry-p' '> other:git cherry-pick'
	completes "the container's own programs" 'mkfif' '> mkfifo'
	completes "files" 'cat fi' '> cat file-name'
	close_terminal
}

if [ -f /usr/share/bash-completion/bash_completion ]; then
	in_shell debian:bash --rcfile "$W/empty/.bashrc" --noprofile -i
else
	skip_check "bash completes" "bash-completion is not installed"
fi
in_shell debian:zsh -i
in_shell debian:fish -i
cd "$W"
