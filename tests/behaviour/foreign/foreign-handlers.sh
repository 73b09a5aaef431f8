#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The kernel's handlers of foreign programs (binfmt_misc): lsl start registers
# missing ones and leaves existing ones alone, and stop removes those that start
# has added when nothing needs them. If a handler is not possible, start says
# what will not work, and the container's own programs still run. One line
# reports a limit of the emulator.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/foreign.sh"
needs strace

qemu=$(emulator aarch64)
foreign_rootfs "$T/rootfs/arm" aarch64-linux-gnu-gcc
cp -a "$T/rootfs/arm" "$T/rootfs/arm2"
foreign_rootfs "$T/rootfs/mips" mips-linux-gnu-gcc
printf '#!/bin/sh\nshow $1\n' >"$T/rootfs/arm/bin/script"
echo 'show plain $1' >"$T/rootfs/arm/bin/plain"
printf '#!/bin/show  one argument\n' >"$T/rootfs/arm/bin/shown"
chmod 0755 "$T/rootfs/arm/bin/script" "$T/rootfs/arm/bin/plain" "$T/rootfs/arm/bin/shown"

# configured NAME[=INTERPRETER]...: the configuration has only these.
configured() {
	: >"$CONFIG"
	for entry; do
		case $entry in
		*=*) container "${entry%%=*}" bins=/bin "interpreter=${entry#*=}" ;;
		*) container "$entry" bins=/bin ;;
		esac
	done
}
state() {
	handlers >"$1.handlers"
	sed 's/\(shared\|master\):[0-9]*/\1/g' /proc/self/mountinfo | sort >"$1.mounts"
	find "$T/run" >"$1.run"
}
as_before() {
	state after
	for what in handlers mounts run; do
		same "$1: $what are as before" after.$what before.$what
	done
}
names() {
	handlers | cut -d' ' -f1 | tr '\n' ' '
}
# The output of a program that an emulated one starts.
second() {
	"$1:run" /bin/machine machine
}

state before
configured arm="$qemu"
gives "lsl start" 0 "" "" lsl start
is "... registers a handler: fixed, with argv[0], without the owner's rights" "$(handlers)" \
	"lsl-aarch64 enabled interpreter $(by_p aarch64) flags: PF offset 0 magic 7f454c460201010300000000000000000200b700 mask fffffffffffffffc0000000000000000feffffff "
is "... and programs that programs start run" "$(second arm)" aarch64
is "... with their argv[0] and no other argument" "$(arm:run /bin/show zero one | sed '/^execfn/,$d' | tr '\n' ' ')" "argv[0]=zero argv[1]=one "
gives "started once more, it changes nothing" 0 "" "" lsl start
is "... no handler" "$(names)" "lsl-aarch64 "
lsl stop
as_before "after stop"

configured arm="$qemu" arm2="$qemu" mips="$(emulator mips)"
lsl start
is "three containers of two architectures: two handlers" "$(names)" "lsl-aarch64 lsl-mips "
lsl stop arm
is "one of two stopped: the other needs it" "$(second arm2)" aarch64
lsl stop arm2
is "the last one stopped: it is removed" "$(names)" "lsl-mips "
is "... and others are not" "$(second mips)" mips
lsl start arm
gives "restart" 0 "" "" lsl restart
is "... has them again" "$(second arm) $(second arm2) $(second mips)" "aarch64 aarch64 mips"
configured arm arm2="$qemu" mips
lsl start
is "an interpreter that is taken from the configuration: for that one" "$(names)" "lsl-aarch64 "
configured arm arm2 mips
lsl start
is "... for all of them" "$(names)" ""
configured arm="$qemu"
lsl start arm
is "an interpreter that a started one is given" "$(second arm)" aarch64
lsl stop
as_before "after stop of all"

# Another emulator in the configuration.
mkdir -p "$T/emulators"
cp "$qemu" "$T/emulators/other"
configured arm="$qemu" arm2="$qemu"
lsl start arm
configured arm="$T/emulators/other" arm2="$qemu"
gives "a changed interpreter" 0 "" "" lsl start arm
like "... applies at once" "$(handlers)" "lsl-aarch64 enabled interpreter $T/emulators/other *"
# By this path the kernel and the emulator have to agree about the flag P.
agrees=$(arm:show one | grep -cx 'argv\[1\]=one' || :)
if [ "$agrees" = 1 ]; then
	is "... and runs" "$(second arm)" aarch64
else
	skip_check "... and runs" "this QEMU and this kernel do not agree about the flag P"
fi
gives "a second one for the same architecture" 0 "" \
	"lsl: arm2: its programs run under $T/emulators/other, the interpreter of another container: the kernel has one for each architecture" lsl start
[ "$agrees" != 1 ] || is "... they do" "$(second arm2)" aarch64
lsl stop
as_before "after stop"

