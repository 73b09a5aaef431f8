/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "menus/menureader.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "menus/desktopentry.h"
#include "dirstream.h"
#include "inroot.h"
#include "files/inroot_file.h"
#include "lsl.h"
#include "menus/menufiles.h"
#include "menus/menutree.h"
#include "monotonic.h"
#include "search.h"
#include "base/wholeio.h"

/*
 * The limits for one container: names that are read, entries that are taken,
 * bytes of all its files.
 */
#define NAMES_MAX 50000
#define ENTRIES_MAX 2000
#define BYTES_MAX (24L * 1024 * 1024)

#define ENTRY_MAX (256L * 1024)
#define ICON_MAX (1024L * 1024)

/* Enough for "kde/settings" and a little more. */
#define DEPTH_MAX 3

/*
 * Changes are handled after so many milliseconds without a further change, or
 * when they have continued for so long.
 */
#define QUIET_MS 300
#define BUSY_MS 2000

#define EVENTS                                                                              \
	(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

/*
 * The directories in which programs install shared files. A file in the first
 * one hides the same file in the second.
 */
static const char *const bases[] = {"/usr/local/share", "/usr/share"};

static const char *const image_kinds[] = {".png", ".svg", ".xpm"};

struct reader {
	const char *name;
	int root;
	struct record_list bins;
	int tree, part;
	int inotify;

	/* One look. */
	struct menufiles files;
	void *icons; /* their names, a tree of tsearch(3) */
	long names_left, entries_left, bytes_left;
	bool is_cut_short;
	bool has_complained;
};

/* A directory that is read. */
struct menu_place {
	struct reader *reader;
	const char *from; /* in the container */
	const char *to; /* in the part */
	int depth;
};

static bool take_one(struct reader *reader, long *left, long count)
{
	if (*left < count) {
		reader->is_cut_short = true;
		return false;
	}
	*left -= count;
	return true;
}

/*
 * By the working directory, because no path leads there. Then it leaves that,
 * because it would keep the mount in use.
 */
static void watch_menu_directory(const struct reader *reader, int dir)
{
	if (fchdir(dir) == 0)
		(void)inotify_add_watch(reader->inotify, ".", EVENTS | IN_MASK_ADD);
	if (fchdir(reader->tree) < 0)
		_exit(1);
}

/*
 * Opens the directory PATH of the container and watches it. An fd or a negative
 * errno.
 */
static int open_watched(const struct reader *reader, const char *path)
{
	int fd = inroot_open(reader->root, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);

	if (fd >= 0)
		watch_menu_directory(reader, fd);
	return fd;
}

/*
 * Watches PATH and the directories above it, as far as they exist, because each
 * of them may be replaced.
 */
static void watch_way(const struct reader *reader, const char *path)
{
	char here[PATH_MAX];
	char *slash;
	int fd;

	if (strlen(path) >= sizeof(here))
		return;
	strcpy(here, path);
	do {
		fd = open_watched(reader, *here ? here : "/");
		if (fd >= 0)
			close(fd);
		slash = strrchr(here, '/');
		if (slash)
			*slash = '\0';
	} while (slash);
}

/* Calls FILE with each plain name in PLACE's directory. */
static void read_directory(struct menu_place *place,
			   void (*file)(struct menu_place *place, const char *name))
{
	DIR *dir = dirstream_of(open_watched(place->reader, place->from));
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)) && take_one(place->reader, &place->reader->names_left, 1))
		if (desktopentry_name_is_plain(entry->d_name))
			file(place, entry->d_name);
	closedir(dir);
}

/*
 * Reads the regular file at PATH in the container, if it is no larger than
 * LIMIT. The caller frees *BYTES, which has a NUL after it.
 */
static int read_container_file(const struct reader *reader, const char *path, size_t limit,
			       char **bytes, size_t *size)
{
	int fd = inroot_open_regular(reader->root, path);
	ssize_t n = -1;
	struct stat st;

	if (fd < 0)
		return fd;
	*bytes = NULL;
	if (fstat(fd, &st) == 0 && st.st_size <= (off_t)limit) {
		*bytes = malloc((size_t)st.st_size + 1);
		n = *bytes ? wholeio_read(fd, *bytes, (size_t)st.st_size) : -1;
	}
	close(fd);
	if (n < 0) {
		free(*bytes);
		return -EIO;
	}
	(*bytes)[n] = '\0';
	*size = (size_t)n;
	return 0;
}

