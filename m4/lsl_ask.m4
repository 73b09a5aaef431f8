# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks for functions beyond C11 and POSIX, name by name, because one name says
# nothing about another: musl 1.2.5 has struct statx without the mount id, glibc
# 2.31 has pidfd_open without P_PIDFD.
#
# It asks two compilers, because lslExecutor's may have another C library and
# other kernel headers. config.h holds both answers. LSL_EITHER picks one, by
# LSL_FOR_EXECUTOR, which the Makefile defines for EXECUTOR_CC.

# LSL_ASK_INIT
# ------------
# To be expanded once, after LSL_EXECUTOR_TOOLCHAIN.
AC_DEFUN([LSL_ASK_INIT], [
AC_REQUIRE([LSL_EXECUTOR_TOOLCHAIN])
AH_TOP([/* The answer of $CC, or of $EXECUTOR_CC where that one compiles. */
#ifdef LSL_FOR_EXECUTOR
#define LSL_EITHER(cc, executor_cc) executor_cc
#else
#define LSL_EITHER(cc, executor_cc) cc
#endif
])
])

# LSL_IF_COMPILES(CC, PROLOGUE, EXPRESSION, IF-SO, IF-NOT)
# --------------------------------------------------------
# Does CC compile EXPRESSION after the lines of PROLOGUE?
AC_DEFUN([LSL_IF_COMPILES], [
lsl_asked_CC=$CC
CC="$1"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM([$2], [if ((long)($3) == 42) return 1;])], [$4], [$5])
CC=$lsl_asked_CC
])

# LSL_CALL_NUMBER(CALL, [NUMBER])
# -------------------------------
# Defines LSL_NR_<CALL> as what <sys/syscall.h> calls the system call:
# SYS_<CALL>, or __NR_<CALL> where the kernel's headers are newer than the C
# library. Where both lack it, it is NUMBER: calls from 424 on have one number
# everywhere but on alpha and mips.
AC_DEFUN([LSL_CALL_NUMBER], [
LSL_CALL_NUMBER_OF([$CC], [$1], [$2], [lsl_number])
LSL_CALL_NUMBER_OF([$EXECUTOR_CC], [$1], [$2], [lsl_executor_number])
AC_DEFINE_UNQUOTED([LSL_NR_$1], [LSL_EITHER($lsl_number, $lsl_executor_number)], [number of the system call $1])
])

# LSL_CALL_NUMBER_OF(CC, CALL, NUMBER, VARIABLE)
AC_DEFUN([LSL_CALL_NUMBER_OF], [
AC_MSG_CHECKING([for the number of $2 with $1])
$4=
m4_foreach_w([lsl_try], [SYS_$2 __NR_$2], [
AS_IF([test -z "$$4"],
	[LSL_IF_COMPILES([$1], [LSL_INCLUDES([sys/syscall.h])], lsl_try, [$4=lsl_try])])
])
m4_ifval([$3], [
AS_IF([test -z "$$4"], [LSL_IF_COMPILES([$1], [
#if defined __alpha__ || defined __mips__
#error
#endif], [$3], [$4=$3])])
])
AS_IF([test -z "$$4"], [
	AC_MSG_RESULT([unknown])
	AC_MSG_ERROR([the headers of $1 lack the system call $2: install newer kernel headers])
])
AC_MSG_RESULT([$$4])
])

# LSL_ASK_FOR(NAME, HEADERS, [EXPRESSION = NAME])
# -----------------------------------------------
# Defines HAVE_<NAME> as 1 or 0: the compiler knows EXPRESSION after #include of
# the HEADERS, each for itself.
AC_DEFUN([LSL_ASK_FOR], [
LSL_ASK_ONE([$CC], [$1], [$2], m4_default([$3], [$1]), [lsl_answer])
LSL_ASK_ONE([$EXECUTOR_CC], [$1], [$2], m4_default([$3], [$1]), [lsl_executor_answer])
AC_DEFINE_UNQUOTED([HAVE_$1], [LSL_EITHER($lsl_answer, $lsl_executor_answer)], [1 where the headers have $1, else 0])
])

# LSL_ASK_ONE(CC, NAME, HEADERS, EXPRESSION, VARIABLE)
AC_DEFUN([LSL_ASK_ONE], [
AC_MSG_CHECKING([whether $1 knows $2])
LSL_IF_COMPILES([$1], [LSL_INCLUDES([$3])], [$4], [$5=1], [$5=0])
AS_IF([test $$5 = 1], [AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])
])

AC_DEFUN([LSL_INCLUDES], [m4_foreach_w([lsl_header], [$1], [
[#include <]lsl_header[>]])])

# LSL_NEEDS(CC, HEADERS, NAMES)
# -----------------------------
# Ends configure unless CC knows all NAMES, functions, constants or expressions
# without a space, after #include of the HEADERS. They are asked for together,
# and one by one where that fails.
AC_DEFUN([LSL_NEEDS], [
AC_MSG_CHECKING([whether $1 has what lsl needs of $2])
LSL_IF_COMPILES([$1], [LSL_INCLUDES([$2])],
	[0 m4_foreach_w([lsl_name], [$3], [+ (long)(lsl_name)])], [AC_MSG_RESULT([yes])], [
	lsl_missing=
	for lsl_name in m4_foreach_w([lsl_name], [$3], ['lsl_name' ]); do
		LSL_IF_COMPILES([$1], [LSL_INCLUDES([$2])], [$lsl_name], [], [lsl_missing="$lsl_missing $lsl_name"])
	done
	AC_MSG_RESULT([no])
	AC_MSG_ERROR([the C library or kernel headers of $1 lack$lsl_missing ($2): install newer ones])
])
])

# LSL_BOTH_NEED(HEADERS, NAMES)
# -----------------------------
# The same of $CC and of $EXECUTOR_CC.
AC_DEFUN([LSL_BOTH_NEED], [
LSL_NEEDS([$CC], [$1], [$2])
LSL_NEEDS([$EXECUTOR_CC], [$1], [$2])
])
