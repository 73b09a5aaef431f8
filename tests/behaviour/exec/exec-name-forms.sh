#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A command's name selects the program, however the name is spelled: through
# PATH, by any path, under a foreign argv[0], through the user's own links, with
# any byte in it. The program sees its own bare name as argv[0]. exec-by-*.sh
# are about the programs that execute commands.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs bash perl

container debian "mnt=$T/home;$W"
container arch "mnt=$W"
bin=$T/rootfs/debian/usr/bin
for name in say perl g++ '[[' a:b '--dash' '-x' 'two words' 'ümlaut' '.hidden' 'a=b' '%n' '"' "it's" '*' 'back\slash' '~' '#' ':colon' 'colon:' '::' "$(printf %0255d 0)"; do
	say_program "$bin/$name"
done
say_program "$T/rootfs/arch/usr/bin/say" "$T/rootfs/arch/usr/bin/debian"
lsl start

says "by its name through PATH" "debian <say>" as_user debian:say
says "with arguments" "debian <say> <a b> <> <c>" as_user debian:say 'a b' '' c
says "by its full path" "debian <say>" as_user "$LINKSDIR/debian:say"
says "by a relative path" "debian <say>" sh -c "cd '$T' && .${LINKSDIR#"$T"}/debian:say"
says "by its bare name in the container's directory" "debian <say>" as_user "$LINKSDIR/debian/say"
says "... by a relative path" "debian <say>" sh -c "cd / && .$LINKSDIR/debian/say"
says "... with that directory in PATH" "debian <say>" as_user env PATH="$PATH:$LINKSDIR/debian" say
says "by a relative directory in PATH" "debian </usr/bin/say>" sh -c "cd / && PATH=.${LINKSDIR%/*}:.$LINKSDIR debian:say"
says "by a path with detours" "debian <say>" "$LINKSDIR/./debian/..//debian:say"
cd "$LINKSDIR"
says "in the command directory itself, which containers have, too" "debian <say>" ./debian:say
cd "$W"
says "by lslExecutor with two words" "debian <say> <x>" as_user "$EXECUTOR" debian say x
says "by lslExecutor with a path" "debian </usr/bin/say>" as_user "$EXECUTOR" debian /usr/bin/say
says "a container with the name of a program" "arch <debian> <say>" arch:debian say

ln -s "$LINKSDIR/debian:say" "$T/home/alice/tool"
ln -s tool "$T/home/alice/tool2"
says "through a link of the user's own" "debian <say> <x>" as_user "$T/home/alice/tool" x
says "... that is found in PATH" "debian <say> <x>" as_user env PATH="$T/home/alice:$PATH" tool x
says "... by a relative path" "debian <say>" as_user sh -c 'cd && ./tool'
says "... through two of them" "debian <say>" as_user "$T/home/alice/tool2"
ln -s "$LINKSDIR/debian/say" "$T/home/alice/bare"
says "through a link to the bare name" "debian <say>" as_user "$T/home/alice/bare"
ln -s "$LINKSDIR" "$T/home/alice/commands"
ln -s "$LINKSDIR/debian" "$T/home/alice/dbin"
says "through a link to the directory" "debian <say>" as_user "$T/home/alice/commands/debian:say"
says "... and the bare name" "debian <say>" as_user "$T/home/alice/commands/debian/say"
says "... by a relative path" "debian <say>" as_user sh -c 'cd && commands/debian/say'
says "through a link to the container's directory" "debian <say>" as_user "$T/home/alice/dbin/say"
# With its bare name the program would find the command there, and not itself.
says "... in PATH" "debian </usr/bin/say> <x>" as_user env "PATH=$T/home/alice/dbin:$PATH" say x
ln -s ../../subsysbin/debian:say "$T/home/alice/relative"
says "through a relative link" "debian <say>" as_user "$T/home/alice/relative"
ln -s "$LINKSDIR/debian:say" "$T/home/alice/two words:ü"
says "through a link with another command's form of name" "debian <say>" as_user "$T/home/alice/two words:ü"
# The command is then executed again, with all attributes of the link's
# execution.
ln -s "$LINKSDIR/debian:env" "$T/home/alice/env"
environment="TMPDIR=/t HOSTALIASES=/h MALLOC_CHECK_=1 GLIBC_TUNABLES=glibc.malloc.tcache_count=5 PATH=/bin LD_X=1 Z=0"
# shellcheck disable=SC2086 # words
gives "through a link, the environment is whole" 0 \
	"$(echo "$environment LSL_CONTAINER=debian" | tr ' ' '\n' | grep -v '^LD_')" "" \
	as_user env -i $environment "$T/home/alice/env"
