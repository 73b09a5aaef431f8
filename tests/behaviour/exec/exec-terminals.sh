#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The program gets the caller's terminal, of every kind: those of script, of
# sudo, of a login over the network, of tmux. Full-screen programs draw, are
# resized, stopped and continued. exec-interactive.sh tests shells in a
# terminal.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/terminal.sh"
needs bash htop less python3 script sudo vim

usr_rootfs "$T/rootfs/debian"
container debian "mnt=$USR_MNT;$T/home;$W" "bins=$USR_BINS"
lsl start

# Terminals without a person's shell.
is "script gives it a terminal" \
	"$(as_user script -qec 'debian:tty; tty' /dev/null | grep -v '^Exec' | uniq -c | tr -dc '0-9a-z/ ' | sed 's,/[0-9]*$,/N,')" \
	"      2 /dev/pts/N"
is "... its output arrives" \
	"$(as_user script -qec 'LSL_QUIET=1 debian:seq 1000' /dev/null | tr -d '\r' | md5sum)" "$(seq 1000 | md5sum)"
run as_user script -qec 'debian:sh -c "exit 5"' /dev/null
is "... and its exit status" "$status" 5
# What script(1) types at the end of its input, sudo's own terminal shows as ^@.
is "sudo gives it another" "$(as_user script -qec \
	'sudo LSL_QUIET=1 debian:sh -c "test -t 0 && tty | tr -d 0-9; id -u"' /dev/null | tr -d '\r' | sed 's/^^@//')" "/dev/pts/
0"
is "with standard input from elsewhere /dev/tty is the terminal" "$(echo typed |
	as_user script -qec 'debian:sh -c "read line </dev/tty; echo got \$line" </dev/null' /dev/null |
	tr -d '\r' | grep got)" "got typed"

# Like sshd and getty: a new session, whose first process is the command.
cat >"$W/session.py" <<'END'
# session.py COMMAND ARGV0 ARG...: the command leads a session in a new terminal
# of 25 lines and 90 columns. Standard input has a line for each step: "type
# TEXT", "wait TEXT" (until it is printed), "size LINES COLUMNS", "until
# COMMAND" (of a shell, succeeds), "close" the terminal. At the end everything
# that was printed is printed, and the program's exit status.
import fcntl, os, pty, select, signal, struct, sys, termios, time

os.environ["LSL_QUIET"] = "1"
signal.alarm(60)
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 90, 0, 0))
    os.execv(sys.argv[1], sys.argv[2:])
printed = b""
shown = 0

def read():
    global printed
    try:
        got = os.read(terminal, 4096)
    except OSError:
        got = b""
    printed += got
    return got

for line in sys.stdin:
    word, _, text = line.rstrip("\n").partition(" ")
    if word == "type":
        os.write(terminal, text.encode().decode("unicode_escape").encode())
    elif word == "size":
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *map(int, text.split()), 0, 0))
    elif word == "wait":
        deadline = time.monotonic() + 20
        while text.encode() not in printed[shown:]:
            if time.monotonic() > deadline or not select.select([terminal], [], [], 20)[0] or not read():
                sys.exit("no %r in %r" % (text, printed[shown:]))
        shown = printed.index(text.encode(), shown) + len(text)
    elif word == "until":
        deadline = time.monotonic() + 20
        while os.system(text + " >/dev/null 2>&1") != 0:
            if time.monotonic() > deadline:
                sys.exit("never " + text)
            time.sleep(0.05)
    elif word == "close":
        os.close(terminal)
        terminal = -1
while terminal >= 0 and read():
    pass
sys.stdout.write(printed.decode().replace("\r", ""))
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
# session WORD...: with lines of standard input as above.
session() {
	as_user python3 "$W/session.py" "$@"
}
sh=$LINKSDIR/debian:bash
gives "a command can be the leader of a session" 0 "leader /dev/pts 25 90
status 3" "" session "$sh" bash -c \
	'set -- $(ps -o pid=,sid=,pgid=,tpgid= $$); [ "$1" = $2 ] && [ $1 = $3 ] && [ $1 = $4 ] && t=$(tty) && echo leader ${t%/*} $(stty size); exit 3' </dev/null
