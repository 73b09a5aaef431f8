#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A program gets the caller's whole environment, also what the loader takes from setuid programs;
# but LD_* stays out. PATH is envPath where the configuration has one; LSL_CONTAINER is the container's name.
. "$(dirname "$0")/lib.sh"

container debian "envPath=/bin:/usr/bin" "mnt=$W"
container arch "mnt=$W"
lsl start

# Those that glibc and musl remove or that programs like to lose, and odd ones.
cat >expected <<'EOF'
A=1
EMPTY=
GCONV_PATH=/gconv
GETCONF_DIR=/getconf
GLIBC_TUNABLES=glibc.malloc.check=0
HOSTALIASES=/hostaliases
LOCALDOMAIN=example
LOCPATH=/locpath
MALLOC_ARENA_MAX=1
MALLOC_CHECK_=0
NIS_PATH=/nis
NLSPATH=/nls
RESOLV_HOST_CONF=/resolv
RES_OPTIONS=timeout:1
SPACE=two  words
TMPDIR=/tmpdir
TZDIR=/tzdir
UTF8=äöü€
EOF
set --
while read -r line; do
	set -- "$@" "$line"
done <expected
strange='strange-name.with%signs=x'
multiline='MULTI=one
two'
as_user env -i "$@" "$strange" "$multiline" "PWD=$W" LD_PRELOAD=/nowhere.so LD_LIBRARY_PATH=/nowhere \
	LD_AUDIT=/nowhere.so LD_BIND_NOW=1 LD_DEBUG= LD_PROFILE=x PATH="/usr/bin:/bin:$LINKSDIR" \
	debian:env >got 2>errors
grep -v -e '^PATH=' -e '^PWD=' -e '^LSL_CONTAINER=' -e '^MULTI' -e '^two$' -e '^strange' got | sort >sorted
LC_ALL=C sort expected >expected.sorted
LC_ALL=C sort sorted >got.sorted
same "all variables arrive as they are, and no others" got.sorted expected.sorted
is "nothing is said about it" "$(cat errors)" ""
is "LD_* stays out" "$(grep -c ^LD_ got)" 0
is "a variable of two lines arrives" "$(grep -c -A1 -e '^MULTI=one$' got)$(grep -c '^two$' got)" 11
is "a variable that no shell could name arrives" "$(grep -c "^$strange\$" got)" 1
is "PATH is envPath" "$(grep ^PATH= got)" PATH=/bin:/usr/bin
is "LSL_CONTAINER is set" "$(grep ^LSL_CONTAINER= got)" LSL_CONTAINER=debian
is "PWD is true" "$(grep ^PWD= got)" "PWD=$W"

gives "without envPath the caller's PATH stays" 0 "/x:$PATH" "" env PATH="/x:$PATH" arch:sh -c 'echo "$PATH"'
gives "LSL_CONTAINER is the inner one of two" 0 arch "" env LSL_CONTAINER=x arch:sh -c 'echo $LSL_CONTAINER'
gives "an LSL_CONTAINER of the caller's is not passed twice" 0 1 "" \
	sh -c 'LSL_CONTAINER=x debian:env | grep -c ^LSL_CONTAINER='
gives "PATH is not passed twice" 0 1 "" sh -c 'debian:env | grep -c ^PATH='
gives "an empty environment works" 0 "LSL_CONTAINER=debian
PATH=/bin:/usr/bin" "" sh -c "env -i '$LINKSDIR/debian:env' | sort"
gives "root gets all of it too" 0 /tmpdir "" env TMPDIR=/tmpdir debian:sh -c 'echo $TMPDIR'

# A large environment: a thousand variables, 200 kB.
gives "a large environment arrives whole" 0 1000 "" as_user sh -c '
	for i in $(seq 1000); do export "BIG$i=$(printf %0200d $i)"; done
	debian:env | grep -c ^BIG'

# Arguments too, whatever they hold.
program "$T/rootfs/debian/bin/arguments" 'for a; do echo "<$a>"; done'
gives "arguments arrive as they are" 0 '<a b>
<>
<$HOME>
<*>
<"quoted">
<two
lines>
<-x>
<--help>
<ö>' "" as_user debian:arguments 'a b' '' '$HOME' '*' '"quoted"' 'two
lines' -x --help ö
long=$(head -c 100000 /dev/zero | tr '\0' x)
gives "an argument of 100 kB arrives" 0 100000 "" as_user sh -c 'debian:printf %s "$1" | wc -c' sh "$long"