static void put_file(struct reader *reader, const char *path, const void *bytes, size_t size)
{
	int status;

	if (!take_one(reader, &reader->bytes_left, (long)size))
		return;
	status = menufiles_put(&reader->files, path, bytes, size);
	if (status == 0 || status == -EEXIST || reader->has_complained)
		return;
	reader->has_complained = true;
	lsl_say("%s: cannot write its menu entries: %s", reader->name, strerror(-status));
}

/*
 * Icons.
 */

static int compare_menus(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The length of NAME without the suffix of an image. */
static size_t stem_length(const char *name)
{
	size_t i, len = strlen(name), end = strlen(image_kinds[0]);

	for (i = 0; i < sizeof(image_kinds) / sizeof(image_kinds[0]) && len > end; i++)
		if (strcmp(name + len - end, image_kinds[i]) == 0)
			return len - end;
	return len;
}

/*
 * Whether the contents of the file NAME match its suffix: it may be a link to
 * any file of the container.
 */
static bool is_image(const char *name, const char *bytes, size_t size)
{
	static const char png[] = "\211PNG\r\n\032\n", xpm[] = "/* XPM */";
	const char *kind = name + stem_length(name);

	if (strcmp(kind, ".png") == 0)
		return size >= 8 && memcmp(bytes, png, 8) == 0;
	if (strcmp(kind, ".xpm") == 0)
		return size >= sizeof(xpm) - 1 && memcmp(bytes, xpm, sizeof(xpm) - 1) == 0;
	return strcmp(kind, ".svg") == 0 && bytes[strspn(bytes, " \t\r\n\357\273\277")] == '<' &&
	       strstr(bytes, "<svg") != NULL;
}

/*
 * Copies the file FROM of the container to TO, if it is an icon. 0 or a
 * negative errno.
 */
static int copy_icon(struct reader *reader, const char *from, const char *to)
{
	size_t size;
	char *bytes;
	int status = read_container_file(reader, from, ICON_MAX, &bytes, &size);

	if (status < 0)
		return status;
	status = is_image(to, bytes, size) ? 0 : -EINVAL;
	if (status == 0)
		put_file(reader, to, bytes, size);
	free(bytes);
	return status;
}

/*
 * Whether an entry names the icon in the file NAME, or the icon whose symbolic
 * form that is.
 */
static bool is_wanted_icon(const struct reader *reader, const char *name)
{
	static const char symbolic[] = "-symbolic";
	char stem[NAME_MAX + 1];
	size_t len = stem_length(name), end = sizeof(symbolic) - 1;

	if (!name[len])
		return false;
	memcpy(stem, name, len);
	stem[len] = '\0';
	if (len > end && strcmp(stem + len - end, symbolic) == 0)
		stem[len - end] = '\0';
	return tfind(stem, &reader->icons, compare_menus) != NULL;
}

static void take_icon_file(struct menu_place *place, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!is_wanted_icon(place->reader, name))
		return;
	snprintf(from, sizeof(from), "%s/%s", place->from, name);
	snprintf(to, sizeof(to), "%s/%s", place->to, name);
	(void)copy_icon(place->reader, from, to);
}

/* NAME is a size of a theme, such as 48x48. */
static void take_icon_size(struct menu_place *place, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct menu_place apps = {place->reader, from, to, 0};

	snprintf(from, sizeof(from), "%s/%s/apps", place->from, name);
	snprintf(to, sizeof(to), "%s/%s/apps", place->to, name);
	read_directory(&apps, take_icon_file);
}

static void take_icons(struct reader *reader)
{
	char from[PATH_MAX];
	struct menu_place place = {.reader = reader, .from = from};
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		snprintf(from, sizeof(from), "%s/icons/hicolor", bases[i]);
		place.to = MENUTREE_ICONS "/hicolor";
		read_directory(&place, take_icon_size);
		snprintf(from, sizeof(from), "%s/icons", bases[i]);
		place.to = MENUTREE_ICONS;
		read_directory(&place, take_icon_file);
		snprintf(from, sizeof(from), "%s/pixmaps", bases[i]);
		place.to = MENUTREE_PIXMAPS;
		read_directory(&place, take_icon_file);
	}
}

