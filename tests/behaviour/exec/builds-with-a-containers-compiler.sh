#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Projects build with a container's compiler: make, CMake, Autoconf and
# Automake, configured with CC=toolbox:gcc as for any other compiler. git uses a
# container's programs wherever it calls other programs. Only the container has
# the header and the library that the projects need.
. "$(dirname "$0")/../../lib/lib.sh"
needs autoreconf cmake g++ gcc git make

usr_rootfs "$T/rootfs/toolbox"
container toolbox "bins=/opt/bin;$USR_BINS" "mnt=$USR_MNT;/tmp;$T/home"
mkdir -p "$T/rootfs/toolbox/opt/include" "$T/rootfs/toolbox/opt/lib"
echo '#define WHERE "in the toolbox"' >"$T/rootfs/toolbox/opt/include/toolbox.h"
(
	cd "$T/rootfs/toolbox/opt"
	echo 'int toolbox(void) { return 42; }' | cc -x c -c -o lib/toolbox.o -
	ar rcs lib/libtoolbox.a lib/toolbox.o
)
lsl start

# project NAME: an empty directory of alice's, where the commands of
# as_user_here run.
project() {
	cd "$T/home/alice"
	as_user mkdir "$1"
	cd "$1"
	cat >program.c <<-'END'
		#include <stdio.h>
		#include <toolbox.h>
		int toolbox(void);
		int main(void)
		{
			printf("%s, %d\n", WHERE, toolbox());
			return 0;
		}
	END
}
CFLAGS=-I/opt/include LDFLAGS=-L/opt/lib LIBS=-ltoolbox
export CFLAGS LDFLAGS LIBS
made="in the toolbox, 42"

project plain
not_ok "the host's compiler cannot build it" as_user gcc $CFLAGS $LDFLAGS -o program program.c $LIBS
gives "the container's can" 0 "" "" as_user toolbox:gcc $CFLAGS $LDFLAGS -o program program.c $LIBS
gives "... and it runs" 0 "$made" "" as_user ./program
as_user rm program
gives "make CC=toolbox:gcc" 0 "" "" as_user make -s CC=toolbox:gcc LDLIBS="$LIBS" program
gives "... and it runs" 0 "$made" "" as_user ./program
ln -s "$LINKSDIR/toolbox:gcc" "$T/home/alice/gcc"
as_user rm program
gives "make with a gcc of the user's own in PATH, which is a link to it" 0 "" "" \
	as_user env "PATH=$T/home/alice:$PATH" make -s CC=gcc LDLIBS="$LIBS" program
gives "... and it runs" 0 "$made" "" as_user ./program
as_user rm program
gives "make with the container's directory in PATH" 0 "" "" \
	as_user env "PATH=$LINKSDIR/toolbox:$PATH" make -s CC=gcc LDLIBS="$LIBS" program
gives "... and it runs" 0 "$made" "" as_user ./program

project autotools
cat >configure.ac <<'END'
AC_INIT([program], [1])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AC_CHECK_HEADER([toolbox.h], [], [AC_MSG_ERROR([no toolbox.h])])
AC_CHECK_LIB([toolbox], [toolbox], [], [AC_MSG_ERROR([no libtoolbox])])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
END
printf 'bin_PROGRAMS = program\nprogram_SOURCES = program.c\n' >Makefile.am
ok "autoreconf" as_user autoreconf -fi
ok "configure CC=toolbox:gcc" as_user ./configure CC=toolbox:gcc
ok "make" as_user make
gives "... and it runs" 0 "$made" "" as_user ./program
ok "make distclean" as_user make distclean
ok "configure CC='.../toolbox:gcc -std=gnu11', out of the tree" \
	as_user sh -c "mkdir build && cd build && LIBS= ../configure CC='$LINKSDIR/toolbox:gcc -std=gnu11'"
ok "make -j4" as_user make -j4 -C build
gives "... and it runs" 0 "$made" "" as_user build/program

project cmake
cp program.c program2.cc
sed -i 's/int toolbox/extern "C" &/' program2.cc
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(program C)
find_library(TOOLBOX toolbox PATHS /opt/lib)
add_executable(program program.c)
target_link_libraries(program toolbox)
if(DEFINED ENV{CXX})
	enable_language(CXX)
	add_executable(program2 program2.cc)
	target_link_libraries(program2 toolbox)
endif()
END
ok "cmake with CC=toolbox:gcc CXX=toolbox:g++" \
	as_user env CC=toolbox:gcc CXX=toolbox:g++ CXXFLAGS="$CFLAGS" cmake -B build1
