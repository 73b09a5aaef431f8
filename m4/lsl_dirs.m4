# SPDX-License-Identifier: GPL-3.0-or-later

# LSL_WITH_DIR(NAME, WHAT, BELOW-USR, BELOW-PREFIX)
# The option --with-NAME=DIR: where WHAT goes, or "no". Without it BELOW-USR
# when the prefix is /usr, as distributions install, and else BELOW-PREFIX, so
# that an installation below a prefix of its own leaves nothing elsewhere.
# Substitutes NAME and sets the conditional WITH_<NAME>.
AC_DEFUN([LSL_WITH_DIR], [
	AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=DIR|no], [where $2 goes])],
		[], [AS_IF([test "$lsl_is_usr" = yes], [with_$1=$3], [with_$1=$4])])
	AS_CASE([$with_$1], [no|/*|'$'*], [],
		[AC_MSG_ERROR([--with-$1 is an absolute path or 'no', not '$with_$1'])])
	AC_SUBST([$1], [$with_$1])
	AM_CONDITIONAL(m4_toupper([with_$1]), [test "$with_$1" != no])
])

# LSL_INTEGRATION_DIRS The directories in which init systems and shells look for
# files of packages.
AC_DEFUN([LSL_INTEGRATION_DIRS], [
	AS_CASE([$prefix], [NONE|/usr], [lsl_is_usr=yes], [lsl_is_usr=no])
	lsl_sysconfdir=$sysconfdir
	AS_IF([test "$lsl_is_usr:$sysconfdir" = 'yes:${prefix}/etc'], [lsl_sysconfdir=/etc])
	lsl_unitdir=no
	AS_IF([test -d /usr/lib/systemd/system], [lsl_unitdir=/usr/lib/systemd/system])
	AS_IF([$PKG_CONFIG --exists systemd],
		[lsl_unitdir=`$PKG_CONFIG --variable=systemdsystemunitdir systemd`])
	# Debian's zsh does not look into site-functions.
	lsl_zshdir='${datadir}/zsh/site-functions'
	AS_IF([test -e /etc/debian_version], [lsl_zshdir='${datadir}/zsh/vendor-completions'])
	lsl_initdir=no
	AS_IF([test -x /sbin/openrc-run], [lsl_initdir=$lsl_sysconfdir/init.d])

	LSL_WITH_DIR([systemdsystemunitdir], [systemd's units], [$lsl_unitdir], ['${prefix}/lib/systemd/system'])
	LSL_WITH_DIR([tmpfilesdir], [the line of tmpfiles.d(5)],
		['${prefix}/lib/tmpfiles.d'], ['${prefix}/lib/tmpfiles.d'])
	LSL_WITH_DIR([environmentdir], [PATH for environment.d(5)],
		['${prefix}/lib/environment.d'], ['${prefix}/lib/environment.d'])
	LSL_WITH_DIR([openrcdir], [OpenRC's script], [$lsl_initdir], [no])
	LSL_WITH_DIR([profiledir], [PATH for login shells],
		[$lsl_sysconfdir/profile.d], ['${sysconfdir}/profile.d'])
	LSL_WITH_DIR([bashcompletiondir], [bash's completion of lsl],
		['${datadir}/bash-completion/completions'], ['${datadir}/bash-completion/completions'])
	LSL_WITH_DIR([bashrcdir], [what bash-completion reads at once],
		[$lsl_sysconfdir/bash_completion.d], ['${sysconfdir}/bash_completion.d'])
	LSL_WITH_DIR([zshcompletiondir], [zsh's completion],
		[$lsl_zshdir], ['${datadir}/zsh/site-functions'])
	LSL_WITH_DIR([fishdir], [fish's vendor_completions.d and vendor_conf.d],
		['${datadir}/fish'], ['${datadir}/fish'])
])
