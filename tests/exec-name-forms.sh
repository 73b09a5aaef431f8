#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A command works however it is executed: through PATH, by any path, from other programs, as an interpreter,
# as a login shell, under a foreign argv[0], through links of the user's own. The program sees its own bare name as argv[0].
. "$(dirname "$0")/lib.sh"
needs bash su

container debian "mnt=$T/home;$W"
container arch "mnt=$W"
# It says where it runs and as what; "perl" and "g++" stand for real ones.
cat >"$W/say.c" <<'EOF'
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	printf("%s", getenv("LSL_CONTAINER") ? getenv("LSL_CONTAINER") : "host");
	for (int i = 0; i < argc; i++)
		printf(" <%s>", argv[i]);
	printf("\n");
	return 0;
}
EOF
cc -static -o "$W/say" "$W/say.c" 2>/dev/null || skip "no compiler for a static program"
bin=$T/rootfs/debian/usr/bin
for name in say perl g++ '[[' a:b '--dash' '-x' 'two words' 'ümlaut' '.hidden' 'a=b' '%n' '"' "it's" '*' 'back\slash' '~' '#' ':colon' 'colon:' '::' "$(printf %0255d 0)"; do
	cp "$W/say" "$bin/$name"
done
cp "$W/say" "$T/rootfs/arch/usr/bin/say"
cp "$W/say" "$T/rootfs/arch/usr/bin/debian"
lsl start

# says WHAT EXPECTED CMD...
says() {
	what=$1 expected=$2
	shift 2
	gives "$what" 0 "$expected" "" "$@"
}

says "by its name through PATH" "debian <say>" as_user debian:say
says "with arguments" "debian <say> <a b> <> <c>" as_user debian:say 'a b' '' c
says "by its full path" "debian <say>" as_user "$LINKSDIR/debian:say"
says "by a relative path" "debian <say>" sh -c "cd '$T' && .${LINKSDIR#"$T"}/debian:say"
says "by its bare name in the container's directory" "debian <say>" as_user "$LINKSDIR/debian/say"
says "... by a relative path" "debian <say>" sh -c "cd / && .$LINKSDIR/debian/say"
cd "$LINKSDIR"
run ./debian:say
is "in the command directory itself, which no container has: 125" "$status" 125
cd "$W"
says "... with that directory in PATH" "debian <say>" as_user env PATH="$PATH:$LINKSDIR/debian" say
says "by a path with detours" "debian <say>" "$LINKSDIR/./debian/..//debian:say"
says "by lslExecutor with two words" "debian <say> <x>" as_user "$EXECUTOR" debian say x
says "by lslExecutor with a path" "debian <say>" as_user "$EXECUTOR" debian /usr/bin/say
says "a container whose name is a program elsewhere" "arch <debian> <say>" arch:debian say

says "from env" "debian <say> <x>" as_user env debian:say x
says "from sudo" "debian <say> <x>" as_user sudo debian:say x
says "from nohup" "debian <say> <x>" as_user nohup debian:say x
says "from timeout" "debian <say> <x>" as_user timeout 10 debian:say x
says "from nice" "debian <say> <x>" as_user nice debian:say x
says "from setsid" "debian <say> <x>" as_user setsid -w debian:say x
touch "$W/one" "$W/two"
says "from find -exec" "debian <say> <$W/one>" as_user find "$W" -name one -exec debian:say {} \;
says "from find -exec +" "debian <say> <$W/one> <$W/two>" sh -c "find '$W' -name one -o -name two | sort | tr '\\n' '\\0' | xargs -0 debian:say"
is "from xargs -P" "$(seq 20 | as_user xargs -P 4 -n 1 debian:say | sort | uniq -c | wc -l)" 20
if command -v make >/dev/null; then
	printf 'x.o: x.c\n\t$(CC) -c $<\n' >"$W/Makefile"
	touch "$W/x.c"
	says "as make's CC" "debian <g++> <-c> <x.c>" as_user make -s -C "$W" CC=debian:g++
fi
says "from a shell's exec" "debian <say>" sh -c 'exec debian:say'
says "from bash" "debian <say> <x>" bash -c 'debian:say x'
for shell in zsh fish; do
	command -v $shell >/dev/null || continue
	says "from $shell" "debian <say> <x>" as_user $shell -c 'debian:say x'
done
says "from perl" "debian <say> <x y>" perl -e 'exec "debian:say", "x y"'
says "from a pipeline of commands" "arch <say> <debian> <say>" sh -c 'debian:say | tr -d "<>" | xargs arch:say'

