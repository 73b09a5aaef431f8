/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "create/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* RFC 3986: all characters that an address may have. */
static const char address_characters[] = LETTERS "-._~:/?#[]@!$&'()*+,;=%";
static const char path_characters[] = LETTERS "-._~+:=@/";

static bool is_port(const char *text)
{
	return *text == '\0' || (*text == ':' && text[1] != '\0' &&
				 text[1 + strspn(text + 1, "0123456789")] == '\0');
}

/* "[::1]" and the text after it. */
static bool is_loopback_6(const char *host)
{
	static const char loopback[] = "[::1]";
	size_t len = sizeof(loopback) - 1;

	return strncmp(host, loopback, len) == 0 && is_port(host + len);
}

bool url_host_is_loopback(const char *host)
{
	char address[INET_ADDRSTRLEN];
	size_t len = strcspn(host, ":");
	struct in_addr in;

	if (*host == '[')
		return is_loopback_6(host);
	if (len >= sizeof(address) || !is_port(host + len))
		return false;
	memcpy(address, host, len);
	address[len] = '\0';
	return inet_pton(AF_INET, address, &in) == 1 &&
	       ntohl(in.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
}

/* The host and port in the text after "//". */
static bool is_loopback(const char *text)
{
	char host[64];
	size_t len = strcspn(text, "/?#");

	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	return url_host_is_loopback(host);
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
	return is_loopback(host) ? URL_LOOPBACK : URL_HTTP;
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

	if (url_kind(text) == URL_NONE)
		return NULL;
	host = text + (host_of(text) - text);
	at = memrchr(host, '@', strcspn(host, "/?#"));
	if (!at)
		return NULL;
	user = strndup(host, (size_t)(at - host));
	len = strlen(at + 1);
	memmove(host, at + 1, len);
	memset(host + len, '\0', strlen(host) - len);
	return user;
}

char *url_with_user(const char *text, const char *user)
{
	int len = (int)(host_of(text) - text);
	char *joined;

	if (!user)
		return strdup(text);
	return asprintf(&joined, "%.*s%s@%s", len, text, user, text + len) < 0 ? NULL : joined;
}