# Existing handlers are left alone.
magic='\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
# theirs NAME FLAGS [MASK]
theirs() {
	case $2 in
	*P*) emulator=$(by_p aarch64) ;;
	*) emulator=$qemu ;;
	esac
	printf '%s' ":$1:M::$magic:${3:-$mask}:$emulator:$2" >"$BINFMT/register"
}
theirs lsltest PF
configured arm
mount --bind "$BINFMT" /proc/sys/fs/binfmt_misc
lsl start
run lsl check
like "with somebody else's handler, no interpreter is needed" "$out" "*
ok       $CONFIG:1: arm: its programs are for aarch64, which lsltest of binfmt_misc runs*"
is "... programs run" "$(second arm)" aarch64
echo 0 >"$BINFMT/lsltest"
run lsl check
like "... if it is enabled" "$out" "*
error    $CONFIG:1: arm: its programs are for aarch64, and it has no interpreter*"
echo 1 >"$BINFMT/lsltest"
lsl stop
umount /proc/sys/fs/binfmt_misc
state before
configured arm="$qemu"
gives "with somebody else's handler, start" 0 "" "" lsl start
is "... adds no handler" "$(names)" "lsltest "
is "... programs run" "$(second arm)" aarch64
ok "... nothing of binfmt_misc is mounted" sh -c "! findmnt '$MNTDIR/:binfmt_misc'"
lsl stop
as_before "with somebody else's handler, after stop"
echo 0 >"$BINFMT/lsltest"
lsl start
is "a disabled handler does not count" "$(names)" "lsl-aarch64 "
lsl stop
is "... and stays disabled" "$(head -n 1 "$BINFMT/lsltest")" disabled
echo -1 >"$BINFMT/lsltest"
theirs lsltest P
lsl start
is "a handler whose emulator is not in the container does not count" "$(names)" "lsl-aarch64 lsltest "
is "... programs run" "$(second arm)" aarch64
lsl stop
echo -1 >"$BINFMT/lsltest"
theirs lsltest PF "$(printf %s "$mask" | sed 's/fe/ff/')"
lsl start
is "a handler for only some of the programs does not count" "$(names)" "lsl-aarch64 lsltest "
lsl stop
echo -1 >"$BINFMT/lsltest"
theirs lsltest F
gives "one without the flag P is, but start says so" 0 "" \
	"lsl: arm: its programs see their path as argv[0]: the handler lsltest of binfmt_misc, which is not lsl's, has no flag P" lsl start
is "... programs run" "$(second arm)" aarch64
lsl stop
echo -1 >"$BINFMT/lsltest"
chmod 4755 "$T/rootfs/arm/bin/programs"
theirs lsltest CPF
lsl start
is "one with the flag C, which an administrator may want: setuid programs work" "$(as_user arm:show | grep ^ids)" "ids=$USERID 0"
lsl stop
chmod 0755 "$T/rootfs/arm/bin/programs"
echo -1 >"$BINFMT/lsltest"
state before

# Without binfmt_misc.
will_not_work="lsl: arm: its aarch64 programs run, but programs that they start do not: "
without() {
	like "$1: start says what will not work" "$err" "$will_not_work$2"
	is "$1: ... in one line, and does not fail" "$(printf '%s\n' "$err" | wc -l) $status" "1 0"
	is "$1: no handler" "$(names)" ""
	is "$1: a program still runs" "$(arm:machine)" aarch64
	is "$1: ... with its argv[0]" "$(as_user perl -e 'exec { $ARGV[0] } "-login", "x y"' "$LINKSDIR/arm:show" | head -n 2 | tr '\n' ' ')" "argv[0]=-login argv[1]=x y "
	run arm:status 42
	is "$1: ... and its exit status" "$status" 42
	is "$1: a script runs" "$(arm:shown word | head -n 5 | tr '\n' ' ')" "argv[0]=/bin/show argv[1]=one argument argv[2]=/bin/shown argv[3]=word execfn=/bin/show "
	is "$1: one without #! too" "$(arm:plain 2>&1)" "sh: cannot execute show"
	run arm:run /bin/machine machine
	is "$1: a program that it starts does not" "$out" ""
	lsl stop
	as_before "$1, after stop"
}
# refused CALL ERROR FILE: lsl start, if that call on that file fails with
# ERROR.
refused() {
	run strace -D -f -qq -o /dev/null -P "$MNTDIR/:binfmt_misc$3" -e "trace=$1" -e "inject=$1:error=$2" \
		"$T/usr/bin/lsl" $LSL_FLAGS start
}
refused mount EPERM ""
without "binfmt_misc cannot be mounted" "cannot mount binfmt_misc: Operation not permitted"
refused write EACCES /register
without "it refuses" "cannot register lsl-aarch64 with binfmt_misc: Permission denied"
echo 0 >"$BINFMT/status"
run lsl start
echo 1 >"$BINFMT/status"
like "it is disabled: start says so" "$err" "${will_not_work}binfmt_misc is disabled*"
lsl stop