printf '#!%s/debian:perl\n' "$LINKSDIR" >"$W/script"
printf '#!%s/debian/perl -w\n' "$LINKSDIR" >"$W/script2"
printf '#!/usr/bin/env debian:perl\n' >"$W/script3"
chmod 0755 "$W/script" "$W/script2" "$W/script3"
says "as the interpreter of a script" "debian <perl> <$W/script> <x>" as_user "$W/script" x
says "... by its relative path" "debian <perl> <./script> <x>" as_user sh -c './script x'
says "... by the bare name, with an option" "debian <perl> <-w> <$W/script2> <x>" as_user "$W/script2" x
says "... through env" "debian <perl> <$W/script3>" as_user "$W/script3"
says "... of a script that env starts" "debian <perl> <$W/script> <x>" as_user env "$W/script" x
says "a script called debian:say is a script" "debian <perl> <$W/arch:say> <x>" sh -c "cp script arch:say; '$W/arch:say' x"

cp "$W/say" "$bin/shell"
says "with su -s" "debian <shell> <-c> <x>" su -s "$LINKSDIR/debian:shell" alice -c x
says "as a login shell" "debian <-shell>" su -s "$LINKSDIR/debian:shell" - alice
sed "s,^\\(alice:.*\\):/bin/sh,\\1:$LINKSDIR/debian:shell," "$T/machine/passwd" >"$T/machine/new"
# The colon cannot stand in passwd; the bare name can.
sed "s,^\\(alice:.*\\):/bin/sh,\\1:$LINKSDIR/debian/shell," "$T/machine/passwd" >"$T/machine/new"
cat "$T/machine/new" >/etc/passwd
says "as the user's shell in passwd" "debian <-shell>" su - alice
says "... with a command" "debian <-shell> <-c> <x>" su - alice -c x

says "exec -a keeps the name that the caller wants" "debian <other>" bash -c 'exec -a other debian:say'
says "... also one that looks like a command" "debian <arch:say>" bash -c 'exec -a arch:say debian:say'
says "exec -l is a login shell" "debian <-say>" bash -c 'exec -l debian:say'

ln -s "$LINKSDIR/debian:say" "$T/home/alice/tool"
ln -s tool "$T/home/alice/tool2"
mkdir "$T/alternatives" "$T/usr/local"
ln -s "$LINKSDIR/debian:say" "$T/alternatives/say"
ln -s "../../alternatives/say" "$T/usr/local/alternative"
says "through a link of the user's own" "debian <say> <x>" as_user "$T/home/alice/tool" x
says "... that is found in PATH" "debian <say> <x>" as_user env PATH="$T/home/alice:$PATH" tool x
says "... by a relative path" "debian <say>" as_user sh -c 'cd && ./tool'
says "... through two of them" "debian <say>" as_user "$T/home/alice/tool2"
says "through a chain as update-alternatives makes it" "debian <say>" as_user "$T/usr/local/alternative"
ln -s "$LINKSDIR/debian/say" "$T/home/alice/bare"
says "through a link to the bare name" "debian <say>" as_user "$T/home/alice/bare"
ln -s "$LINKSDIR/debian:perl" "$T/home/alice/interpreter"
printf '#!%s/home/alice/interpreter\n' "$T" >"$W/script4"
chmod 0755 "$W/script4"
says "as an interpreter through a link" "debian <perl> <$W/script4>" as_user "$W/script4"
ln -s "$LINKSDIR/debian:say" "$T/home/alice/arch:say"
run as_user "$T/home/alice/arch:say"
like "a link that is called like another command runs one of both" "$status $out" "0 *say>"
ln -s loop "$T/home/alice/loop"
ln -s "$EXECUTOR" "$T/home/alice/foreign"
run as_user "$T/home/alice/foreign" debian
is "a link to lslExecutor that names no command: 125" "$status" 125
says "a link called debian:say straight to lslExecutor" "debian <say>" sh -c "ln -s '$EXECUTOR' '$W/debian:say' && '$W/debian:say'"

for name in g++ '[[' a:b '--dash' '-x' 'two words' 'ümlaut' '.hidden' 'a=b' '%n' '"' "it's" '*' 'back\slash' '~' '#' ':colon' 'colon:' '::'; do
	says "debian:$name" "debian <$name> <x>" as_user "debian:$name" x
	says "debian/$name" "debian <$name> <x>" as_user "$LINKSDIR/debian/$name" x
done
run debian:'[' 1 = 1 ']'
is "debian:[" "$status" 0
long=$(printf %0247d 0)
cp "$W/say" "$bin/$long"
says "a name as long as a name can be" "debian <$long>" "debian:$long"
long=$(printf %0255d 0)
says "... and longer with the colon, by the bare name" "debian <$long>" "$LINKSDIR/debian/$long"
