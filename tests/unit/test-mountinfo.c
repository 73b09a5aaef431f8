/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "mountinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "unit.h"

/* The values of a line of a mount table. */
struct sample {
	const char *line;
	int id, parent;
	const char *mount_point, *fs_type, *source;
	const char *propagation; /* initials of shared, slave, unbindable */
};

/*
 * First from machines: Debian, Fedora Silverblue, a laptop with NFS, Docker,
 * WSL, snapd, lsl itself.
 */
static const struct sample samples[] = {
	{"26 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard,resv_strict,resuid=65534\n", 26, 1,
	 "/", "ext4", "/dev/vda", ""},
	{"22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw\n", 22, 28,
	 "/sys", "sysfs", "sysfs", "s"},
	{"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n", 36, 35,
	 "/mnt2", "ext3", "/dev/root", "l"},
	{"62 1 0:33 /root / rw,relatime shared:1 - btrfs /dev/mapper/luks-3b2d-1 "
	 "rw,seclabel,compress=zstd:1,ssd,space_cache=v2,subvolid=258,subvol=/root\n",
	 62, 1, "/", "btrfs", "/dev/mapper/luks-3b2d-1", "s"},
	{"40 24 0:35 / /proc/sys/fs/binfmt_misc rw,relatime shared:19 - autofs systemd-1 "
	 "rw,fd=29,pgrp=1,timeout=0,minproto=5,maxproto=5,direct,pipe_ino=18236\n",
	 40, 24, "/proc/sys/fs/binfmt_misc", "autofs", "systemd-1", "s"},
	{"512 62 0:57 / /home/me rw,relatime shared:260 - nfs4 [2001:db8::1]:/export/home "
	 "rw,vers=4.2,rsize=1048576,addr=2001:db8::1\n",
	 512, 62, "/home/me", "nfs4", "[2001:db8::1]:/export/home", "s"},
	{"611 589 0:52 / / rw,relatime master:209 - overlay overlay "
	 "rw,lowerdir=/var/lib/docker/overlay2/l/ABC:/var/lib/docker/overlay2/l/DEF\n",
	 611, 589, "/", "overlay", "overlay", "l"},
	{"118 65 0:47 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000\n",
	 118, 65, "/mnt/c", "9p", "C:\\", ""},
	{"333 25 0:4 mnt:[4026532617] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw\n", 333, 25,
	 "/run/snapd/ns/lxd.mnt", "nsfs", "nsfs", ""},
	{"700 26 0:4 mnt:[4026532290] /run/subsys/debian rw shared:5 - nsfs nsfs rw\n", 700, 26,
	 "/run/subsys/debian", "nsfs", "nsfs", "s"},
	{"701 26 0:61 / /subsysbin ro,nosuid,nodev,noexec,relatime shared:88 - fuse.lslfs lslfs "
	 "ro,user_id=0,group_id=0,default_permissions,allow_other\n",
	 701, 26, "/subsysbin", "fuse.lslfs", "lslfs", "s"},
	{"802 26 8:1 /old/dir//deleted /mnt/x rw - ext4 /dev/sda1 rw\n", 802, 26, "/mnt/x", "ext4",
	 "/dev/sda1", ""},
	/* Octal escapes are undone. */
	{"1 2 3:4 / /a\\040b\\011c\\012d\\134e rw - t /dev/x\\040y rw", 1, 2, "/a b\tc\nd\\e", "t",
	 "/dev/x y", ""},
	{"1 2 3:4 / /\\047\\077 rw - t \\177\\100\\007 rw", 1, 2, "/'?", "t", "\177@\007", ""},
	{"1 2 3:4 / /\\040 rw - t //server/my\\040\\043share rw", 1, 2, "/ ", "t",
	 "//server/my #share", ""},
	{"1 2 3:4 / /\\134040 rw - t \\134\\134 rw", 1, 2, "/\\040", "t", "\\\\", ""},
	{"1 2 3:4 / /\\303\\274 rw - t \303\274 rw", 1, 2, "/\303\274", "t", "\303\274", ""},
	/* Other backslashes stay. */
	{"1 2 3:4 / /\\ rw - t \\x rw", 1, 2, "/\\", "t", "\\x", ""},
	{"1 2 3:4 / /\\04 rw - t \\0 rw", 1, 2, "/\\04", "t", "\\0", ""},
	{"1 2 3:4 / /\\048 rw - t \\09 rw", 1, 2, "/\\048", "t", "\\09", ""},
	{"1 2 3:4 / /\\400 rw - t \\777 rw", 1, 2, "/\\400", "t", "\\777", ""},
	{"1 2 3:4 / /\\\\040 rw - t \\", 1, 2, "/\\ ", "t", "\\", ""},
	/* Unknown optional fields are skipped. */
	{"1 2 3:4 / /m rw shared:1 master:2 propagate_from:3 - t s rw", 1, 2, "/m", "t", "s", "sl"},
	{"1 2 3:4 / /m rw unbindable - t s rw", 1, 2, "/m", "t", "s", "u"},
	{"1 2 3:4 / /m rw master:2 propagate_from:3 unbindable - t s rw", 1, 2, "/m", "t", "s",
	 "lu"},
	{"1 2 3:4 / /m rw color:red x -- -x idmapped shared:9 - t s rw", 1, 2, "/m", "t", "s", "s"},
	{"1 2 3:4 / /m rw xshared:1 shared master unbindable:1 - t s rw", 1, 2, "/m", "t", "s", ""},
	/*
	 * mount(2) with "" for a source, and a mount's own options that look
	 * like the others.
	 */
	{"1 2 3:4 / /m rw - tmpfs  rw,size=4k", 1, 2, "/m", "tmpfs", "", ""},
	{"1 2 3:4 / /m shared:1 - t s shared:2", 1, 2, "/m", "t", "s", ""},
	{"1 2 3:4 / /m unbindable - t - -", 1, 2, "/m", "t", "-", ""},
	{"1 2 3:4 - - rw - - none rw", 1, 2, "-", "-", "none", ""},
	{"0 0 0:0 / / rw - t s rw", 0, 0, "/", "t", "s", ""},
	{"2147483647 1 0:0 / / rw - t s rw", 2147483647, 1, "/", "t", "s", ""},
};

