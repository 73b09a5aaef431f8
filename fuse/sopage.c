/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Compressed pages are served unchanged, with one exception. A page that only
 * refers to another one is a single line, which gzip(1) compresses to a block
 * with fixed codes (RFC 1951, 3.2.6). So the decompressor here knows only such
 * blocks, and the result is written as a stored block.
 */
#include "config.h"

#include "sopage.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GZIP_HEADER 10
#define GZIP_TRAILER 8
#define HAS_NAME 8 /* in the header's flags */
#define END_OF_BLOCK 256

/* The bits of a deflated text, and the decompressed text. */
struct inflation {
	const unsigned char *in;
	size_t size, bit; /* in bytes; the next bit */
	char *out;
	size_t count;
};

bool sopage_name_valid(const char *name)
{
	static const char others[] = "._+:@,=~%^[]-";
	const char *at;

	if (name[0] == '.' || name[0] == '-' || !strchr(name, '.'))
		return false;
	for (at = name; *at; at++)
		if (!((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
		      (*at >= '0' && *at <= '9') || strchr(others, *at)))
			return false;
	return at - name <= NAME_MAX;
}

/* Returns COUNT bits, the first one lowest; negative after the end. */
static int take_bits(struct inflation *inflation, int count)
{
	int i, bits = 0;

	for (i = 0; i < count; i++, inflation->bit++) {
		if (inflation->bit / 8 >= inflation->size)
			return -EINVAL;
		bits |= (inflation->in[inflation->bit / 8] >> inflation->bit % 8 & 1) << i;
	}
	return bits;
}

/* Returns the bits of a code, the first one highest. */
static int take_code(struct inflation *inflation, int code, int count)
{
	int bit;

	while (code >= 0 && count-- > 0) {
		bit = take_bits(inflation, 1);
		code = bit < 0 ? bit : code << 1 | bit;
	}
	return code;
}

/* Returns a byte, END_OF_BLOCK, or the code of a length. */
static int take_symbol(struct inflation *inflation)
{
	int code = take_code(inflation, 0, 7);

	if (code <= 0x17)
		return code < 0 ? code : 256 + code;
	code = take_code(inflation, code, 1);
	if (code >= 0x30 && code <= 0xbf)
		return code - 0x30;
	if (code >= 0xc0 && code <= 0xc7)
		return 280 + code - 0xc0;
	code = take_code(inflation, code, 1);
	return code < 0 ? code : 144 + code - 0x190;
}

/* How many bytes SYMBOL, the code of a length, repeats. */
static int take_length(struct inflation *inflation, int symbol)
{
	int code = symbol - 265, count = code / 4 + 1, more;

	if (symbol < 265)
		return symbol - 257 + 3;
	if (symbol > 284)
		return -EINVAL;
	more = take_bits(inflation, count);
	return more < 0 ? more : ((4 + code % 4) << count) + 3 + more;
}

/* The distance back to these bytes. */
static int take_distance(struct inflation *inflation)
{
	int code = take_code(inflation, 0, 5), count = code / 2 - 1, more;

	if (code < 4)
		return code < 0 ? code : code + 1;
	if (code > 29)
		return -EINVAL;
	more = take_bits(inflation, count);
	return more < 0 ? more : ((2 + code % 2) << count) + 1 + more;
}

static int copy_earlier(struct inflation *inflation, int symbol)
{
	int length = take_length(inflation, symbol);
	int distance = length < 0 ? length : take_distance(inflation);
	char *to = inflation->out + inflation->count;

	if (distance < 0 || (size_t)distance > inflation->count)
		return -EINVAL;
	if (inflation->count + (size_t)length > SOPAGE_MAX)
		return -EFBIG;
	inflation->count += (size_t)length;
	for (; length > 0; length--, to++)
		*to = to[-distance];
	return 0;
}

/* Decodes the last block, of fixed codes. Returns 0 or a negative errno. */
static int inflate_line(struct inflation *inflation)
{
	int symbol, status = 0;

	if (take_bits(inflation, 1) != 1 || take_bits(inflation, 2) != 1)
		return -EINVAL;
	while (status == 0) {
		symbol = take_symbol(inflation);
		if (symbol < 0 || symbol == END_OF_BLOCK)
			return symbol < 0 ? symbol : 0;
		if (symbol > END_OF_BLOCK)
			status = copy_earlier(inflation, symbol);
		else if (inflation->count < SOPAGE_MAX)
			inflation->out[inflation->count++] = (char)symbol;
		else
			status = -EFBIG;
	}
	return status;
}

/*
 * Decompresses BYTES of gzip(1), if they are a single line; a NUL follows TEXT.
 */
static bool decompress(const char *bytes, size_t size, char text[SOPAGE_MAX + 1])
{
	const unsigned char *head = (const unsigned char *)bytes;
	struct inflation inflation = {.out = text};
	size_t start = GZIP_HEADER;

	if (size < GZIP_HEADER + GZIP_TRAILER || head[0] != 0x1f || head[1] != 0x8b ||
	    head[2] != 8 || (head[3] & ~HAS_NAME))
		return false;
	if (head[3] & HAS_NAME)
		start += strnlen(bytes + start, size - start) + 1;
	if (start + GZIP_TRAILER > size)
		return false;
	inflation.in = head + start;
	inflation.size = size - start - GZIP_TRAILER;
	if (inflate_line(&inflation) < 0)
		return false;
	text[inflation.count] = '\0';
	return true;
}

static uint32_t checksum(const char *text, size_t size)
{
	uint32_t sum = UINT32_MAX;
	int bit;

	while (size--) {
		sum ^= (unsigned char)*text++;
		for (bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xedb88320U : 0);
	}
	return ~sum;
}

static char *put_number(char *to, uint32_t number, int bytes)
{
	for (; bytes > 0; bytes--, number >>= 8)
		*to++ = (char)(number & 0xff);
	return to;
}

/* Returns TEXT as a file of gzip(1); NULL without memory. */
static char *compress(const char *text, size_t length, size_t *size)
{
	static const char head[GZIP_HEADER] = {0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
	char *bytes = malloc(GZIP_HEADER + 5 + length + GZIP_TRAILER), *to = bytes;

	if (!bytes)
		return NULL;
	memcpy(to, head, GZIP_HEADER);
	to += GZIP_HEADER;
	*to++ = 1; /* the last block, which is stored */
	to = put_number(to, (uint32_t)length, 2);
	to = put_number(to, ~(uint32_t)length, 2);
	memcpy(to, text, length);
	to = put_number(to + length, checksum(text, length), 4);
	to = put_number(to, (uint32_t)length, 4);
	*size = (size_t)(to - bytes);
	return bytes;
}

/*
 * Whether LINE is a request ".so"; roff(7) also permits blanks after the dot.
 */
static bool is_so(const char *line)
{
	if (*line != '.' && *line != '\'')
		return false;
	line += 1 + strspn(line + 1, " \t");
	return strncmp(line, "so", 2) == 0 &&
	       (line[2] == ' ' || line[2] == '\t' || line[2] == '\n');
}

/*
 * Prints the page that LINE, a request of LEN bytes, names, by its name in the
 * command directory. Prints nothing if LINE names no page.
 */
static void print_so(FILE *file, const char *line, size_t len, const char *container,
		     const char *section)
{
	char text[SOPAGE_MAX + 1], *word, *name, *directory, *save;
	char here[16];

	snprintf(text, sizeof(text), "%.*s", (int)len, line);
	word = strstr(text, "so") + 2;
	word = strtok_r(word, " \t\r", &save);
	if (!word)
		return;
	name = strrchr(word, '/');
	directory = here;
	snprintf(here, sizeof(here), "man%s", section);
	if (name) {
		*name++ = '\0';
		directory = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
		if (strncmp(directory, "man", 3) != 0)
			directory = here;
	} else {
		name = word;
	}
	if (sopage_name_valid(name) &&
	    strspn(directory, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(directory))
		fprintf(file, ".so %s/%s:%s\n", directory, container, name);
}

/*
 * Returns TEXT with its requests rewritten, and sets *LENGTH to the length of
 * the result. NULL without memory.
 */
static char *rewrite_lines(const char *text, const char *container, const char *section,
			   size_t *length)
{
	char *result = NULL;
	FILE *file = open_memstream(&result, length);
	size_t len;

	if (!file)
		return NULL;
	for (; *text; text += len) {
		len = strcspn(text, "\n");
		if (is_so(text))
			print_so(file, text, len, container, section);
		len += text[len] == '\n';
		if (!is_so(text))
			fwrite(text, 1, len, file);
	}
	if (fclose(file) == 0)
		return result;
	free(result);
	return NULL;
}

static bool has_so(const char *text)
{
	for (; text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL)
		if (is_so(text))
			return true;
	return false;
}

/* Turns the request at AT into a comment. */
static void comment(char *at)
{
	at[0] = '.';
	at[1] = '\\';
	at[2] = '"';
}

/* A comment takes no more room than ".so" does. */
static void comment_out(char *bytes, size_t size)
{
	char *at, *end = bytes + size;

	for (at = bytes; at && end - at >= 4; at = memchr(at, '\n', (size_t)(end - at))) {
		at += *at == '\n';
		if (end - at >= 4 && is_so(at))
			comment(at);
	}
}

static bool is_compressed(const char *name)
{
	static const char *const endings[] = {".gz",   ".bz2", ".xz", ".zst",
					      ".lzma", ".lz",  ".Z",  ".z"};
	const char *ending = strrchr(name, '.');
	size_t i;

	for (i = 0; ending && i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcmp(ending, endings[i]) == 0)
			return true;
	return false;
}

int sopage_rewrite(char **bytes, size_t *size, const char *container, const char *section,
		   const char *name)
{
	char text[SOPAGE_MAX + 1], *rewritten, *result;
	bool is_packed = is_compressed(name);
	size_t length;

	if (*size > SOPAGE_MAX) {
		if (!is_packed)
			comment_out(*bytes, *size);
		return 0;
	}
	if (is_packed && !decompress(*bytes, *size, text))
		return 0;
	if (!is_packed)
		snprintf(text, sizeof(text), "%.*s", (int)*size, *bytes);
	if (!has_so(text))
		return 0;
	rewritten = rewrite_lines(text, container, section, &length);
	result = rewritten;
	if (rewritten && is_packed) {
		result = compress(rewritten, length, &length);
		free(rewritten);
	}
	if (!result)
		return -ENOMEM;
	free(*bytes);
	*bytes = result;
	*size = length;
	return 0;
}
