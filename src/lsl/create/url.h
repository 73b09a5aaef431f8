/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses that lsl gives to a downloader. The downloader parses them
 * completely; this module only decides whether one is trusted.
 */
#ifndef LSL_URL_H
#define LSL_URL_H

#include <stdbool.h>

/* The longest one. */
#define URL_MAX 2048

enum url_kind {
	URL_NONE, /* no address */
	URL_HTTPS,
	URL_HTTP, /* anybody on the network can answer */
	URL_LOOPBACK, /* http to this machine: 127.x.y.z, [::1] */
};

/*
 * The kind of the address TEXT. A host's name is never loopback, because
 * another program resolves it. Neither is an address with a user before the
 * host.
 */
enum url_kind url_kind(const char *text);

/*
 * Whether HOST, with or without ":PORT", is a loopback address. It ends at a
 * "/", "?" or "#".
 */
bool url_host_is_loopback(const char *host);

/*
 * Whether PATH may follow a server's address: "images/x/root.tar.xz". No part
 * is empty or begins with '.', and no character has a meaning in an address.
 */
bool url_path_valid(const char *path);

/* SERVER, a slash and PATH, which the caller frees; NULL without memory. */
char *url_join(const char *server, const char *path);

/*
 * Takes the user and the password that may stand before the host out of TEXT,
 * if it is an address or begins like one. TEXT is an argument of the process,
 * which other users may read: the characters are overwritten. They are
 * returned, to be freed; NULL if there are none, or without memory.
 */
char *url_take_user(char *text);

/* Whether USER has only characters that it can have in an address. */
bool url_user_valid(const char *user);

/*
 * TEXT, an address, with USER before its host again, if that is not NULL. To be
 * freed; NULL without memory.
 */
char *url_with_user(const char *text, const char *user);

/*
 * Replaces each "%20" in TEXT, a part of an address, by the character that it
 * means. With "%00" the text ends there.
 */
void url_decode(char *text);

#endif