/* The callbacks of desktopentry.h. */

static int find_named_icon(const char *name, void *arg)
{
	struct reader *reader = arg;
	char *stem = strndup(name, stem_length(name));

	if (!stem)
		return -ENOMEM;
	if (tfind(stem, &reader->icons, compare_menus) ||
	    !tsearch(stem, &reader->icons, compare_menus))
		free(stem);
	return 0;
}

/* Whether PATH is below the icons or the pixmaps of a base, by its spelling. */
static bool is_icon_path(const char *path)
{
	size_t i, len;

	if (strstr(path, "/.."))
		return false;
	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		len = strlen(bases[i]);
		if (strncmp(path, bases[i], len) == 0 && (strncmp(path + len, "/icons/", 7) == 0 ||
							  strncmp(path + len, "/pixmaps/", 9) == 0))
			return true;
	}
	return false;
}

static int find_icon(const char *path, char name[NAME_MAX + 1], void *arg)
{
	const char *file = strrchr(path, '/') + 1;
	char to[PATH_MAX];
	int status;

	if (!is_icon_path(path) || !desktopentry_name_is_plain(file) || strlen(file) > NAME_MAX)
		return -EINVAL;
	snprintf(to, sizeof(to), MENUTREE_PIXMAPS "/%s", file);
	status = copy_icon(arg, path, to);
	if (status < 0)
		return status;
	snprintf(name, NAME_MAX + 1, "%.*s", (int)stem_length(file), file);
	return 0;
}

/*
 * WORD is a program's name, or its path in the container. A path must be that
 * of the command with this name.
 */
static int find_menu_program(const char *word, char name[NAME_MAX + 1], void *arg)
{
	const struct reader *reader = arg;
	const char *slash = strrchr(word, '/');
	const char *base = slash ? slash + 1 : word;
	struct stat meant, found;
	char path[PATH_MAX];
	int status = -EINVAL;

	if ((slash && word[0] != '/') || !command_program_valid(base))
		return status;
	status = search_find(inroot_stat, reader->root, reader->bins, base, path, sizeof(path));
	if (status == 0 && slash) {
		status = inroot_stat(reader->root, word, &meant);
		if (status == 0)
			status = inroot_stat(reader->root, path, &found);
		if (status == 0 && (meant.st_dev != found.st_dev || meant.st_ino != found.st_ino))
			status = -ENOENT;
	}
	if (status == 0)
		strcpy(name, base);
	return status;
}

/*
 * Entries.
 */

/* Puts the entry TEXT at PATH; CLASH is its id if that is taken, or NULL. */
static int put_entry(struct reader *reader, const char *text, size_t size, const char *clash,
		     const char *path)
{
	const struct desktopentry_source source = {
		.container = reader->name,
		.program = find_menu_program,
		.icon = find_icon,
		.named_icon = find_named_icon,
		.arg = reader,
	};
	char *copy = malloc(size + 1), *written = NULL;
	size_t written_size = 0;
	FILE *file = copy ? open_memstream(&written, &written_size) : NULL;
	int status = file ? 0 : -ENOMEM;

	if (copy)
		memcpy(copy, text, size + 1);
	if (file) {
		status = desktopentry_rewrite(copy, size, &source, clash, file);
		if (fclose(file) != 0)
			status = -ENOMEM;
	}
	if (status == 0)
		put_file(reader, path, written, written_size);
	free(written);
	free(copy);
	return status;
}

/* BELOW is the entry's path below a directory of entries. */
static void take_entry(struct reader *reader, const char *from, const char *below)
{
	char plain[PATH_MAX], clash[PATH_MAX];
	const char *id = strrchr(below, '/');
	size_t size;
	char *text;

	if (snprintf(plain, sizeof(plain), MENUTREE_APPLICATIONS "/%s", below) >= PATH_MAX ||
	    snprintf(clash, sizeof(clash), MENUTREE_CLASHES "/%s", below) >= PATH_MAX ||
	    menufiles_has(&reader->files, plain) || reader->entries_left == 0 ||
	    read_container_file(reader, from, ENTRY_MAX, &text, &size) < 0)
		return;
	if (put_entry(reader, text, size, NULL, plain) == 0 &&
	    put_entry(reader, text, size, id ? id + 1 : below, clash) == 0)
		take_one(reader, &reader->entries_left, 1);
	free(text);
}

