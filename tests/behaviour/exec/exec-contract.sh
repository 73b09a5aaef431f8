#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The contract: a program that is called as a command has the same attributes as
# if it were executed natively, except for the differences listed here.
# lslExecutor(8) says the same in prose.
#
# probe.c prints all attributes of its process, item by item; shape.c gives the
# caller unusual ones. Both run natively and as a command, with the same caller.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs script perl bash

export W
PROBE=$W/probe
SHAPE=$W/shape
cp "$LSL_TEST_STAGE/../helpers/probe" "$LSL_TEST_STAGE/../helpers/shape" "$W"
chmod 0755 "$PROBE" "$SHAPE"
container debian
cp "$PROBE" "$T/rootfs/debian/bin/probe"
# Longer than what the arguments' size is measured with.
container path "path=$T/rootfs/debian" "envPath=/bin$(printf ':/a-directory-%0200d' 0)"
lsl start
COMMAND=$LINKSDIR/debian:probe

# 1. What is the same.

cat >contract <<'END'
pid	it is the caller's process
parent	nobody stands in between: its parent is the caller's
group	the process group
session	the session
children	the caller's children are its own, and can be waited for
subreaper	whether orphans come to it
cgroup	the control groups
terminal	the controlling terminal, by the same name
terminal modes	the modes of the terminal
window size	the size of its window
foreground	which process group is in the foreground there
user ids	real, effective, saved and file system user id
group ids	the same of the group
groups	the supplementary groups
Prm capabilities	the permitted capabilities
Eff capabilities	the effective ones
Inh capabilities	the inheritable ones
Bnd capabilities	the bounding set
Amb capabilities	the ambient ones
securebits	the securebits
keepcaps	the flag to keep capabilities
no_new_privs	no_new_privs
seccomp	whether system calls are filtered
secure	it is no setuid program: its loader trusts the environment
dumpable	it may be looked at, and dumps core
parent-death signal	the signal that its parent's death sends
session keyring	the session keyring
login id	the login id that audit knows
fd 0	standard input: file, offset, flags, owner
fd 1	standard output
fd 2	standard error
fd 3	a file at an offset
fd 4	one that appends, without blocking
fd 5	a directory
fd 6	a path
fd 9	a file with a record lock
fd 30	a pipe's end, with an owner and a signal
fd 31	its other end
fd 40	a number with none before it
fd 42	and one more
closed	standard descriptors that are closed stay closed
record locks	record locks are still held
ignored signals	the signals that are ignored
caught signals	none is caught, as after every exec
blocked signals	the mask of blocked signals
pending signals	the signals that the thread has yet to get
pending signals of the process	the signals that the process has yet to get
alarm	the alarm that will ring
virtual timer	the timer of its own time
profiling timer	the profiling timer
limit cpu	processor time, soft and hard
limit fsize	size of files
limit data	data segment
limit stack	stack
limit core	size of a core dump
limit rss	resident set
limit nproc	processes
limit nofile	open files
limit memlock	locked memory
limit as	address space
limit locks	file locks
limit sigpending	pending signals
limit msgqueue	message queues
limit nice	nice value
limit rtprio	real-time priority
limit rttime	real-time processor time
umask	the umask
nice	the nice value
scheduling	scheduling class, its priority and flags
io priority	io class and priority
cpus	the processors that it may run on
memory policy	where its memory comes from
timer slack	the timer slack
oom_score_adj	how likely it is to be killed for memory
autogroup	the scheduler's group
transparent huge pages	whether it has transparent huge pages
machine checks	what happens on memory errors
store bypass	the mitigation of speculative store bypass
indirect branches	the mitigation of indirect branch speculation
write or execute	whether memory may be both writable and executable
personality	the personality
core dump filter	what a core dump has in it
namespace cgroup	the control group namespace
namespace ipc	the ipc namespace
namespace net	the network namespace
namespace pid	the process namespace
namespace pid_for_children	that of its children
namespace time	the time namespace
namespace time_for_children	that of its children
namespace user	the user namespace
namespace uts	the namespace of the host's name
directory	the working directory is the very same
END

