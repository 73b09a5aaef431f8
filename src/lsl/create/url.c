/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS

/* RFC 3986: all characters that an address may have. */
static const char address_characters[] = LETTERS "-._~:/?#[]@!$&'()*+,;=%";
static const char path_characters[] = LETTERS "-._~+:=@/";

bool url_host_is_loopback(const char *host)
{
	char address[64], *port;
	size_t len = strcspn(host, "/?#");
	struct in_addr in;

	if (len >= sizeof(address))
		return false;
	memcpy(address, host, len);
	address[len] = '\0';
	port = strchr(address[0] == '[' ? address + strcspn(address, "]") : address, ':');
	if (port && (!port[1] || port[1 + strspn(port + 1, DIGITS)]))
		return false;
	if (port)
		*port = '\0';
	return strcmp(address, "[::1]") == 0 ||
	       (inet_pton(AF_INET, address, &in) == 1 &&
		ntohl(in.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET);
}

enum url_kind url_kind(const char *text)
{
	static const char https[] = "https://", http[] = "http://";
	size_t len = strlen(text);
	const char *host;

	if (len > URL_MAX || strspn(text, address_characters) != len)
		return URL_NONE;
	if (strncmp(text, https, sizeof(https) - 1) == 0)
		return strcspn(text + sizeof(https) - 1, "/?#") ? URL_HTTPS : URL_NONE;
	if (strncmp(text, http, sizeof(http) - 1) != 0)
		return URL_NONE;
	host = text + sizeof(http) - 1;
	if (strcspn(host, "/?#") == 0)
		return URL_NONE;
	return url_host_is_loopback(host) ? URL_LOOPBACK : URL_HTTP;
}

bool url_path_valid(const char *path)
{
	size_t len = strlen(path), component;

	if (len == 0 || len > URL_MAX / 2 || strspn(path, path_characters) != len)
		return false;
	for (;;) {
		component = strcspn(path, "/");
		if (component == 0 || *path == '.' || *path == '-')
			return false;
		if (path[component] == '\0')
			return true;
		path += component + 1;
	}
}

char *url_join(const char *server, const char *path)
{
	size_t len = strlen(server);
	char *joined;

	while (len && server[len - 1] == '/')
		len--;
	return asprintf(&joined, "%.*s/%s", (int)len, server, path) < 0 ? NULL : joined;
}

/* What follows "//" in TEXT, an address. */
static const char *host_of(const char *text)
{
	return strstr(text, "//") + 2;
}

char *url_take_user(char *text)
{
	char *host, *at, *user;
	size_t len;

	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return NULL;
	host = text + (host_of(text) - text);
	/* If it is no address, a password may have any character. */
	len = url_kind(text) == URL_NONE ? strlen(host) : strcspn(host, "/?#");
	at = memrchr(host, '@', len);
	if (!at)
		return NULL;
	user = strndup(host, (size_t)(at - host));
	len = strlen(at + 1);
	memmove(host, at + 1, len);
	memset(host + len, '\0', strlen(host) - len);
	return user;
}

bool url_user_valid(const char *user)
{
	return !user[strspn(user, address_characters)] && !strpbrk(user, "/?#");
}

char *url_with_user(const char *text, const char *user)
{
	int len = (int)(host_of(text) - text);
	char *joined;

	if (!user)
		return strdup(text);
	return asprintf(&joined, "%.*s%s@%s", len, text, user, text + len) < 0 ? NULL : joined;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit |= 0x20;
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

void url_decode(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0) {
			*to++ = (char)(hex_value(text[1]) << 4 | hex_value(text[2]));
			text += 2;
		} else {
			*to++ = *text;
		}
	*to = '\0';
}
