# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# A terminal of tmux, in which a test types, and whose screen it reads. Sourced
# after lib.sh.
# shellcheck disable=SC2034,SC2154 # of lib.sh
needs tmux

sock=$W/tmux
# The server does not end while one session exists.
tmux -S "$sock" -f /dev/null new-session -d -s keep 'sleep 100000'

# open_terminal COLUMNS LINES COMMAND: it is the only one, and begins with
# COMMAND. close_terminal hangs it up.
open_terminal() {
	tmux -S "$sock" new-session -d -s terminal -x "$1" -y "$2" "$3"
}
close_terminal() {
	tmux -S "$sock" kill-session -t terminal
}
# resize COLUMNS LINES: tmux tells the terminal later.
resize() {
	tmux -S "$sock" resize-window -t terminal -x "$1" -y "$2"
	retry has_size "$2 $1"
}
has_size() {
	[ "$(stty -F "$(tmux -S "$sock" display-message -p -t terminal '#{pane_tty}')" size)" = "$1" ]
}

# types TEXT...: and Enter after each. press KEY...: by tmux' names of keys.
types() {
	for text; do
		tmux -S "$sock" send-keys -t terminal -l -- "$text"
		press Enter
	done
}
press() {
	tmux -S "$sock" send-keys -t terminal "$@"
}

screen() {
	tmux -S "$sock" capture-pane -p -t terminal
}
# For retry: whether a line of the screen matches PATTERN, as for grep.
shows() {
	screen | grep -q -e "$1"
}
hides() {
	! shows "$1"
}
is_clear() {
	[ "$(screen | grep -c .)" -le 1 ]
}
# At a shell's prompt; also removes typed text.
clear_screen() {
	press C-u C-l
	tmux -S "$sock" clear-history -t terminal
	retry is_clear
}

# appears WHAT PATTERN: it is on the screen, now or soon. vanishes: it is no
# longer there.
appears() {
	ran=
	if retry shows "$2"; then pass "$1"; else fail "$1" "$(screen)"; fi
}
vanishes() {
	ran=
	if retry hides "$2"; then pass "$1"; else fail "$1" "$(screen)"; fi
}
# wait_for CMD...: waits for a condition of the rest of the test.
wait_for() {
	retry "$@" || {
		ran=
		fail "it comes to: $*" "$(screen)"
		exit 1
	}
}