echo "hello, world" >fds
echo "to be read" >given
: >got
: >errors
chmod 0666 fds got errors

# look NATIVE|COMMAND OUT SHAPE [PREFIX...]: the same file is standard output
# each time.
look() {
	program=$1 out=$2 shape=$3
	shift 3
	"$@" "$SHAPE" process "$shape" "$program" <given >got 2>>errors
	cp got "$out"
}

value() {
	sed -n "s/^$1	//p" "$2"
}

# compare WHO SHAPE [PREFIX...]
compare() {
	who=$1 shape=$2
	shift 2
	look "$PROBE" native "$shape" "$@"
	look "$COMMAND" called "$shape" "$@"
	compare_looks
}

# Each item is a check, except those of section 2.
compare_looks() {
	is "$who: runs without a message" "$(cat errors)" ""
	is "$who: all items are present" "$(cut -f 1 called)" "$(cut -f 1 native)"
	like "$who: there are many items" "$(grep -c . native)" "[89]?"
	awk -F '\t' '
		FILENAME == "contract" { promise[$1] = $2; next }
		FILENAME == "called" { called[$1] = $2; next }
		{ print $1 "\t" promise[$1] "\t" called[$1] "\t" $2 }' contract called native >both
	while IFS= read -r line; do
		item=${line%%	*} line=${line#*	}
		promise=${line%%	*} line=${line#*	}
		case $item in
		'argv[0]' | name | file) continue ;;
		esac
		is "$who: ${promise:-$item, which the contract does not name} (${line#*	})" "${line%%	*}" "${line#*	}"
		[ -n "$promise" ] || fail "$item is in the contract"
	done <both
	: >errors
}

all=fds,signals,limits,scheduling,rest
compare "root" plain
compare "a user" plain as_user
compare "a shaped root" "$all,root,pdeathsig"
compare "a shaped user" "$all" as_user
compare "sudo" "$all" as_user sudo
compare "root under no_new_privs" no_new_privs
compare "root with directories shared with another process" shared
compare "a user with 0 and 2 closed" closed as_user
compare "a user whose memory is not both writable and executable" mdwe as_user

# A shell's job in a terminal with unusual settings.
program "$W/in-terminal" "stty -echo -icanon rows 33 cols 111 </dev/tty" \
	'for way in native called; do' \
	"	[ \$way = native ] && program='$PROBE' || program='$COMMAND'" \
	"	sh -m -c \"'$SHAPE' process plain \$program <given >got 2>>errors; exit \\\$?\"" \
	'	cat got >terminal-$way' \
	'done'
: >terminal-native
: >terminal-called
chmod 0666 terminal-*
as_user script -q -e -c "$W/in-terminal" /dev/null </dev/null >/dev/null
mv terminal-native native
mv terminal-called called
who="in a terminal"
compare_looks
like "... which it is" "$(value terminal called) $(value foreground called)" "/dev/* self"

# 2. What is different.

# differs SHAPE ITEM VALUE NATIVE WHAT [PREFIX...]: as a command it is VALUE,
# natively NATIVE.
differs() {
	shape=$1 item=$2 want=$3 native=$4 what=$5
	shift 5
	look "$PROBE" native "$shape" "$@"
	look "$COMMAND" called "$shape" "$@"
	is "$what: $want, and natively $native" "$(value "$item" called), and natively $(value "$item" native)" \
		"$want, and natively $native"
}

cd /
is "the root directory is the container's" "$(debian:stat -c %d:%i /)" "$(stat -c %d:%i "$T/rootfs/debian")"
is "... and the host's is in it" "$(debian:stat -c %d:%i /oldRoot)" "$(stat -c %d:%i /)"
cd "$W"
look "$COMMAND" called plain as_user
is "argv[0] is the program's own name, where the caller gave the command's" "$(value 'argv\[0\]' called)" probe
is "... so is the process' name" "$(value name called)" probe
is "the file is the one inside" "$(value file called)" /bin/probe

# The changes that exec of a program with privilege makes to a process
# (begin_new_exec in the kernel's fs/exec.c) before the program runs: it cannot
# see the old values, and so cannot restore them.
differs stack "limit stack" "8388608 68157440" "67108864 68157440" "a user's soft stack limit is 8 MiB at most" as_user
differs stack "limit stack" "67108864 68157440" "67108864 68157440" "... root's stays"
differs pdeathsig "parent-death signal" 0 10 "a user's program does not hear of its parent's death" as_user
differs layout personality $((0x0020000)) $((0x0260000)) "a user's program has its addresses randomized" as_user
case $LSL_TEST_PRIVILEGE in
setuid) differs layout personality $((0x0020000)) $((0x0260000)) "... and root's too" ;;
*) differs layout personality $((0x0260000)) $((0x0260000)) "... root's not" ;;
esac
differs ambient "Amb capabilities" 0000000000000000 0000000000002000 "a user's ambient capabilities are gone"
differs ambient "Inh capabilities" 0000000000000000 0000000000002000 "... the inheritable ones too"
differs ambient "Prm capabilities" 0000000000000000 0000000000002000 "... and so all"
differs setuid-root "user ids" "51001 51001 51001 51001" "51001 0 0 0" "what a setuid program calls is its caller's"
if [ "$LSL_TEST_PRIVILEGE" = setuid ]; then
	differs setuid "user ids" "51001 51001 51001 51001" "51001 51002 51002 51002" "... also if it is not root's"
	differs setuid "group ids" "51001 51001 51001 51001" "51001 51002 51002 51002" "... and what a setgid program calls"