ln -s "$LINKSDIR/debian:sh" "$T/home/alice/sh"
for size in 1900000 5000000; do
	says "... and so are $size bytes of arguments" "$size" as_user perl -e '
		use strict; my ($command, $size) = @ARGV;
		exec "sh", "-c", "ulimit -s 65536 && exec \"\$0\" \"\$@\"", "perl", "-e",
			q{exec {$ARGV[0]} $ARGV[0], "-c", q{n=0; for a; do n=$((n + ${#a})); done; echo $n}, "x", ("y" x 100000) x ($ARGV[1] / 100000)},
			$command, $size;' "$T/home/alice/sh" $size
done
ln -s "$LINKSDIR/debian:perl" "$T/home/alice/interpreter"
printf '#!%s/home/alice/interpreter\n' "$T" >"$W/script4"
chmod 0755 "$W/script4"
says "as an interpreter through a link" "debian <perl> <$W/script4>" as_user "$W/script4"
ln -s "$LINKSDIR/debian:say" "$T/home/alice/arch:say"
run as_user "$T/home/alice/arch:say"
like "a link that is called like another command runs one of both" "$status $out" "0 *say>"
ln -s "$EXECUTOR" "$T/home/alice/foreign"
run as_user "$T/home/alice/foreign" debian
is "a link to lslExecutor that names no command: 125" "$status" 125
as_user cp -P "$LINKSDIR/debian:say" "$T/home/alice"
says "by a copy of the link" "debian <say> <x>" as_user "$T/home/alice/debian:say" x
says "... by a relative path" "debian <say>" as_user sh -c 'cd && ./debian:say'
says "... under another argv[0]" "debian <other>" as_user bash -c 'exec -a other ~/debian:say'
rm "$T/home/alice/debian:say"
# ln -sr resolves the link: the new one leads to its final target.
as_user ln -sr "$LINKSDIR/debian:say" "$T/home/alice"
says "by a link of that name that ln -sr made" "debian <say> <x>" as_user "$T/home/alice/debian:say" x
ln "$EXECUTOR" "$T/usr/bin/debian:say"
says "by a hard link to lslExecutor that is called so" "debian <say> <x>" as_user "$T/usr/bin/debian:say" x
says "... found in PATH" "debian <say> <x>" as_user debian:say x
says "... under another argv[0]" "debian <other>" as_user bash -c 'exec -a other debian:say'
ln -s "$T/usr/bin/debian:say" "$T/home/alice/to-hard"
says "... through a link" "debian <say>" as_user "$T/home/alice/to-hard"
rm "$T/usr/bin/debian:say"

for name in g++ '[[' a:b '--dash' '-x' 'two words' 'ümlaut' '.hidden' 'a=b' '%n' '"' "it's" '*' 'back\slash' '~' '#' ':colon' 'colon:' '::'; do
	says "debian:$name" "debian <$name> <x>" as_user "debian:$name" x
	says "debian/$name" "debian <$name> <x>" as_user "$LINKSDIR/debian/$name" x
done
run debian:'[' 1 = 1 ']'
is "debian:[" "$status" 0
long=$(printf %0247d 0)
say_program "$bin/$long"
says "a name as long as a name can be" "debian <$long>" "debian:$long"
long=$(printf %0255d 0)
says "... and longer with the colon, by the bare name" "debian <$long>" "$LINKSDIR/debian/$long"
