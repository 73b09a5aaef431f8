# SPDX-License-Identifier: GPL-3.0-or-later
#
# LSL_EXECUTOR_TOOLCHAIN
# ----------------------
# Chooses how lslExecutor is compiled and linked: EXECUTOR_CC, EXECUTOR_LDFLAGS
# and, for people, EXECUTOR_KIND. The start-up of its C library is most of
# what a command costs, so the order is by measured speed: musl, static and
# position independent; the same at a fixed address; static glibc. --with-executor-cc=CC
# overrides the compiler. Never dynamic: a setuid program that loads nothing cannot
# be made to load something.
AC_DEFUN([LSL_EXECUTOR_TOOLCHAIN], [
AC_CHECK_TOOL([READELF], [readelf], [false])
AC_ARG_WITH([executor-cc],
	[AS_HELP_STRING([--with-executor-cc=CC], [compiler for lslExecutor alone [musl-gcc if it works, else $CC]])],
	[], [with_executor_cc=auto])
AS_IF([test "x$with_executor_cc" = xauto],
	[lsl_executor_ccs="musl-gcc $CC"], [lsl_executor_ccs=$with_executor_cc])

EXECUTOR_KIND=
for lsl_cc in $lsl_executor_ccs; do
	LSL_TRY_STATIC([$lsl_cc], [-static-pie], [static-pie])
	# musl's compiler wrapper in Debian does not know -static-pie; said in full it works.
	lsl_rcrt1=`$lsl_cc -print-file-name=rcrt1.o 2>/dev/null`
	AS_IF([test "x$lsl_cc" = xmusl-gcc],
		[for lsl_dir in /usr/lib/*-linux-musl /usr/lib/musl/lib /usr/local/musl/lib /usr/*-linux-musl/lib64; do
			test -f "$lsl_dir/rcrt1.o" || continue
			LSL_TRY_STATIC([$lsl_cc], [-static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text $lsl_dir/rcrt1.o $lsl_dir/crti.o $lsl_dir/crtn.o], [static-pie])
		done])
	LSL_TRY_STATIC([$lsl_cc], [-static], [static])
done
AS_IF([test -z "$EXECUTOR_KIND"],
	[AC_MSG_ERROR([cannot link a static program: install musl-tools (Debian), musl-gcc (Fedora), musl (Arch), or your C library's static archive])])
AC_SUBST([EXECUTOR_CC])
AC_SUBST([EXECUTOR_PIE])
AC_SUBST([EXECUTOR_LDFLAGS])
])

# LSL_TRY_STATIC(CC, LDFLAGS, NAME)
# ---------------------------------
# Settles on CC and LDFLAGS if nothing is settled, and together they make a program that needs no
# dynamic loader and runs (when cross compiling: that links).
AC_DEFUN([LSL_TRY_STATIC], [
AS_IF([test -z "$EXECUTOR_KIND"], [
	AC_MSG_CHECKING([whether $1 makes a $3 program])
	cat >conftest.c <<_LSL_EOF
#include <stdio.h>
int main(void) { return printf("ok\n") != 3; }
_LSL_EOF
	AS_CASE([$3], [static-pie], [lsl_pie=-fPIE], [lsl_pie=-fno-pie])
	rm -f conftest$EXEEXT
	AS_IF([$1 $lsl_pie conftest.c $2 -o conftest$EXEEXT >&AS_MESSAGE_LOG_FD 2>&1 &&
		! $READELF -l conftest$EXEEXT 2>/dev/null | grep -q INTERP &&
		{ test "x$cross_compiling" = xyes || test "`./conftest$EXEEXT`" = ok; }], [
		EXECUTOR_CC="$1"
		EXECUTOR_PIE="$lsl_pie"
		EXECUTOR_LDFLAGS="$2"
		EXECUTOR_KIND="$1, $3"
		AC_MSG_RESULT([yes])
	], [AC_MSG_RESULT([no])])
	rm -f conftest.c conftest$EXEEXT
])
])