else
	gives "... but if it is not root's, it cannot call a command" 125 "" \
		"lslExecutor: no privilege to enter debian: the caller is a setuid program of another user, who is not root" \
		"$SHAPE" process setuid "$COMMAND"
fi

run as_user "$SHAPE" process shared "$COMMAND"
is "a user's process that shares its directories gets no privilege by exec: $status, with a reason" \
	"$status $(printf '%s\n' "$err" | grep -c 'shared with another process')" "125 1"

# 3. Arguments: byte for byte.

# sends WHAT LIST HOW [PREFIX...]: argv[0] is another matter.
sends() {
	what=$1 list=$2 how=$3
	shift 3
	"$@" "$SHAPE" arguments "$list" "$PROBE" "$how" >native 2>&1
	"$@" "$SHAPE" arguments "$list" "$COMMAND" "$how" >called 2>&1
	case $how in
	arguments) sed 1d native >native.rest && sed 1d called >called.rest ;;
	*) sed 's/, sum.*//' native >native.rest && sed 's/, sum.*//' called >called.rest ;;
	esac
	same "arguments: $what ($(head -n 1 called.rest))" called.rest native.rest
}

for who in "" as_user; do
	sends "none${who:+, as a user}" none arguments $who
	sends "odd ones${who:+, as a user}" odd arguments $who
	sends "100,000${who:+, as a user}" many arguments $who
	sends "100,000 that are empty${who:+, as a user}" empty arguments $who
done

# A quarter of the stack limit is what the kernel lets them have. lslExecutor
# adds a variable, and here a long PATH.
for who in "" as_user; do
	most=$(($($who "$SHAPE" most - "$PROBE" count) - 64))
	like "the kernel takes about 2 MB here" "$most" "20?????"
	sends "as many bytes as can be${who:+, as a user}" "bytes:$most" count $who
	gives "... also with additions${who:+, as a user}" 0 " $most bytes" "" \
		$who sh -c "'$SHAPE' arguments bytes:$most '$LINKSDIR/path:probe' count | cut -d, -f 2"
	gives "... and 5 MB with a large limit of the stack${who:+, as a user}" 0 " 5000000 bytes" "" \
		$who sh -c "ulimit -s 65536; '$SHAPE' arguments bytes:5000000 '$COMMAND' count | cut -d, -f 2"