static bool is_entry_name(const char *name)
{
	static const char suffix[] = ".desktop";
	size_t len = strlen(name), end = sizeof(suffix) - 1;

	return len > end && strcmp(name + len - end, suffix) == 0;
}

static void take_entry_or_directory(struct menu_place *place, const char *name)
{
	char from[PATH_MAX], below[PATH_MAX];
	struct menu_place child = {place->reader, from, below, place->depth + 1};

	if (snprintf(from, sizeof(from), "%s/%s", place->from, name) >= PATH_MAX ||
	    snprintf(below, sizeof(below), "%s%s%s", place->to, *place->to ? "/" : "", name) >=
		    PATH_MAX)
		return;
	if (is_entry_name(name))
		take_entry(place->reader, from, below);
	else if (child.depth < DEPTH_MAX)
		read_directory(&child, take_entry_or_directory);
}

static void take_entries(struct reader *reader)
{
	char from[PATH_MAX];
	struct menu_place place = {.reader = reader, .from = from, .to = ""};
	size_t i;

	for (i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		snprintf(from, sizeof(from), "%s/applications", bases[i]);
		watch_way(reader, from);
		read_directory(&place, take_entry_or_directory);
	}
}

/* Reading, and waiting for changes. */

/*
 * The entry of a removed program goes too; the host's entries decide about
 * clashes.
 */
static void watch_others(const struct reader *reader)
{
	const char *bin;
	size_t i;

	for (bin = reader->bins.first; bin != reader->bins.end; bin = record_next(bin))
		watch_way(reader, bin);
	for (i = 0; i < 2; i++)
		(void)inotify_add_watch(reader->inotify, menutree_host_entries[i], EVENTS);
}

static void read_applications(struct reader *reader)
{
	reader->files = (struct menufiles){.dir = reader->part};
	reader->icons = NULL;
	reader->names_left = NAMES_MAX;
	reader->entries_left = ENTRIES_MAX;
	reader->bytes_left = BYTES_MAX;
	watch_others(reader);
	take_entries(reader);
	take_icons(reader);
	menufiles_sweep(&reader->files);
	menufiles_end(&reader->files);
	tdestroy(reader->icons, free);
	if (reader->is_cut_short && !reader->has_complained) {
		lsl_say("%s has more than %d menu entries, or more than %ld MiB of them: the rest is left out",
			reader->name, ENTRIES_MAX, BYTES_MAX >> 20);
		reader->has_complained = true;
	}
}

/* Waits until something has changed, and no further change comes. */
static void wait_for_change(const struct reader *reader)
{
	struct pollfd poll_fd = {.fd = reader->inotify, .events = POLLIN};
	char events[4096];
	long deadline = 0;
	int timeout = -1;

	while (poll(&poll_fd, 1, timeout) != 0) {
		if (read(reader->inotify, events, sizeof(events)) < 0 && errno != EINTR)
			_exit(1);
		timeout = QUIET_MS;
		if (deadline && monotonic_ms() > deadline)
			break;
		deadline = deadline ? deadline : monotonic_ms() + BUSY_MS;
	}
}

_Noreturn void menureader_run(const char *name, int root, struct record_list bins, int tree)
{
	struct reader reader = {.name = name, .root = root, .bins = bins, .tree = tree};
	int status = 0;

	reader.part = menutree_open_part(tree, name);
	while (status == 0 && reader.part >= 0) {
		/* It watches before it reads, so that it misses no change. */
		reader.inotify = inotify_init1(IN_CLOEXEC);
		status = reader.inotify < 0 ? -errno : 0;
		if (status == 0) {
			read_applications(&reader);
			status = menutree_publish(tree);
			wait_for_change(&reader);
			close(reader.inotify);
		}
	}
	lsl_say("%s: its programs are not in the menus: %s", name,
		strerror(status < 0 ? -status : -reader.part));
	_exit(1);
}
