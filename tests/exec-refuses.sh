#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Not started, no such container, no such program, not executable, no privilege: five different messages, each
# one line on standard error that names the cause and what to do next, and the exit statuses 125, 125, 127, 126 and 125.
. "$(dirname "$0")/lib.sh"

container debian
container arch
lsl start debian
echo text >"$T/rootfs/debian/bin/text"

# refused WHAT STATUS PATTERN CMD...
refused() {
	what=$1 want=$2 pattern=$3
	shift 3
	for who in "" as_user; do
		run $who "$@"
		is "$what${who:+, as a user}: exit status $want" "$status" "$want"
		like "$what${who:+, as a user}: says so" "$err" "$pattern"
		is "$what${who:+, as a user}: in one line, and nothing on stdout" "$(printf '%s\n' "$err" | wc -l)$out" 1
	done
}

refused "not started" 125 "lslExecutor: arch is not started (sudo lsl start arch)" "$EXECUTOR" arch sh
refused "no such container" 125 "lslExecutor: *nosuch*" "$EXECUTOR" nosuch sh
refused "no such program" 127 "lslExecutor: *debian*nosuch*" "$EXECUTOR" debian nosuch
refused "no such program, by path" 127 "lslExecutor: */no/such*" "$EXECUTOR" debian /no/such
refused "not executable" 126 "lslExecutor: */bin/text*" "$EXECUTOR" debian text
refused "not executable, by path" 126 "lslExecutor: */bin/text*" "$EXECUTOR" debian /bin/text

messages=
for args in "arch sh" "debian nosuch" "debian text"; do
	# shellcheck disable=SC2086 # two words
	run "$EXECUTOR" $args
	messages="$messages$err
"
done
run as_user setpriv --no-new-privs "$LINKSDIR/debian:true"
is "no privilege: exit status 125" "$status" 125
is "no privilege: says why" "$err" "lslExecutor: no privilege to enter debian: no_new_privs is set (in a sandbox, or a unit with NoNewPrivileges=yes?)"
messages="$messages$err"
is "the messages differ" "$(printf '%s\n' "$messages" | sort -u | wc -l)" 4

cp "$EXECUTOR" "$W/unarmed"
chmod 0755 "$W/unarmed"
run as_user "$W/unarmed" debian true
is "a copy without privilege: exit status 125" "$status" 125
like "... says so" "$err" "lslExecutor: no privilege to enter debian: *"
mkdir -m 0755 "$W/nosuid"
mount -t tmpfs -o nosuid,mode=0755 nosuid "$W/nosuid"
cp -a "$EXECUTOR" "$W/nosuid/lslExecutor"
run as_user "$W/nosuid/lslExecutor" debian true
is "on a nosuid mount: exit status 125" "$status" 125
like "... says so" "$err" "lslExecutor: no privilege to enter debian: *nosuid*"
is "root needs neither" "$("$W/unarmed" debian echo ran)" ran

# Names that are paths, or none at all.
for name in ../debian /proc/self/fd/4 . .. "" -debian "a b" "$(printf 'deb\nian')" "$(head -c 4096 /dev/zero | tr '\0' d)" debian/ ./debian debian.record; do
	run as_user "$EXECUTOR" "$name" true
	is "'$(printf %.20s "$name")' as a container: exit status 125" "$status" 125
	like "... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
done
for name in "" . .. ../sh bin/sh "$(head -c 4096 /dev/zero | tr '\0' d)"; do
	run as_user "$EXECUTOR" debian "$name"
	like "'$(printf %.20s "$name")' as a program: refused" "$status" "12[567]"
	like "... in one line" "$(printf '%s\n' "$err" | wc -l)" 1
done
run as_user sh -c "exec -a /proc/self/fd/4:/bin/sh '$EXECUTOR'" 2>/dev/null || :
run as_user perl -e 'exec { $ARGV[0] } $ARGV[1], "-c", "id"' "$EXECUTOR" /proc/self/fd/4:/bin/sh
is "an argv[0] that leads to a namespace of the user's own: 125" "$status$out" 125
for arg0 in "" : debian: :sh debian "debian:" "debian:/bin/sh" "debian:../sh" "debian:." "/x/debian:sh/" "$(head -c 100000 /dev/zero | tr '\0' :)"; do
	run as_user perl -e 'exec { $ARGV[0] } $ARGV[1]' "$EXECUTOR" "$arg0"
	like "called as '$(printf %.20s "$arg0")' and no more: refused" "$status" "12[57]"
done
run as_user perl -e 'require "syscall.ph"' 2>/dev/null || :
cat >"$W/noargs.c" <<'EOF'
#include <unistd.h>
int main(int argc, char **argv) { char *none[] = {NULL}; (void)argc; execve(argv[1], none, none); return 99; }
EOF
if command -v cc >/dev/null && cc -o "$W/noargs" "$W/noargs.c" 2>/dev/null; then
	run as_user "$W/noargs" "$EXECUTOR"
	is "without any argv: 125" "$status" 125
fi

# A state directory that is not root's alone is not believed.
chmod 0777 "$MNTDIR"
run as_user debian:true
is "a state directory that others may write: 125" "$status" 125
chmod 0755 "$MNTDIR"
chmod 0666 "$MNTDIR/debian:record"
run as_user "$EXECUTOR" debian true
is "a record that others may write: 125" "$status" 125
chmod 0644 "$MNTDIR/debian:record"
ok "both put right, it runs again" as_user debian:true