done
run sh -c "ulimit -s 8192; exec '$SHAPE' arguments bytes:$most '$LINKSDIR/path:probe' count"
is "arguments: nothing is cut off where the stack may not grow" "$status $out$err" \
	"126 lslExecutor: cannot execute /bin/probe in path: its arguments and environment are too long (xargs can split arguments)"

# 4. The environment: byte for byte, in order, duplicates and odd entries too.

# environment WHAT LIST COMMAND EDIT [PREFIX...]: it is what it is natively,
# edited by sed.
environment() {
	what=$1 list=$2 program=$3 edit=$4
	shift 4
	"$@" "$SHAPE" environment "$list" "$PROBE" environment >native 2>&1
	"$@" "$SHAPE" environment "$list" "$program" environment >called 2>&1
	sed "$edit" native >expected
	same "environment: $what" called expected
}

container='$a LSL_CONTAINER=debian'
for who in "" as_user; do
	environment "odd entries${who:+, as a user}" odd-environment "$COMMAND" "$container" $who
	environment "what the C library withholds from setuid programs${who:+, as a user}" withheld "$COMMAND" "$container" $who
	environment "LD_ variables stay out${who:+, as a user}" loader "$COMMAND" "/^LD_/d; $container" $who
	environment "LSL_CONTAINER and a PWD that is not true are replaced where they are${who:+, as a user}" own "$COMMAND" \
		"s,^PWD=.*,PWD=/oldRoot$W,; s/^LSL_CONTAINER=.*/LSL_CONTAINER=debian/" $who
	environment "... and PATH, where envPath is set${who:+, as a user}" own "$LINKSDIR/path:probe" \
		"s,^PWD=.*,PWD=/oldRoot$W,; s/^LSL_CONTAINER=.*/LSL_CONTAINER=path/; s,^PATH=.*,PATH=/bin$(printf ':/a-directory-%0200d' 0)," $who
	$who "$SHAPE" environment none "$COMMAND" environment >called
	is "environment: only LSL_CONTAINER${who:+, as a user}" "$(cat called)" LSL_CONTAINER=debian
	$who "$SHAPE" environment none "$LINKSDIR/path:probe" environment >called
	is "environment: ... and PATH${who:+, as a user}" "$(cut -c 1-10 called | tr '\n' ' ')" "PATH=/bin: LSL_CONTAI "
done
# 5. So these work.

run perl -e 'alarm 1; exec @ARGV' debian:sleep 100
is "an alarm of the caller's comes" "$status" 142
gives "standard input is the caller's" 0 line "" sh -c 'echo line | debian:cat'
gives "a descriptor of the caller's can be used" 0 line "" \
	sh -c 'echo line >"$W/f"; debian:sh -c "cat <&5" 5<"$W/f"'
gives "so can a pipe by its name in /dev/fd" 0 line "" bash -c 'debian:cat <(echo line)'
gives "so can one opened for writing" 0 line "" \
	sh -c 'debian:sh -c "echo line >&6" 6>"$W/g"; cat "$W/g"'
gives "wait4 gives its own resource usage" 0 1 "" \
	perl -e 'system("debian:sh", "-c", "i=0; while [ \$i -lt 30000 ]; do i=\$((i+1)); done"); print((times)[2] > 0 ? 1 : 0)'

# lslExecutor opens no file on a closed descriptor of the caller.
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
	run as_user sh -c "debian:true $closed"
	is "with $closed it runs" "$status" 0
	run as_user sh -c "'$EXECUTOR' nosuch true $closed"
	is "with $closed a refusal is 125" "$status" 125
done
