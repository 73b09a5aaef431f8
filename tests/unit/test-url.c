/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "create/url.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static void check_kind(const char *text, enum url_kind expected)
{
	CHECK_INT(url_kind(text), expected);
}

TEST(test_url_kind__https_is_any_host)
{
	check_kind("https://example.org/x.tar.xz", URL_HTTPS);
	check_kind("https://example.org:8443", URL_HTTPS);
	check_kind("https://[2001:db8::1]/x?y=z#q", URL_HTTPS);
	check_kind("https://u:p@example.org/", URL_HTTPS);
}

TEST(test_url_kind__loopback_is_an_address_of_this_machine)
{
	check_kind("http://127.0.0.1/x", URL_LOOPBACK);
	check_kind("http://127.0.0.1:8080/x", URL_LOOPBACK);
	check_kind("http://127.200.3.4", URL_LOOPBACK);
	check_kind("http://[::1]:80/x", URL_LOOPBACK);
	check_kind("http://[::1]?x", URL_LOOPBACK);
}

TEST(test_url_kind__what_only_looks_like_one_is_not)
{
	check_kind("http://localhost/x", URL_HTTP);
	check_kind("http://127.0.0.1.example.org/x", URL_HTTP);
	check_kind("http://127.0.0.1@example.org/x", URL_HTTP);
	check_kind("http://127.0.0.1:80@example.org/x", URL_HTTP);
	check_kind("http://127.0.0.1:@example.org/x", URL_HTTP);
	check_kind("http://127.1/x", URL_HTTP);
	check_kind("http://0177.0.0.1/x", URL_HTTP);
	check_kind("http://2130706433/x", URL_HTTP);
	check_kind("http://128.0.0.1/x", URL_HTTP);
	check_kind("http://[::1].example.org/x", URL_HTTP);
	check_kind("http://[::1]@example.org/x", URL_HTTP);
	check_kind("http://[::2]/x", URL_HTTP);
	check_kind("http://example.org/127.0.0.1", URL_HTTP);
	check_kind("http://example.org#127.0.0.1", URL_HTTP);
}

TEST(test_url_kind__anything_else_is_no_address)
{
	char longest[URL_MAX + 16] = "https://x/";

	memset(longest + 10, 'a', URL_MAX);
	check_kind(longest, URL_NONE);
	check_kind("", URL_NONE);
	check_kind("https://", URL_NONE);
	check_kind("https:///x", URL_NONE);
	check_kind("http://?x", URL_NONE);
	check_kind("ftp://example.org/x", URL_NONE);
	check_kind("file:///etc/shadow", URL_NONE);
	check_kind("HTTPS://example.org", URL_NONE);
	check_kind("https://example.org/a b", URL_NONE);
	check_kind("https://example.org/\n", URL_NONE);
	check_kind("https://example.org/\\@x", URL_NONE);
	check_kind("http://127.0.0.1\\@example.org/", URL_NONE);
	check_kind("https://example.org/\"", URL_NONE);
	check_kind("https://ex\303\244mple.org/", URL_NONE);
	check_kind("debian/13", URL_NONE);
}

TEST(test_url_path_valid__stays_below_the_server)
{
	CHECK(url_path_valid("streams/v1/images.json"));
	CHECK(url_path_valid("images/debian/trixie/amd64/default/20261127_05:24/rootfs.tar.xz"));
	CHECK(url_path_valid("x"));
	CHECK(!url_path_valid(""));
	CHECK(!url_path_valid("/x"));
	CHECK(!url_path_valid("x/"));
	CHECK(!url_path_valid("x//y"));
	CHECK(!url_path_valid(".."));
	CHECK(!url_path_valid("x/../y"));
	CHECK(!url_path_valid("x/./y"));
	CHECK(!url_path_valid("x/.y"));
	CHECK(!url_path_valid("-x"));
	CHECK(!url_path_valid("x/-y"));
	CHECK(!url_path_valid("x?y"));
	CHECK(!url_path_valid("x#y"));
	CHECK(!url_path_valid("%2e%2e/y"));
	CHECK(!url_path_valid("a b"));
	CHECK(!url_path_valid("a\nb"));
	CHECK(!url_path_valid("a\\b"));
}

static void check_joined(const char *server, const char *path, const char *expected)
{
	char *joined = url_join(server, path);

	CHECK_STR(joined, expected);
	free(joined);
}

TEST(test_url_join__one_slash)
{
	check_joined("https://x", "a/b", "https://x/a/b");
	check_joined("https://x/", "a", "https://x/a");
	check_joined("https://x/y//", "a", "https://x/y/a");
}

/* USER: NULL for none. */
static void check_taken(const char *text, const char *expected, const char *expected_user)
{
	char address[64], *user, *joined;
	size_t i, len = strlen(text);

	if (!CHECK(len < sizeof(address)))
		return;
	memset(address, 'x', sizeof(address));
	memcpy(address, text, len + 1);
	user = url_take_user(address);
	CHECK_STR(address, expected);
	/* Nothing of the rest is left behind it. */
	for (i = strlen(address); i <= len; i++)
		CHECK(address[i] == '\0');
	CHECK(!user == !expected_user);
	if (!user)
		return;
	CHECK_STR(user, expected_user);
	joined = url_with_user(address, user);
	CHECK_STR(joined, text);
	free(joined);
	free(user);
}

TEST(test_url_take_user__what_stands_before_the_host_goes)
{
	check_taken("https://user:word@example.org:1/x@y", "https://example.org:1/x@y",
		    "user:word");
	check_taken("http://user@w@example.org?x@y", "http://example.org?x@y", "user@w");
	check_taken("https://example.org/x@y#z", "https://example.org/x@y#z", NULL);
	check_taken("./user@host.tar", "./user@host.tar", NULL);
	check_taken("https://user:pass|word@host", "https://host", "user:pass|word");
	check_taken("https://user:a/b|c@host/x", "https://host/x", "user:a/b|c");
	CHECK(url_user_valid("user:pass%7Cword"));
	CHECK(!url_user_valid("user:pass|word"));
	CHECK(!url_user_valid("user:pass\"word"));
	CHECK(!url_user_valid("user:pass/word"));
}

TEST(test_url_decode__only_two_digits_are_a_character)
{
	static const char *const rows[][2] = {
		{"", ""},   {"word", "word"}, {"a%20b%2Fc%2f", "a b/c/"}, {"%25%32", "%2"},
		{"%", "%"}, {"%4", "%4"},     {"%4g%g4", "%4g%g4"},       {"a%00b", "a"},
	};
	char text[32];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strcpy(text, rows[i][0]);
		url_decode(text);
		CHECK_STR(text, rows[i][1]);
	}
}