# Handlers that disappear while a container is started: "systemctl restart
# systemd-binfmt" removes all.
lsl start
echo -1 >"$BINFMT/status"
is "all handlers removed: a program still runs" "$(arm:machine)" aarch64
lsl start
is "... and the next start has one again" "$(second arm)" aarch64
lsl stop
as_before "all handlers removed, after stop"

# A killed start leaves a note, or also a handler.
mkdir -p "$MNTDIR"
mkdir "$MNTDIR/:binfmt_misc"
echo "lsl-aarch64 arm" >"$MNTDIR/:handlers"
theirs lsl-aarch64 PF
lsl stop
as_before "a start that was killed: after stop"

# An invalid emulator.
cat >"$T/emulators/dynamic.c" <<'EOF'
int main(void) { return 0; }
EOF
cc -o "$T/emulators/dynamic" "$T/emulators/dynamic.c"
echo text >"$T/emulators/text"
cp "$T/rootfs/arm/bin/programs" "$T/emulators/foreign"
cp "$qemu" "$T/emulators/everybodys"
chmod 0777 "$T/emulators/everybodys"
cp "$qemu" "$T/emulators/plain"
chmod 0644 "$T/emulators/plain"
chmod 0755 "$T/emulators/text"
mkdir -m 0777 "$T/emulators/open"
cp "$qemu" "$T/emulators/open/qemu"

# unusable WHAT FILE PATTERN [PATTERN]: the message of start, and that of a
# program.
unusable() {
	configured arm="$T/emulators/$2"
	run lsl start
	like "$1: start says so" "$err" "lsl: $CONFIG:*: interpreter $T/emulators/$2$3; programs of arm for another architecture do not run"
	is "$1: ... in one line, and does not fail" "$(printf '%s\n' "$err" | wc -l) $status" "1 0"
	is "$1: no handler" "$(names)" ""
	if [ $# = 4 ]; then
		run as_user arm:show
		like "$1: so does a program" "$err" "lslExecutor: cannot execute /bin/show in arm: its interpreter in $CONFIG, $T/emulators/$2: $4"
		is "$1: ... in one line, and with 126" "$(printf '%s\n' "$err" | wc -l) $status" "1 126"
	fi
	lsl stop
}
unusable "a missing emulator" nosuch " does not exist *qemu-user-static*" "it is not on the host"
unusable "a dynamic emulator" dynamic " is linked dynamically*static*" "it has to be linked statically*"
unusable "an emulator for the container's own architecture" foreign " is itself a program for aarch64*"
unusable "an emulator that is text" text " is not a program"
unusable "an emulator that is not executable" plain " is not executable" "*"
unusable "an emulator that anybody may write" everybodys "*writable by users other than root*"
unusable "an emulator in a directory that anybody may write to" open/qemu "*writable by users other than root*"

# No emulator if one is needed, and one if none is needed.
configured arm
lsl start
run as_user arm:show
for_aarch64="it is a program for aarch64 (set interpreter in $CONFIG to a static emulator, then sudo lsl start; Debian has them in qemu-user-static, newer releases in qemu-user)"
is "no interpreter: the message has the architecture and a remedy" "$err" \
	"lslExecutor: cannot execute /bin/show in arm: $for_aarch64"
is "... 126" "$status" 126
run as_user arm:script
like "no interpreter, a script" "$status $err" "126 lslExecutor: cannot execute /bin/script in arm: its interpreter, /bin/sh: $for_aarch64"
run as_user arm:plain
is "no interpreter, a script without #!" "$status $err" "126 lslExecutor: cannot execute /bin/plain in arm: its interpreter, /bin/sh: $for_aarch64"
lsl stop
: >"$CONFIG"
container debian "interpreter=$qemu"
run lsl start
is "an interpreter for native programs" "$status $err" \
	"0 lsl: $CONFIG:4: debian needs no interpreter: its programs are for $(uname -m), like the host's"
is "... no handler" "$(names)" ""
is "... they run" "$(debian:uname -m)" "$(uname -m)"
lsl stop
mkdir -p "$T/rootfs/empty/bin"
: >"$CONFIG"
container empty bins=/bin "interpreter=$qemu"
run lsl start
like "a container without programs" "$status $err" "0 lsl: empty: *(run sudo lsl start empty when it has)*has no commands*"
cp -a "$T/rootfs/arm/bin/." "$T/rootfs/empty/bin"
gives "... once it has some" 0 "" "" lsl start
is "... they run" "$(second empty)" aarch64
lsl stop
as_before "in the end"
