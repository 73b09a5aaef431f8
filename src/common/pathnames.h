/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every path that lsl knows, in one place. The first eight are configure's
 * (--with-mntdir and so on) and reach the compiler through AM_CPPFLAGS.
 */
#ifndef LSL_PATHNAMES_H
#define LSL_PATHNAMES_H

#if !defined(LSL_MNTDIR) || !defined(LSL_LINKSDIR) || !defined(LSL_CONFIGPATH) ||        \
	!defined(LSL_EXECUTOR) || !defined(LSL_MOUNTHELPER) || !defined(LSL_STATEDIR) || \
	!defined(LSL_CACHEDIR) || !defined(LSL_SHAREDIR)
#error "the build system defines LSL_MNTDIR, LSL_LINKSDIR, LSL_CONFIGPATH, LSL_EXECUTOR, LSL_MOUNTHELPER, LSL_STATEDIR, LSL_CACHEDIR, LSL_SHAREDIR"
#endif

/* Where namespaces are pinned and records are kept: /run/subsys. */
#define PATH_MNTDIR LSL_MNTDIR

/* Where the command directory is mounted: /subsysbin. */
#define PATH_LINKSDIR LSL_LINKSDIR

/* The configuration: /etc/subsys.conf. */
#define PATH_CONFIG LSL_CONFIGPATH

/* The program that every command leads to: /usr/bin/lslExecutor. */
#define PATH_EXECUTOR LSL_EXECUTOR

/*
 * The target of every command's link. On the host it is a link to lslExecutor.
 * In containers, which have no /usr/bin/lslExecutor, the program itself is
 * mounted over it.
 */
#define RUNDIR_EXECUTOR ":lslExecutor"
#define PATH_EXECUTOR_LINK PATH_MNTDIR "/" RUNDIR_EXECUTOR

/*
 * In MNTDIR: on the host a dangling link. In a container a file with the
 * container's name is mounted over it.
 */
#define RUNDIR_HERE ":here"

/* The name before the colon in commands of the host, and of its record. */
#define HOST_NAME "host"

/* The program that mounts the command directory: /sbin/mount.lslfs. */
#define PATH_MOUNTHELPER LSL_MOUNTHELPER

/* Where lsl create puts root filesystems: /var/lib/lsl. */
#define PATH_STATEDIR LSL_STATEDIR

/* Where lsl create keeps downloads: /var/cache/lsl. */
#define PATH_CACHEDIR LSL_CACHEDIR

/* Menu entries of containers, for XDG_DATA_DIRS: /run/lsl/share. */
#define PATH_SHAREDIR LSL_SHAREDIR

/* Where SELinux' file system is mounted. */
#define PATH_SELINUX "/sys/fs/selinux"

/* The host's root directory, as every container sees it. */
#define PATH_OLDROOT "/oldRoot"

/* Tables of distributions' releases, of the package distro-info-data. */
#define PATH_DISTRO_INFO "/usr/share/distro-info"

/* nscd(8)'s directory, and its socket. */
#define PATH_NSCD "/run/nscd"
#define PATH_NSCD_SOCKET PATH_NSCD "/socket"

/*
 * How many symbolic links the kernel follows in one path, path_resolution(7).
 */
#define LINKS_MAX 40

#endif