/* Parses a copy of LINE with exactly its length. */
static char *parsed;

static int parse(const char *line, struct mountinfo *mount)
{
	free(parsed);
	parsed = strdup(line);
	if (!parsed)
		abort();
	memset(mount, 'x', sizeof(*mount));
	return mountinfo_parse(parsed, mount);
}

static void forget_parsed(void)
{
	free(parsed);
	parsed = NULL;
}

static void check_sample(const struct sample *sample)
{
	struct mountinfo mount;

	if (!CHECK_INT(parse(sample->line, &mount), 0)) {
		printf("%s\n", sample->line);
		return;
	}
	CHECK_INT(mount.id, sample->id);
	CHECK_INT(mount.parent, sample->parent);
	CHECK_STR(mount.mount_point, sample->mount_point);
	CHECK_STR(mount.fs_type, sample->fs_type);
	CHECK_STR(mount.source, sample->source);
	CHECK_INT(mount.is_shared, strchr(sample->propagation, 's') != NULL);
	CHECK_INT(mount.is_slave, strchr(sample->propagation, 'l') != NULL);
	CHECK_INT(mount.is_unbindable, strchr(sample->propagation, 'u') != NULL);
}

TEST(test_mountinfo_parse__takes_lines_apart)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		check_sample(&samples[i]);
	forget_parsed();
}

TEST(test_mountinfo_parse__knows_the_device)
{
	struct mountinfo mount;

	CHECK_INT(parse("1 2 0:61 / /m rw - t s rw", &mount), 0);
	CHECK(mount.device == makedev(0, 61));
	CHECK_INT(parse("1 2 4095:1048575 / /m rw - t s rw", &mount), 0);
	CHECK(mount.device == makedev(4095, 1048575));
	forget_parsed();
}

TEST(test_mountinfo_parse__does_not_care_about_errno)
{
	struct mountinfo mount;

	errno = ERANGE;
	CHECK_INT(parse("1 2 3:4 / /m rw - t s rw", &mount), 0);
	forget_parsed();
}

TEST(test_mountinfo_parse__refuses_garbage)
{
	static const char *const lines[] = {
		"",
		"\n",
		" ",
		"garbage",
		"1",
		"1 2",
		"1 2 3:4",
		"1 2 3:4 /",
		"1 2 3:4 / /m",
		"1 2 3:4 / /m rw",
		"1 2 3:4 / /m rw shared:1",
		"1 2 3:4 / /m rw -",
		"1 2 3:4 / /m rw - t",
		"1 2 3:4 / /m rw t s rw",
		"1 2 3:4 / /m rw\n- t s rw",
		"a 2 3:4 / /m rw - t s rw",
		"1 b 3:4 / /m rw - t s rw",
		"1x 2 3:4 / /m rw - t s rw",
		"-1 2 3:4 / /m rw - t s rw",
		"0x1 2 3:4 / /m rw - t s rw",
		"1 2 3 / /m rw - t s rw",
		"1 2 3: / /m rw - t s rw",
		"1 2 :4 / /m rw - t s rw",
		"1 2 x:4 / /m rw - t s rw",
		"1 2 3:x / /m rw - t s rw",
		"1 2 3:4:5 / /m rw - t s rw",
		"2147483648 2 3:4 / /m rw - t s rw",
		"99999999999999999999 2 3:4 / /m rw - t s rw",
		"# 2 3:4 / /m rw - t s rw",
	};
	struct mountinfo mount;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!CHECK_INT(parse(lines[i], &mount), -EINVAL))
			printf("%s\n", lines[i]);
	forget_parsed();
}

