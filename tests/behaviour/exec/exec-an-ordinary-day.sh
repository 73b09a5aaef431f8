#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The work of an ordinary day with two containers, as a user and through sudo.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"

container debian "mnt=$T/home;/etc/passwd;/etc/group"
container other "mnt=$T/home"
# Its own accounts, to which the host's people are added.
getent passwd root >"$T/rootfs/debian/etc/passwd"
getent group root >"$T/rootfs/debian/etc/group"
echo "a file" >"$T/home/alice/file"
chown alice: "$T/home/alice/file"
mkdir -m 0755 "$T/elsewhere"
echo "a file" >"$T/elsewhere/file"

gives "sudo lsl start" 0 "" "" as_user sudo lsl $LSL_FLAGS start
gives "debian:id" 0 "uid=$USERID(alice) gid=$USERID(alice) groups=$USERID(alice),51100(crew)" "" as_user debian:id
gives "sudo debian:id" 0 "$(id)" "" as_user sudo debian:id
for dir in "$T/home/alice" "$T/elsewhere" /tmp; do
	run as_user sh -c "cd '$dir' && debian:ls -ald ."
	is "debian:ls in $dir" "$status" 0
	is "... looks at that directory" "$(as_user sh -c "cd '$dir' && debian:stat -c %d:%i .")" "$(stat -c %d:%i "$dir")"
done
gives "debian:cat ./file at home" 0 "a file" "" as_user sh -c 'cd && debian:cat ./file'
gives "... and elsewhere" 0 "a file" "" sh -c "cd '$T/elsewhere' && debian:cat ./file"

printf 'b\na\nb\nc\nb\n' >"$T/home/alice/f"
gives "cat f | debian:sort | other:uniq -c >out" 0 "      1 a
      3 b
      1 c" "" as_user sh -c 'cd && cat f | debian:sort | other:uniq -c >out && cat out'
is "the file that came out is the user's" "$(stat -c %U "$T/home/alice/out")" alice
gives "input from a file, output to another" 0 "" "" as_user sh -c 'cd && debian:sort <f | other:tee sorted >/dev/null && cmp -s sorted sorted'
is "10 MB through three containers arrive whole" \
	"$(head -c 10000000 /dev/urandom | tee "$W/random" | debian:cat | other:cat | debian:md5sum | cut -d' ' -f1)" \
	"$(md5sum "$W/random" | cut -d' ' -f1)"
gives "a user's new files belong to the user" 0 "alice alice 640" "" as_user sh -c 'cd && umask 027 && debian:touch made && stat -c "%U %G %a" made'
gives "new files under sudo belong to root" 0 "root root" "" as_user sudo sh -c "cd '$T/home/alice' && debian:touch made-by-root && stat -c '%U %G' made-by-root"
gives "administration: a program installed inside ..." 0 "" "" as_user sudo debian:sh -c 'printf "#!/bin/sh\necho hello\n" >/usr/bin/hello && chmod 755 /usr/bin/hello'
gives "... is a command at once" 0 hello "" as_user debian:hello
gives "both in one line, with nothing in between" 0 hello "" \
	as_user sh -c 'sudo debian:cp /usr/bin/hello /usr/bin/hello2 && debian:hello2'
gives "sudo lsl stop" 0 "" "" as_user sudo lsl $LSL_FLAGS stop
run as_user debian:id
is "then there are no commands any more" "$status" 127
