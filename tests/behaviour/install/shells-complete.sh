#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In real interactive shells, bash, zsh and fish: TAB completes a container's
# name, its commands with their colon, the arguments of a command like those of
# the program, and lsl's own words. Completions of other packages still work.
# For a command that is not found, the shell names the containers that have it.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/interactive.sh"
needs git

container debian
container delta
for name in frobnicate frobscottle git; do
	program "$T/rootfs/debian/usr/bin/$name" 'echo ran "${0##*/}" "$@"'
done
program "$T/rootfs/delta/usr/bin/frobnicate" 'echo delta'
mkdir -p "$T/rootfs/debian/usr/share/man/man1"
echo '.TH frobnicate 1' | gzip >"$T/rootfs/debian/usr/share/man/man1/frobnicate.1.gz"
lsl start
cd "$W/empty"

in_shell() {
	open_shell "$@"
	completes "the only command that it can be" 'debian:frobn' '> debian:frobnicate *$'
	lists "the commands of a container that begin so" 'debian:frob' 'frobnicate.*frobscottle'
	# zsh takes the directory debian, which also exists, for a command.
	case $shell in
	zsh) completes "a container's name" 'debia' '> debian' ;;
	*) completes "a container's name" 'debia' '> debian\\*:' ;;
	esac
	completes "arguments as those of the program" 'debian:git cherry-p' '> debian:git cherry-pick'
	completes "... behind another command" 'sudo debian:git cherry-p' '> sudo debian:git cherry-pick'
	completes "... at once again without it" 'debian:git cherry-p' '> debian:git cherry-pick'
	lists "... of a command of the program" 'debian:git stash ' 'apply.*\|pop'
	lists "... behind another command" 'sudo debian:git stash ' 'apply.*\|pop'
	# Too many for the screen: fish shows the first, zsh asks and then takes
	# the first.
	lists "... before anything is typed" 'debian:git ' 'cherry-pick\|possibilities\|debian:git add'
	completes "... words that the program does not know too, as files" 'debian:frobnicate fi' '> debian:frobnicate file-name'
	completes "a manual page" 'man debian:frobn' '> man debian:frobnicate'
	completes "commands of lsl" 'lsl rest' '> lsl restart'
	completes "... one with long arguments" 'lsl crea' '> lsl create'
	completes "containers that are configured" 'lsl start deb' '> lsl start debian'
	completes "containers that are started" 'lsl stop del' '> lsl stop delta'
	completes "containers that can be removed" 'lsl remove del' '> lsl remove delta'
	completes "what to make one of" 'lsl create new --from fi' '> lsl create new --from file-name'
	completes "options" 'lsl --disa' '> lsl --disable-seccomp'
	completes "... of all commands, behind one" 'lsl create --disa' '> lsl create --disable-seccomp'
	completes "... of this command" 'lsl create --js' '> lsl create --json'
	completes "... and not of others" 'lsl images --s' '> lsl images --server'
	afresh
	keys 'frobscottle' Enter
	appears "$shell: which container has a command that is not found" '^In a container: debian:frobscottle'
	afresh
	keys 'frobnicate' Enter
	appears "$shell: ... and which containers" '^In a container: debian:frobnicate delta:frobnicate'
	afresh
	keys 'no-such-program; echo status=$?' Enter
	[ "$shell" != fish ] || keys C-u 'no-such-program; echo status=$status' Enter
	appears "$shell: for other names the usual message appears" 'no-such-program.*command not found\|command.*no-such-program'
	appears "$shell: ... with the usual status" '^status=127'
}

: >file-name
write_startup_files
cat >>.bashrc <<END
_ours() { printf '<%s>' "\${COMP_WORDS[@]}" >'$W/words'; COMPREPLY=(tail); }
complete -F _ours ours
END
if [ -f /usr/share/bash-completion/bash_completion ]; then
	in_shell bash --rcfile "$W/empty/.bashrc" --noprofile -i
	afresh
	keys 'no-such-program' Enter
	appears "bash: a handler that was there before is asked too" '^before us: no-such-program'
	completes "what others complete is cut at the colon as ever" 'ours host:ta' '> ours host:tail'
	is "bash: ... and given in these words" "$(cat "$W/words")" '<ours><host><:><ta>'
	completes "... also after one of ours" 'debian:frobn' '> debian:frobnicate *$'
	completes "... also after one of ours" 'ours host:ta' '> ours host:tail'
	completes "behind another command" 'sudo debian:frobn' '> sudo debian:frobnicate'
	close_terminal

	# A login shell's /etc/profile and ~/.bashrc both read it, and it reads
	# lsl's file.
	grep bash_completion .bashrc >again
	cat again >>.bashrc
	open_shell bash --rcfile "$W/empty/.bashrc" --noprofile -i
	completes "arguments as those of the program, where bash-completion is read twice" \
		'debian:git cherry-p' '> debian:git cherry-pick'
	afresh
	keys 'no-such-program' Enter
	appears "bash: ... and a handler that was there before is asked once" '^before us: no-such-program'
	close_terminal
else
	skip_check "bash completes" "bash-completion is not installed"
fi

in_shell zsh -i
afresh
keys 'no-such-program' Enter
appears "zsh: a handler that was there before is asked too" '^before us: no-such-program'
program "$T/rootfs/debian/usr/bin/newcomer" 'echo new'
completes "a command that has just been installed" 'debian:newc' '> debian:newcomer'
close_terminal

in_shell fish -i
close_terminal
cd "$W"
