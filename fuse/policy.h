/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For how long the kernel may believe what it was told: the whole caching policy,
 * in seconds, and why.
 *
 *   what			how long	ended early by
 *   a command that is there	ENTRY_TIMEOUT	a change in its container's bins
 *   a command that is not	not at all	-
 *   a container's directory	FOR_LONG	its stop
 *   no colon, no container	FOR_LONG	the start of a container of that name
 *   what the links lead to	FOR_LONG	-
 *   a directory's attributes	FOR_LONG	whatever is invalidated in it
 *   a directory's listing	LISTING_AGE_MS	any change, before the next opendir
 *
 * A command that is not there is never cached, because the next lookup may
 * come after it was installed and must find it. A name that cannot be a command is
 * cached for long: every PATH search for a program that nobody has ends here, and
 * must not cost a request.
 */
#ifndef LSL_POLICY_H
#define LSL_POLICY_H

/*
 * inotify tells all changes of a directory that is on a local disk. It does not tell:
 * a symbolic link in it whose target changes elsewhere (/etc/alternatives), a
 * change made by another host of a network file system, one made below an
 * overlay in its layers. Those are seen after this many seconds.
 */
#define ENTRY_TIMEOUT 10

/*
 * In milliseconds. Names that come with a listing live until ENTRY_TIMEOUT after it was
 * begun (listing_lifetime); when it is read again before that, a long listing of a
 * large directory need not ask for each name one by one.
 */
#define LISTING_AGE_MS (ENTRY_TIMEOUT * 1000 / 2)

/* A day. */
#define FOR_LONG 86400

/*
 * A container that does not answer within this time, in milliseconds, is
 * taken to hang (pool.h). A disk that has to spin up may take seconds.
 */
#define PATIENCE_MS 3000

#endif