ok "... builds" as_user cmake --build build1
gives "... C, which runs" 0 "$made" "" as_user build1/program
gives "... C++, which runs" 0 "$made" "" as_user build1/program2
run as_user cmake -B build2 -DCMAKE_C_COMPILER="$LINKSDIR/toolbox:gcc"
case $err in
*"\"$LINKSDIR/toolbox\""*) skip_check "cmake -DCMAKE_C_COMPILER= with the path" "this CMake cuts it off at the colon" ;;
*)
	is "cmake -DCMAKE_C_COMPILER= with the path" "$status" 0
	ok "... builds" as_user cmake --build build2
	gives "... the result runs" 0 "$made" "" as_user build2/program
	;;
esac
ok "... with the bare name" as_user cmake -B build3 -DCMAKE_C_COMPILER="$LINKSDIR/toolbox/gcc"
ok "... builds" as_user cmake --build build3
gives "... the result runs" 0 "$made" "" as_user build3/program
ok "toolbox:cmake" as_user toolbox:cmake -B build4
ok "... builds" as_user toolbox:cmake --build build4
gives "... the result runs" 0 "$made" "" as_user build4/program

# git.
unset CFLAGS LDFLAGS LIBS
inside=$T/rootfs/toolbox/opt/bin
program "$inside/git-where" 'echo "git-where in $LSL_CONTAINER: $*"'
program "$inside/editor" 'echo "edited in $LSL_CONTAINER" >"$1"'
program "$inside/where" 'echo "in $LSL_CONTAINER"'
program "$inside/number" 'nl -ba "$@"'
program "$inside/credential" 'echo "username=$LSL_CONTAINER"; echo "password=$1"'
# The last argument is a line for the other side's shell.
program "$inside/ssh" '[ "$1" != -G ] || exit 1' 'for last; do :; done' 'echo "$LSL_CONTAINER" >>"$HOME/ssh-ran"' 'exec sh -c "$last"'
project git
cp program.c ../program.c
git_() {
	as_user git -c user.name=alice -c user.email=alice@example.org "$@"
}
git_ init -q -b main
git_ add program.c
gives "git: a container's program as core.editor" 0 "" "" git_ -c core.editor=toolbox:editor commit -q
is "... which wrote the message" "$(git_ log --format=%s)" "edited in toolbox"
as_user mkdir "$T/home/alice/bin"
ln -s "$LINKSDIR/toolbox:git-where" "$T/home/alice/bin/git-where"
gives "... as a subcommand, by a link of the user's" 0 "git-where in toolbox: a b" "" \
	as_user env "PATH=$T/home/alice/bin:$PATH" git where a b
gives "... by the container's directory in PATH" 0 "git-where in toolbox: a b" "" \
	as_user env "PATH=$PATH:$LINKSDIR/toolbox" git where a b
gives "... as an alias" 0 "in toolbox" "" git_ -c alias.w='!toolbox:where' w
gives "... as a credential helper" 0 "protocol=https
host=example.org
username=toolbox
password=get" "" as_user sh -c 'printf "protocol=https\nhost=example.org\n\n" | git -c credential.helper="!toolbox:credential" credential fill'
gives "... by its path" 0 "protocol=https
host=example.org
username=toolbox
password=get" "" as_user sh -c 'printf "protocol=https\nhost=example.org\n\n" | git -c credential.helper="$0/toolbox:credential" credential fill' "$LINKSDIR"
gives "... as GIT_SSH" 0 "" "" as_user env GIT_SSH=toolbox:ssh git clone -q "host:$PWD" "$T/home/alice/clone"
same "... which brought the files" "$T/home/alice/clone/program.c" program.c
gives "... as GIT_SSH_COMMAND" 0 "" "" as_user env "GIT_SSH_COMMAND=toolbox:ssh -4" git clone -q "host:$PWD" "$T/home/alice/clone2"
is "... each time in the container" "$(sort -u "$T/home/alice/ssh-ran")" toolbox
printf '#!%s/toolbox:bash\necho "hook in $LSL_CONTAINER"\n' "$LINKSDIR" >.git/hooks/pre-commit
chmod 0755 .git/hooks/pre-commit
gives "... as the interpreter of a hook" 0 "" "hook in toolbox" git_ commit -q --allow-empty -m hooked
echo '*.c diff=numbered filter=upper' >.git/info/attributes
gives "... as a filter" 0 "" "" git_ -c filter.upper.clean='toolbox:tr "[:lower:]" "[:upper:]"' add --renormalize program.c
is "... that made the content" "$(git_ show :program.c)" "$(tr '[:lower:]' '[:upper:]' <program.c)"
gives "... as a textconv, which reads git's file in /tmp" 0 "     1	#include <stdio.h>" "" \
	as_user sh -c 'git -c diff.numbered.textconv=toolbox:number show --textconv HEAD:program.c | head -n 1'
gives "git of the container itself" 0 "hooked" "" as_user toolbox:git log -1 --format=%s
