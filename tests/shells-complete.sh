#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In real interactive shells, bash, zsh and fish: TAB completes a container's name, the commands in it with their
# colon, the arguments of a command as those of the program, and lsl's own words; what
# completions of others count on stays; and for a command that is not found the containers that have it are named.
. "$(dirname "$0")/lib.sh"
needs tmux bash zsh fish git

container debian
container delta
for name in frobnicate frobscottle git; do
	program "$T/rootfs/debian/usr/bin/$name" 'echo ran "${0##*/}" "$@"'
done
program "$T/rootfs/delta/usr/bin/frobnicate" 'echo delta'
lsl start
mkdir "$W/empty"
cd "$W/empty"

sock=$W/tmux
tmux -S "$sock" -f /dev/null new-session -d -s keep -x 120 -y 40 'sleep 100000'

screen() {
	tmux -S "$sock" capture-pane -p -t shell
}
shows() {
	screen | grep -q -e "$1"
}
appears() {
	ran=
	if retry shows "$2"; then pass "$1"; else fail "$1" "$(screen)"; fi
}
# types KEYS...: names of keys, or text.
types() {
	for key; do
		case $key in
		Tab | Enter | C-?) tmux -S "$sock" send-keys -t shell "$key" ;;
		*) tmux -S "$sock" send-keys -t shell -l "$key" ;;
		esac
	done
}
# An empty line on an empty screen.
afresh() {
	types C-u C-l
	retry sh -c '[ "$(tmux -S "$0" capture-pane -p -t shell | grep -c .)" -le 1 ]' "$sock" || :
	tmux -S "$sock" clear-history -t shell
}
# completes WHAT TYPED PATTERN: after one TAB.
completes() {
	afresh
	types "$2" Tab
	appears "$shell: $1" "$3"
}
# lists WHAT TYPED PATTERN: after two.
lists() {
	afresh
	types "$2" Tab Tab
	appears "$shell: $1" "$3"
	types C-c
}

# Without a directory of its own fish makes one in /tmp, which is the machine's.
mkdir -m 0700 "$W/runtime"

in_shell() {
	shell=$1
	shift
	tmux -S "$sock" new-session -d -s shell -x 120 -y 40 "env -i HOME='$W/empty' TERM=screen LC_ALL=C.UTF-8 XDG_RUNTIME_DIR='$W/runtime' \
		XDG_DATA_DIRS='$T/usr/share:/usr/share' PATH='$PATH' GIT_CONFIG_NOSYSTEM=1 LSL_QUIET=1 $*"
	retry shows '^[^ ]*> *$' || {
		fail "$shell starts" "$(screen)"
		exit 1
	}
	completes "the only command that it can be" 'debian:frobn' '> debian:frobnicate *$'
	lists "the commands of a container that begin so" 'debian:frob' 'frobnicate.*frobscottle'
	# zsh takes the directory debian, which is there too, for a command.
	case $shell in
	zsh) completes "a container's name" 'debia' '> debian' ;;
	*) completes "a container's name" 'debia' '> debian\\*:' ;;
	esac
	completes "arguments as those of the program" 'debian:git cherry-p' '> debian:git cherry-pick'
	completes "... behind another command" 'sudo debian:git cherry-p' '> sudo debian:git cherry-pick'
	completes "... at once again without it" 'debian:git cherry-p' '> debian:git cherry-pick'
	lists "... of a command of the program" 'debian:git stash ' 'apply.*\|pop'
	lists "... behind another command" 'sudo debian:git stash ' 'apply.*\|pop'
	# Too many for the screen: fish shows the first, zsh asks and then takes the first.
	lists "... before anything is typed" 'debian:git ' 'cherry-pick\|possibilities\|debian:git add'
	completes "... words that the program does not know too, as files" 'debian:frobnicate fi' '> debian:frobnicate file-name'
	completes "commands of lsl" 'lsl rest' '> lsl restart'
	completes "containers that are configured" 'lsl start deb' '> lsl start debian'
	completes "containers that are started" 'lsl stop del' '> lsl stop delta'
	completes "options" 'lsl --disa' '> lsl --disable-seccomp'
	afresh
	types 'frobscottle' Enter
	appears "$shell: which container has a command that is not found" '^In a container: debian:frobscottle'
	afresh
	types 'frobnicate' Enter
	appears "$shell: ... and which containers" '^In a container: debian:frobnicate delta:frobnicate'
	afresh
	types 'no-such-program; echo status=$?' Enter
	[ "$shell" != fish ] || types C-u 'no-such-program; echo status=$status' Enter
	appears "$shell: for others what is usual is said" 'no-such-program.*command not found\|command.*no-such-program'
	appears "$shell: ... with the usual status" '^status=127'
}
end_shell() {
	tmux -S "$sock" kill-session -t shell
}

: >file-name
cat >.bashrc <<END
PS1='> '
[ ! -f /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion
command_not_found_handle() { echo "before us: \$1: command not found"; return 127; }
. '$T/etc/bash_completion.d/lsl'
. '$T/usr/share/bash-completion/completions/lsl'
_ours() { printf '<%s>' "\${COMP_WORDS[@]}" >'$W/words'; COMPREPLY=(tail); }
complete -F _ours ours
END
if [ -f /usr/share/bash-completion/bash_completion ]; then
	in_shell bash bash --rcfile "$W/empty/.bashrc" --noprofile -i
	afresh
	types 'no-such-program' Enter
	appears "bash: a handler that was there before is asked too" '^before us: no-such-program'
	completes "what others complete is cut at the colon as ever" 'ours host:ta' '> ours host:tail'
	is "bash: ... and given in these words" "$(cat "$W/words")" '<ours><host><:><ta>'
	completes "... also after one of ours" 'debian:frobn' '> debian:frobnicate *$'
	completes "... also after one of ours" 'ours host:ta' '> ours host:tail'
	completes "behind another command" 'sudo debian:frobn' '> sudo debian:frobnicate'
	end_shell
else
	skip_check "bash completes" "bash-completion is not installed"
fi

cat >.zshrc <<END
PS1='> '
fpath=('$T/usr/share/zsh/site-functions' \$fpath)
autoload -Uz compinit; compinit -u -D
command_not_found_handler() { echo "before us: \$1: command not found"; return 127 }
. '$T/usr/share/lsl/lsl.zsh'
END
in_shell zsh zsh -i
afresh
types 'no-such-program' Enter
appears "zsh: a handler that was there before is asked too" '^before us: no-such-program'
program "$T/rootfs/debian/usr/bin/newcomer" 'echo new'
completes "a command that has just been installed" 'debian:newc' '> debian:newcomer'
end_shell

mkdir -p .config/fish
cat >.config/fish/config.fish <<'END'
function fish_prompt; echo '> '; end
function fish_greeting; end
END
in_shell fish fish -i
end_shell
cd "$W"
