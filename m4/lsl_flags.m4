# SPDX-License-Identifier: GPL-3.0-or-later
#
# LSL_ADD_FLAGS(VARIABLE, FLAGS, [PROGRAM])
# -----------------------------------------
# Appends to VARIABLE each of the whitespace-separated FLAGS that $CC can
# compile and link PROGRAM with. -Werror is on while probing: clang only warns
# about a flag that it does not know.
AC_DEFUN([LSL_ADD_FLAGS], [
for lsl_flag in m4_normalize([$2]); do
	AS_VAR_PUSHDEF([lsl_cache], [lsl_cv_flag_$1_$lsl_flag])
	AC_CACHE_CHECK([whether $CC accepts $lsl_flag], [lsl_cache], [
		lsl_saved_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $lsl_flag"
		AC_LINK_IFELSE([m4_default([$3], [AC_LANG_PROGRAM([], [])])],
			[AS_VAR_SET([lsl_cache], [yes])], [AS_VAR_SET([lsl_cache], [no])])
		CFLAGS=$lsl_saved_CFLAGS
	])
	AS_VAR_IF([lsl_cache], [yes], [AS_VAR_APPEND([$1], [" $lsl_flag"])])
	AS_VAR_POPDEF([lsl_cache])
done
])
