# SPDX-License-Identifier: GPL-3.0-or-later
#
# LSL_COVERAGE
# ------------
# For --enable-coverage: COVERAGE_CFLAGS, with which $CC compiles lslExecutor,
# too, and COVERAGE_UNMARKED for linking. The counters are clang's, and
# "continuous": the file that they are kept in is mapped before main(), so that
# they count in programs that end by exec, _exit or SIGKILL, change their root
# directory or give up what let them open it. Nothing is inlined, so that
# tests/analyse/coverage sees which functions the linker has left out.
AC_DEFUN([LSL_COVERAGE], [
COVERAGE_CFLAGS=
COVERAGE_UNMARKED=
AS_IF([test "x$enable_coverage" != xno], [
	AS_CASE([$enable_coverage], [yes], [enable_coverage=`pwd`/coverage], [/*], [],
		[AC_MSG_ERROR([--enable-coverage needs an absolute path, not '$enable_coverage'])])
	lsl_flags="-fno-inline -fcoverage-mapping -Wno-unused-command-line-argument -mllvm -runtime-counter-relocation"
	COVERAGE_CFLAGS="-fprofile-instr-generate=$enable_coverage/%m%c.profraw $lsl_flags"
	# The runtime marks the environment, which would disturb programs that
	# read it. There setenv() does something harmless.
	COVERAGE_UNMARKED="-Wl,--wrap=setenv,--defsym=__wrap_setenv=_init"
	AC_MSG_CHECKING([whether $CC can count what is executed])
	lsl_saved_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $COVERAGE_CFLAGS"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
		[AC_MSG_ERROR([no: --enable-coverage needs CC=clang, and its runtime (libclang-rt-dev)])])
	CFLAGS=$lsl_saved_CFLAGS
	AS_IF([test "x${with_executor_cc-auto}" = xauto], [with_executor_cc=$CC])
])
AC_SUBST([COVERAGE_CFLAGS])
AC_SUBST([COVERAGE_UNMARKED])
])