run session "$sh" -debian:bash <<'END'
type PS1='log''in> '; shopt -q login_shell && echo is a log''in shell\n
wait is a login shell
wait login> 
type sleep 1000\n
until pgrep -x -f 'sleep 1000'
type \x03
wait login> 
type echo interru''pted $?\n
wait interrupted 130
type sleep 1000 & echo job''s: $(jobs)\n
wait jobs: [1]+ Running
wait login> 
type kill %1; trap 'echo chan''ged $(stty size)' WINCH\n
wait login> 
size 30 100
type \n
wait changed 30 100
wait login> 
type \x04
END
is "a login shell in it works: prompt, Ctrl-C, jobs, a new size, Ctrl-D" "$status $(echo "$out" | tail -n 1) $err" "0 status 0 "
run session "$sh" bash -c 'trap "echo hung up >$0; exit 4" HUP; printf rea""dy; while :; do sleep 0.05; done' "$W/hup" <<'END'
wait ready
close
END
is "when the connection is lost, the program gets a signal" "$(cat "$W/hup")" "hung up"
is "... and decides how it ends" "$out" "readystatus 4"
run session "$LINKSDIR/debian:sleep" sleep 1000 <<'END'
until pgrep -x -f 'sleep 1000'
close
END
is "... or ends by the signal" "$out" "status -1"
run session "$sh" bash -c 'stty raw -echo; echo rea""dy; head -c 3 | od -An -tx1; stty sane; stty -a | grep -o " icanon"' <<'END'
wait ready
type \x03\x04\x1a
wait 03 04 1a
wait icanon
END
is "modes of the terminal can be set" "$status $err" "0 "

# Full screen, in tmux. runuser would stay, as the terminal's leader, and a
# closed terminal would not end it.
open_terminal 80 24 "setpriv --reuid=alice --regid=alice --init-groups env HOME='$T/home/alice' TERM=screen PS1='host> ' LSL_QUIET=1 bash --norc --noprofile -i"
# is_stopped PROGRAM: alice's program.
is_stopped() {
	[ "$(ps -o stat= -p "$(pgrep -u alice -x "$1")" | cut -c1)" = T ]
}

wait_for shows 'host>'
seq -f 'line %g' 1 200 >"$T/home/alice/lines"
types 'cd; debian:vim -u NONE -N file'
appears "vim fills the screen" '^~'
press i
types 'text of alice'
press Escape
appears "... shows what is typed" '^text of alice'
resize 60 15
types ':echo "size" &lines &columns'
appears "... learns of a new size" '^size 15 60'
press C-z
appears "... stops on Ctrl-Z" 'Stopped.*debian:vim'
types 'stty -a | grep -o " icanon"'
appears "... and leaves the terminal as a shell needs it" '^ *icanon'
types 'fg'
appears "... comes back with fg" '^~'
types ':wq'
vanishes "... is left" '^~'
is "... and has written" "$(cat "$T/home/alice/file")" "text of alice"
is "... the user's file" "$(stat -c %U "$T/home/alice/file")" alice
types 'clear; debian:less lines'
appears "less fills the screen" '^line 14$'
vanishes "... with no more than fits" 'line 16$'
types '/line 150'
appears "... searches" '^line 15[0-9]$'
resize 60 20
# less loses a key that it gets during a change of the size.
wait_for shows '^line 168$'
press g
appears "... learns of a new size" '^line 19$'
press q
appears "... and restores what was there" 'host>'
types 'clear; seq 100 | debian:less'
appears "less reads a pipe, and keys from the terminal" '^:$'
press G
appears "... to its end" '^100$'
press q
wait_for hides '^100$'
resize 90 24
types 'clear; debian:htop -C -u alice'
appears "htop draws" 'PID.*USER'
appears "... and finds itself, in the host's processes" 'alice.*htop'
press F10
vanishes "... and is left" 'PID.*USER'
types 'clear; env -u TMUX debian:tmux -S ~/inner -f /dev/null new "echo inner; exec sh"'
appears "tmux itself, in tmux" '^.0. 0:sh'
types 'exit'
appears "... ends" '^\[exited\]'

types 'clear; debian:cat &'
ok "a program in the background is stopped when it reads from the terminal" retry is_stopped cat
types 'kill %1; fg'
wait_for sh -c '! pgrep -u alice -x cat'
types 'stty tostop; debian:seq 7 &'
ok "... and when it writes, where the terminal is set so" retry is_stopped seq
types 'stty -tostop; fg'
appears "... until it is brought back" '^7$'
types 'clear; debian:sh -c "trap : INT; cat; echo sur""vived"'
wait_for pgrep -x -u alice cat
press C-c
appears "Ctrl-C reaches its programs, and one that handles it survives" 'survived$'
types "clear; debian:sh -c 'trap \"echo told >$W/told; exit\" HUP; echo rea\"\"dy; while :; do sleep 0.05; done'"
wait_for shows '^ready'
close_terminal
ok "closing the window ends what runs in it" retry test -s "$W/told"
