#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# No shell evaluates the name of a program in a root filesystem when it
# completes it. In real interactive shells each name is completed as a command
# of its container, and after sudo and "lsl which", and entered: exactly that
# program runs or is asked for, and no part of its name is executed, expanded or
# assigned.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/interactive.sh"

newline='
'
escape=$(printf '\033')
container debian
# The first two letters are typed.
# shellcheck disable=SC2016 # nothing is to be expanded
set -- 'qa$(id>pwned;ls>&2)' 'qb`id>pwned`' 'qc${lslx:=set}$lslx' 'qd d' "qe'e" 'qf"f' 'qg*' 'qh~' 'qi;id>pwned' \
	'qj|tee pwned' 'qk&id>pwned' 'ql\l' 'qm!!' 'qn{a,b}' 'qp#(p)' 'qr>pwned' 'qs<(id>pwned)' 'qt$((lslx=1))' 'qu[u]' \
	'qv=~' "qw${escape}[2J" "qx${newline}id>pwned" 'qy$((a[$(id>pwned)]))' 'qz$[a[$(id>pwned)]]' 'q0${a[$(id>pwned)]}' '-q1'
for name; do
	program "$T/rootfs/debian/usr/bin/$name" "printf %s \"\${0##*/}\" >'/oldRoot$W/new' && mv '/oldRoot$W/new' '/oldRoot$W/ran'"
done
echo 'root ALL=(ALL) NOPASSWD: ALL' >>"$T/machine/sudoers"
lsl start
write_startup_files
# A login shell reads bash-completion twice, see shells-complete.sh.
grep bash_completion "$W/empty/.bashrc" >"$W/again"
cat "$W/again" >>"$W/empty/.bashrc"

# enters LINE...: keys, after which $W/ran appears.
enters() {
	rm -f "$W/ran"
	keys C-u "$@" Enter
	retry test -f "$W/ran" || :
}

harmless() { # WHAT
	for file in "$W/empty/pwned" "$T/home/pwned"; do
		[ -e "$file" ] || continue
		fail "$shell: $1 is not executed" "$(screen)"
		rm "$file"
		return
	done
	case $(cat "$W/ran" 2>&1) in
	"$2") pass "$shell: $1" ;;
	*) fail "$shell: $1" "expected: $2
but got:  $(cat "$W/ran" 2>&1)
$(screen)" ;;
	esac
}

# The completion of sudo takes the names from this list. Before bash 5.2, those
# with a quotation mark or a backslash are not in it.
bash_lists() { # COMMAND BEGINNING
	bash -c 'compgen -c -- "$1"' bash "$2" | grep -qxF -e "$1"
}

try() { # NAME
	two=${1%"${1#??}"}
	enters "debian:$two" Tab "fi" Tab
	harmless "the command debian:$1" "$1"
	# In zsh, sudo's completion offers no commands with a colon; nohup's
	# does.
	before="sudo"
	[ "$shell" != zsh ] || before="nohup"
	offered=yes
	case $shell/$1 in
	# Names that sudo takes for an assignment, and names that bash does not
	# offer there.
	*=* | 'bash/'*'$'[\(\{\[]* | bash/*\`* | bash/*"$newline"* | fish/*"$newline"*) offered= ;;
	bash/*) bash_lists "debian:$1" "debian:$two" || offered= ;;
	esac
	if [ -n "$offered" ]; then
		enters "$before debian:$two" Tab
		harmless "$before debian:$1" "$1"
	else
		keys C-u "$before debian:$two" Tab Tab C-u
		enters "echo nothing >$W/new; mv $W/new $W/ran"
		harmless "$before debian:$1 is not completed" nothing
	fi
	case $1 in
	# That would be an option; and fish has no line for it.
	-* | *"$newline"* | *"$escape"*) return ;;
	esac
	lsl which --json "$1" >"$W/expected"
	enters "lsl which $two" Tab " --json >$W/new; mv $W/new $W/ran"
	harmless "lsl which $1" "$(cat "$W/expected")"
}

: >"$W/empty/file-name"
for shell in bash zsh fish; do
	case $shell in
	bash) [ -f /usr/share/bash-completion/bash_completion ] || {
		skip_check "bash completes" "bash-completion is not installed"
		continue
	}
	open_shell bash --rcfile "$W/empty/.bashrc" --noprofile -i ;;
	*) open_shell $shell -i ;;
	esac
	for name; do
		try "$name"
	done
	# Several names match: all are listed.
	keys C-u "lsl which q" Tab Tab C-u "debian:q" Tab Tab C-u
	enters "echo \$lslx >$W/new; mv $W/new $W/ran"
	harmless "a list of them, and no variable is set" ""
	# The output of the handler of commands that are not found can be
	# pasted.
	# shellcheck disable=SC2016 # nothing is to be expanded
	keys C-u C-l "'qa\$(id>pwned;ls>&2)'" Enter
	retry shows '^In a container: ' || :
	word=$(screen | sed -n 's/^In a container: //p')
	eval "printf %s $word" >"$W/ran"
	# shellcheck disable=SC2016
	harmless "which container has a command that is not found" 'debian:qa$(id>pwned;ls>&2)'
	close_terminal
done
