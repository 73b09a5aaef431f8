/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The credentials of the daemon's processes.
 *
 * The supervisor is root by all its ids, with few capabilities. The server is
 * root too, with fewer. Its workers look into containers with the file system
 * ids of a user without any rights, so that they list what every user may see.
 * No process has that id, because a process of the same user could stop or kill
 * the server.
 */
#ifndef LSL_CREDENTIALS_H
#define LSL_CREDENTIALS_H

/* Each returns 0 or a negative errno. */

/* Drops all privileges except those of the supervisor and its servers. */
int credentials_of_supervisor(void);

/*
 * Drops all privileges except the server's: to enter mount namespaces, and to
 * look.
 */
int credentials_of_server(void);

/* The calling thread gets the file system ids of a user without rights. */
int credentials_look(void);

#endif
