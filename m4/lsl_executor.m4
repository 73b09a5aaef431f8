# SPDX-License-Identifier: GPL-3.0-or-later
#
# LSL_EXECUTOR_TOOLCHAIN
# ----------------------
# Chooses how lslExecutor is compiled and linked: EXECUTOR_CC, EXECUTOR_LDFLAGS
# and, for people, EXECUTOR_KIND. The start-up of its C library is most of the
# cost of a command, so the order is by measured speed: musl, static and
# position independent, first without relocation at start-up; the same at a
# fixed address; static glibc. --with-executor-cc=CC overrides the compiler.
# Never dynamic, because a setuid program that loads nothing cannot be made to
# load an attacker's file.
#
# A program without pointers in its static data needs no relocation, and then
# the pages that it would be done in are never copied. Scrt1.o is the start-up
# file that leaves it out. musl asks for the address of _DYNAMIC, which the
# linker puts into the global offset table, a page of its own that has to be
# relocated, unless the symbol has another name. Linkers for other processors
# may do so all the same; only programs with thread-local variables need that
# value. EXECUTOR_RELOCATIONS is how many there may be: none but those of the
# smallest program. Packed ones (RELR) count as one.
AC_DEFUN([LSL_EXECUTOR_TOOLCHAIN], [
AC_CHECK_TOOL([READELF], [readelf], [false])
AC_ARG_WITH([executor-cc],
	[AS_HELP_STRING([--with-executor-cc=CC], [compiler for lslExecutor alone [musl-gcc if it works, else $CC]])],
	[], [with_executor_cc=auto])
AS_IF([test "x$with_executor_cc" = xauto],
	[lsl_executor_ccs="musl-gcc $CC"], [lsl_executor_ccs=$with_executor_cc])

EXECUTOR_KIND=
for lsl_cc in $lsl_executor_ccs; do
	# musl's compiler wrapper in Debian does not know -static-pie, but knows
	# its parts.
	AS_IF([test "x$lsl_cc" = xmusl-gcc],
		[for lsl_dir in /usr/lib/*-linux-musl /usr/lib/musl/lib /usr/local/musl/lib /usr/*-linux-musl/lib64; do
			test -f "$lsl_dir/rcrt1.o" || continue
			lsl_pie_ldflags="-static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text $lsl_dir/crti.o $lsl_dir/crtn.o"
			LSL_TRY_STATIC([$lsl_cc], [$lsl_pie_ldflags -Wl,--wrap=_DYNAMIC,--defsym=__wrap__DYNAMIC=__real__DYNAMIC $lsl_dir/Scrt1.o], [static-pie, not relocated], [1])
			LSL_TRY_STATIC([$lsl_cc], [$lsl_pie_ldflags $lsl_dir/rcrt1.o], [static-pie])
		done])
	LSL_TRY_STATIC([$lsl_cc], [-static-pie], [static-pie])
	LSL_TRY_STATIC([$lsl_cc], [-static], [static])
done
AS_IF([test -z "$EXECUTOR_KIND"],
	[AC_MSG_ERROR([cannot link a static program: install musl-tools (Debian), musl-gcc (Fedora), musl (Arch), or your C library's static archive])])
# musl has no checked functions, nor code in its start-up that would switch CET
# on.
EXECUTOR_HARDENING=
AS_IF([echo '#include <features.h>' | $EXECUTOR_CC -E -dM - 2>/dev/null | grep -q 'define __GLIBC__'], [
	lsl_saved_CC=$CC
	CC=$EXECUTOR_CC
	LSL_ADD_FLAGS([EXECUTOR_HARDENING], [-fcf-protection])
	CC=$lsl_saved_CC
	EXECUTOR_HARDENING="$EXECUTOR_HARDENING -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
])
AC_SUBST([EXECUTOR_CC])
AC_SUBST([EXECUTOR_HARDENING])
AC_SUBST([EXECUTOR_PIE])
AC_SUBST([EXECUTOR_LDFLAGS])
AC_SUBST([EXECUTOR_RELOCATIONS])
])

# LSL_TRY_STATIC(CC, LDFLAGS, NAME, [RELOCATIONS])
# ------------------------------------------------
# Settles on CC and LDFLAGS if nothing is settled, and together they make a
# program that needs no dynamic loader, has no more than RELOCATIONS, and runs
# (when cross compiling: that links).
AC_DEFUN([LSL_TRY_STATIC], [
AS_IF([test -z "$EXECUTOR_KIND"], [
	AC_MSG_CHECKING([whether $1 makes a program that is $3])
	cat >conftest.c <<_LSL_EOF
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
int main(void) { return close(-1) == 0 || errno != EBADF || write(1, "ok\n", 3) != 3; }
_LSL_EOF
	AS_CASE(["$3"], [static-pie*], [lsl_pie=-fPIE], [lsl_pie=-fno-pie])
	rm -f conftest$EXEEXT
	AS_IF([$1 $lsl_pie conftest.c $2 -o conftest$EXEEXT >&AS_MESSAGE_LOG_FD 2>&1 &&
		! $READELF -l conftest$EXEEXT 2>/dev/null | grep -q INTERP &&
		{ lsl_relocations=`$READELF -rW conftest$EXEEXT 2>/dev/null | grep -c -e ' R_' -e relr`
		test "$lsl_relocations" -le m4_default([$4], [100000]); } &&
		{ test "x$cross_compiling" = xyes || test "`./conftest$EXEEXT`" = ok; }], [
		EXECUTOR_CC="$1"
		EXECUTOR_PIE="$lsl_pie"
		EXECUTOR_LDFLAGS="$2"
		EXECUTOR_RELOCATIONS=m4_ifval([$4], [$lsl_relocations], [100000])
		EXECUTOR_KIND="$1, $3"
		AC_MSG_RESULT([yes])
	], [AC_MSG_RESULT([no])])
	rm -f conftest.c conftest$EXEEXT
])
])
