# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Real interactive shells, for tests that have read lib.sh: each runs in a
# terminal of tmux, in the empty directory $W/empty, which is also its home.
needs tmux bash zsh fish
mkdir "$W/empty"
# Without a directory of its own fish makes one in /tmp, which is the machine's.
mkdir -m 0700 "$W/runtime"

sock=$W/tmux
tmux -S "$sock" -f /dev/null new-session -d -s keep -x 120 -y 40 'sleep 100000'

# open_shell CMD...: with the prompt "> ".
open_shell() {
	shell=$1
	tmux -S "$sock" new-session -d -s shell -x 120 -y 40 -c "$W/empty" "env -i HOME='$W/empty' TERM=screen LC_ALL=C.UTF-8 \
		XDG_RUNTIME_DIR='$W/runtime' XDG_DATA_DIRS='$T/usr/share:/usr/share' PATH='$PATH' GIT_CONFIG_NOSYSTEM=1 LSL_QUIET=1 $*"
	retry shows '^[^ ]*> *$' || {
		fail "$shell starts" "$(screen)"
		exit 1
	}
}
close_shell() {
	tmux -S "$sock" kill-session -t shell
}

screen() {
	tmux -S "$sock" capture-pane -p -t shell
}
shows() {
	screen | grep -q -e "$1"
}
# types KEYS...: names of keys, or text.
types() {
	for key; do
		case $key in
		Tab | Enter | C-?) tmux -S "$sock" send-keys -t shell "$key" ;;
		*) tmux -S "$sock" send-keys -t shell -l -- "$key" ;;
		esac
	done
}

# What the shells read when they start, in $W/empty.
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