/*
 * Whole tables.
 */

struct visits {
	char text[4096];
	int left; /* so many visits, and the last one returns ENOUGH */
};

#define ENOUGH 42

static int note(const struct mountinfo *mount, void *arg)
{
	struct visits *visits = arg;

	strcat(visits->text, mount->mount_point);
	strcat(visits->text, "|");
	errno = ENOENT; /* as some call of a visitor's may leave it */
	return --visits->left == 0 ? ENOUGH : 0;
}

/*
 * The result of mountinfo_visit for TEXT, with at most COUNT visits, recorded
 * in VISITS.
 */
static int visit(const char *text, int count, struct visits *visits)
{
	FILE *file = tmpfile();
	int status;

	if (!file || fputs(text, file) < 0)
		abort();
	rewind(file);
	*visits = (struct visits){.left = count};
	errno = EBADF;
	status = mountinfo_visit(file, note, visits);
	fclose(file);
	return status;
}

static const char table[] = "1 0 3:4 / / rw shared:1 - t s rw\n"
			    "2 1 3:4 / /a\\040b rw - t s rw\n"
			    "3 1 3:4 / /a rw - t s rw\n"
			    "4 3 3:4 / /a rw - t s rw\n";

/* The result of at most COUNT visits, and the mounts that were visited. */
static const struct {
	const char *text;
	int count, status;
	const char *visited;
} tables[] = {
	{table, 0, 0, "/|/a b|/a|/a|"},
	{"1 0 3:4 / /no/newline rw - t s rw", 0, 0, "/no/newline|"},
	{"", 0, 0, ""},
	/* It stops at the visitor's word. */
	{table, 1, ENOUGH, "/|"},
	{table, 3, ENOUGH, "/|/a b|/a|"},
	{table, 4, ENOUGH, "/|/a b|/a|/a|"},
	/* It does not pass over a line that it cannot read. */
	{"1 0 3:4 / / rw - t s rw\ngarbage\n2 0 3:4 / /a rw - t s rw\n", 0, -EINVAL, "/|"},
	{"\n", 0, -EINVAL, ""},
};

TEST(test_mountinfo_visit__visits_all_in_order)
{
	struct visits visits;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		CHECK_INT(visit(tables[i].text, tables[i].count, &visits), tables[i].status);
		if (!CHECK_STR(visits.text, tables[i].visited))
			printf("%s\n", tables[i].text);
	}
}

TEST(test_mountinfo_visit__takes_a_line_of_any_length)
{
	size_t len = 3000;
	char *text = malloc(2 * len + 200), *end = text;
	struct visits visits;

	if (!text)
		abort();
	end += sprintf(end, "1 0 3:4 / /");
	memset(end, 'm', len);
	end += len;
	end += sprintf(end, " rw - overlay o rw,lowerdir=");
	memset(end, 'l', len);
	strcpy(end + len, "\n2 1 3:4 / /a rw - t s rw\n");
	CHECK_INT(visit(text, 0, &visits), 0);
	CHECK_INT(strlen(visits.text), len + 2 + 3);
	CHECK_STR(visits.text + len + 2, "/a|");
	free(text);
}

TEST(test_mountinfo_visit__says_when_it_cannot_be_read)
{
	struct visits visits = {.left = 0};
	FILE *file = fopen("/", "r");

	if (!CHECK(file))
		return;
	CHECK_INT(mountinfo_visit(file, note, &visits), -EISDIR);
	CHECK_STR(visits.text, "");
	fclose(file);
}

/* It exists wherever the table can be read; "/" does not, in a chroot. */
static int is_proc(const struct mountinfo *mount, void *arg)
{
	(void)arg;
	return strcmp(mount->mount_point, "/proc") == 0 && strcmp(mount->fs_type, "proc") == 0;
}

static int count_all(const struct mountinfo *mount, void *arg)
{
	CHECK(mount->id > 0 && mount->parent >= 0);
	CHECK(mount->mount_point[0] == '/' && mount->fs_type[0] != '\0');
	++*(int *)arg;
	return 0;
}

static int count_lines(FILE *file)
{
	int c, count = 0;

	rewind(file);
	while ((c = getc(file)) != EOF)
		count += c == '\n';
	rewind(file);
	return count;
}

TEST(test_mountinfo_visit__reads_this_machines)
{
	FILE *file = fopen("/proc/self/mountinfo", "r");
	int count = 0;

	if (!file) {
		SKIP("there is no /proc/self/mountinfo");
		return;
	}
	CHECK_INT(mountinfo_visit(file, is_proc, NULL), 1);
	rewind(file);
	CHECK_INT(mountinfo_visit(file, count_all, &count), 0);
	CHECK(count > 0);
	CHECK_INT(count, count_lines(file));
	fclose(file);
}
