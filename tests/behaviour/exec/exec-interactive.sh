#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A container's shell works in a real terminal like any other shell: the same
# name of the terminal, job control, Ctrl-C, Ctrl-Z and fg, the size and its
# changes. It ends as every program does when the terminal goes away.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/terminal.sh"
needs bash

container debian "mnt=$W"
# The host's bash, with its files: the job control of busybox' shell is not
# enough.
lsl start

open_terminal 100 30 "env PS1='host> ' LSL_QUIET= bash --norc --noprofile -i"

wait_for shows 'host>'
types 'tty >tty-host; debian:tty >tty-debian; stty size >size-host; debian:stty size >size-debian; echo don""e'
appears "programs run in a terminal" '^done'
is "tty names the same terminal" "$(cat tty-debian)" "$(cat tty-host)"
is "the terminal has the same size" "$(cat size-debian)" "$(cat size-host)"

clear_screen
types "debian:sh -c 'echo shell; exec env PS1=\"inside> \" sh -i'"
appears "a typed command is announced" '^Executing /bin/sh in debian'
appears "an interactive shell has its prompt" '^inside>'
types 'tty'
appears "tty in it names the same terminal" "^$(cat tty-host)"
clear_screen
types 'sleep 1000'
wait_for pgrep -x -f 'sleep 1000'
press C-c
ok "Ctrl-C ends what runs in it" retry sh -c '! pgrep -x -f "sleep 1000"'
types 'echo status $?'
appears "... with the status of a signal, and the shell continues" '^status 130'
clear_screen
types 'sleep 1000'
wait_for pgrep -x -f 'sleep 1000'
press C-z
appears "Ctrl-Z stops it" 'Stopped'
types 'jobs'
appears "it is a job" 'Stopped.*sleep 1000'
types 'fg'
wait_for sh -c 'ps -o stat= -p $(pgrep -x -f "sleep 1000") | grep -q "^S.*+"'
press C-c
ok "fg continues it, and Ctrl-C ends it" retry sh -c '! pgrep -x -f "sleep 1000"'
clear_screen
types 'sleep 1001 &'
wait_for pgrep -x -f 'sleep 1001'
types 'kill %1; wait; echo wai""ted'
appears "jobs in the background can be killed" '^waited'
types 'exit 5'
wait_for shows 'host>'
types 'echo left with $?'
appears "exit leaves it, with its status" '^left with 5'

clear_screen
types 'debian:sleep 1002'
wait_for pgrep -x -f 'sleep 1002'
press C-z
appears "a command itself is a job of the host's shell: Ctrl-Z" 'Stopped.*debian:sleep'
types 'bg'
wait_for sh -c 'ps -o stat= -p $(pgrep -x -f "sleep 1002") | grep -q "^S[<N]*$"'
types 'fg'
wait_for sh -c 'ps -o stat= -p $(pgrep -x -f "sleep 1002") | grep -q "^S.*+"'
press C-c
ok "... bg, fg, Ctrl-C" retry sh -c '! pgrep -x -f "sleep 1002"'
types 'echo status $?'
appears "... and death by the signal" '^status 130'
clear_screen
types 'debian:sleep 1003'
wait_for pgrep -x -f 'sleep 1003'
press "C-\\"
ok "Ctrl-backslash ends it too" retry sh -c '! pgrep -x -f "sleep 1003"'

clear_screen
types "debian:sh -c 'trap \"stty size >$W/winch; exit\" WINCH; echo >$W/ready; while :; do sleep 0.05; done'"
wait_for test -e "$W/ready"
resize 90 25
ok "a change of size arrives" retry test -s "$W/winch"
is "... with the new size" "$(cat "$W/winch")" "25 90"

types "PS1='inside> ' debian:sh"
wait_for shows '^inside>'
types 'sleep 1004'
wait_for pgrep -x -f 'sleep 1004'
close_terminal
ok "when the terminal is closed, its programs end" retry sh -c '! pgrep -x -f "sleep 1004"'
