# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Real interactive shells, for tests that have read lib.sh: each runs in a
# terminal, in the empty directory $W/empty, which is also its home.
# shellcheck source=tests/lib/terminal.sh disable=SC2154
. "$tests/lib/terminal.sh"
needs bash zsh fish
mkdir "$W/empty"
# Otherwise fish makes a directory in /tmp, which is the machine's.
mkdir -m 0700 "$W/runtime"

# Shells also read the files of an lsl that is installed on this machine.
(cd "$T" && find etc/bash_completion.d usr/share/bash-completion usr/share/fish usr/share/zsh -type f) >"$W/integration"
while read -r file; do
	[ ! -f "/$file" ] || mount --bind /dev/null "/$file"
done <"$W/integration"

# open_shell CMD...: with the prompt "> ". close_terminal ends it.
open_shell() {
	shell=$1
	open_terminal 120 40 "cd '$W/empty' && exec env -i HOME='$W/empty' TERM=screen LC_ALL=C.UTF-8 \
		XDG_RUNTIME_DIR='$W/runtime' XDG_DATA_DIRS='$T/usr/share:/usr/share' PATH='$PATH' GIT_CONFIG_NOSYSTEM=1 LSL_QUIET=1 $*"
	retry shows '^[^ ]*> *$' || {
		fail "$shell starts" "$(screen)"
		exit 1
	}
}

# keys KEYS...: text, and Tab, Enter or C-x for these keys.
keys() {
	for key; do
		case $key in
		Tab | Enter | C-?) press "$key" ;;
		*) press -l -- "$key" ;;
		esac
	done
}

# An empty line on an empty screen.
afresh() {
	clear_screen || :
}
# completes WHAT TYPED PATTERN: after one TAB.
completes() {
	afresh
	keys "$2" Tab
	appears "$shell: $1" "$3"
}
# lists WHAT TYPED PATTERN: after two.
lists() {
	afresh
	keys "$2" Tab Tab
	appears "$shell: $1" "$3"
	keys C-c
	# Keys before the shell has seen that are lost.
	retry shows '^> *$' || :
}

# The files that the shells read when they start, in $W/empty.
write_startup_files() {
	cat >"$W/empty/.bashrc" <<END
PS1='> '
[ ! -f /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion
command_not_found_handle() { echo "before us: \$1: command not found"; return 127; }
. '$T/etc/bash_completion.d/lsl'
. '$T/usr/share/bash-completion/completions/lsl'
END
	cat >"$W/empty/.zshrc" <<END
PS1='> '
fpath=('$T/usr/share/zsh/site-functions' \$fpath)
autoload -Uz compinit; compinit -u -D
command_not_found_handler() { echo "before us: \$1: command not found"; return 127 }
. '$T/usr/share/lsl/lsl.zsh'
END
	mkdir -p "$W/empty/.config/fish"
	cat >"$W/empty/.config/fish/config.fish" <<'END'
function fish_prompt; echo '> '; end
function fish_greeting; end
END
}
