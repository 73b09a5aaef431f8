#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A program can appear in many ways. After each of them the next lookup and the
# next listing find it, even if its name was looked up before. It can disappear
# in many ways, too: then the next listing does not have it, and lookups soon do
# not find it. A change that causes no event is seen after 10 seconds.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs perl

bins="/first;/linked/bin;/later/bin;/covered;/opt;/usr/bin;/single/tool"
container debian "path=$T/rootfs/debian" "bins=$bins"
root=$T/rootfs/debian
mkdir -p "$root/first" "$root/opt" "$root/covered" "$root/usr/bin" "$root/a/bin" "$root/b/bin" "$root/single" \
	"$root/elsewhere" "$root/lower" "$root/tmp" "$root/etc"
ln -s a "$root/linked"
cp "$(command -v busybox)" "$root/usr/bin/busybox"
ln "$root/usr/bin/busybox" "$root/usr/bin/sh"
ln "$root/usr/bin/busybox" "$root/usr/bin/mount"
program "$root/original" 'echo ran'
lsl start

# look yes|no NAME FIRST: the results for every user, in one process: the lookup
# and the listing of both directories. In each of the four orders, because the
# first look counts.
of=debian
look() {
	perl -e '
		my ($links, $of, $wanted, $name, $first) = @ARGV;
		sub listed { opendir(my $d, $_[0]) or return "no directory"; scalar grep { $_ eq $_[1] } readdir $d }
		my @looks = (
			["lookup of $of:$name", sub { lstat("$links/$of:$name") ? 1 : 0 }],
			["lookup of $of/$name", sub { lstat("$links/$of/$name") ? 1 : 0 }],
			["listing", sub { listed($links, "$of:$name") }],
			["listing of $of", sub { listed("$links/$of", $name) }]);
		for my $i (0 .. 3) {
			my ($what, $look) = @{$looks[($first + $i) % 4]};
			print "$what: ", $look->() ? "there" : "not there", "; " if !!$look->() ne ($wanted eq "yes");
		}' "$LINKSDIR" "$of" "$1" "$2" "$3"
}

# appears WHAT NAME COME GO: COME and GO are commands. Four times, so that each
# kind of look is once the first one.
appears() {
	what=$1 name=$2 come=$3 go=$4 wrong=
	for first in 0 1 2 3; do
		wrong="$wrong$(look no "$name" $first)"
		eval "$come"
		wrong="$wrong$(look yes "$name" $first | sed 's/^./after: &/')"
		eval "$go"
		# Listings first, because they are always right; lookups depend
		# on invalidation.
		wrong="$wrong$(look no "$name" $((2 + first % 2)) | sed 's/lookup of [^;]*; //g; s/^./gone: &/')"
		retry $soon "$name" || wrong="$wrong $name is still found"
	done
	is "$what" "$wrong" ""
}

not_found() {
	[ -z "$(look no "$1" 0)" ]
}
forgotten() {
	echo 2 >/proc/sys/vm/drop_caches
	not_found "$1"
}
soon=not_found

opt=$root/opt
put() {
	rm -rf "$1"
	cp "$root/original" "$1"
}
appears "a program that is created" new 'put "$opt/new"' 'rm "$opt/new"'
# The daemon cannot invalidate the name in an older kernel, which keeps it for
# 10 seconds. They have passed.
linux_is 6.16 || soon=forgotten
appears "dpkg: new.dpkg-new, renamed; removed" new \
	'put "$opt/new.dpkg-new"; chmod 0755 "$opt/new.dpkg-new"; mv "$opt/new.dpkg-new" "$opt/new"' 'rm "$opt/new"'
not_found new.dpkg-new || fail "new.dpkg-new is not left"
appears "dpkg: an upgrade by way of new.dpkg-tmp" new \
	'echo x >"$opt/new"; put "$opt/new.dpkg-new"; ln "$opt/new" "$opt/new.dpkg-tmp"; mv "$opt/new.dpkg-new" "$opt/new"; rm "$opt/new.dpkg-tmp"' \
	'rm "$opt/new"'
appears "rpm: new;6543210f, made executable, renamed" new \
	': >"$opt/new;6543210f"; cat "$root/original" >"$opt/new;6543210f"; chmod 0755 "$opt/new;6543210f"; mv "$opt/new;6543210f" "$opt/new"' \
	'mv "$opt/new" "$opt/new-RPMDELETE"; rm "$opt/new-RPMDELETE"'
appears "pacman: extracted in place, mode last" new \
	'rm -f "$opt/new"; cat "$root/original" >"$opt/new"; chown 0:0 "$opt/new"; touch -d @1 "$opt/new"; chmod 0755 "$opt/new"' 'rm "$opt/new"'
appears "a hard link" new 'ln "$root/original" "$opt/new"' 'rm "$opt/new"'
appears "a symbolic link to a program" new 'ln -s /original "$opt/new"' 'rm "$opt/new"'
appears "chmod +x; chmod -x" new '[ -e "$opt/new" ] || put "$opt/new"; chmod 0755 "$opt/new"' 'chmod 0644 "$opt/new"'
rm "$opt/new"
appears "moved here; moved away" new 'put "$root/tmp/new"; mv "$root/tmp/new" "$opt/new"' 'mv "$opt/new" "$root/tmp/new"'
appears "replaced by a file that cannot be executed" new 'put "$opt/new"' 'echo x >"$opt/x"; mv "$opt/x" "$opt/new"'
rm "$opt/new"
appears "replaced by a directory" new 'put "$opt/new"' 'rm "$opt/new"; mkdir "$opt/new"; rmdir "$opt/new"'
appears "exchanged for a file that cannot be executed" new 'put "$opt/new"' 'echo x >"$opt/x"; mv "$opt/new" "$opt/y"; mv "$opt/x" "$opt/new"; rm "$opt/y"'
rm "$opt/new"
appears "a single file of bins" tool 'put "$root/single/tool"' 'rm "$root/single/tool"'
appears "a directory of bins that comes later" late 'mkdir -p "$root/later/bin"; put "$root/later/bin/late"' 'rm -r "$root/later"'
appears "a directory of bins that is moved into place; moved away" late \
	'mkdir -p "$root/tmp/later/bin"; put "$root/tmp/later/bin/late"; mv "$root/tmp/later" "$root/later"' \
	'mv "$root/later" "$root/tmp/later2"; rm -r "$root/tmp/later2"'
put "$root/b/bin/only-b"
appears "a directory of bins by way of a link that then leads elsewhere" only-b \
	'ln -s b "$root/tmp/l"; mv -T "$root/tmp/l" "$root/linked"' 'ln -s a "$root/tmp/l"; mv -T "$root/tmp/l" "$root/linked"'
put "$root/elsewhere/mounted"
appears "a directory that is mounted over bins, on the host" mounted \
	'mount --bind "$root/elsewhere" "$root/covered"' 'umount "$root/covered"'
inside() {
	nsenter --mount="$MNTDIR/debian" "$@"
}
appears "a directory that is mounted over bins, in the container" mounted \
	'inside /usr/bin/busybox mount -o bind /elsewhere /covered' 'inside /usr/bin/busybox umount /covered'
configure() {
	printf '[debian]\npath=%s\nbins=%s\n' "$root" "$1" >"$CONFIG"
	lsl start
}
put "$root/elsewhere/configured"
appears "bins that are configured, with lsl start" configured 'configure "/elsewhere;$bins"' 'configure "$bins"'

# Which of two programs with the same name is meant. The executor itself looks;
# but it must be asked.
program "$root/opt/both" 'echo opt'
is "of two the first is meant" "$(debian:both)" opt
program "$root/first/both" 'echo first'
is "one that comes before it is, at once" "$(debian:both)" first
chmod 0644 "$root/first/both"
is "... and when that cannot be executed, the other one again" "$(debian:both)" opt
put "$root/first/both"
rm "$root/opt/both"
is "... nor a later one" "$(look yes both 0)" ""

# A change that causes no inotify event is seen by a lookup that begins 10
# seconds later. How long a lookup takes, and so when the next one begins,
# depends on the machine.
now() {
	date +%s%3N
}
# eventually WHAT yes|no NAME SINCE: looks until all answers are right. The last
# wrong lookup must have begun in time.
eventually() {
	what=$1 wanted=$2 name=$3 since=$4 wrong=$4 began=$(now)
	while [ -n "$(look "$wanted" "$name" 0)" ] && [ $((began - since)) -lt 20000 ]; do
		wrong=$began
		sleep 0.2
		began=$(now)
	done
	late=
	[ $((wrong - since)) -le 11000 ] || late=", too late"
	is "$what" "wrong in time$late" "wrong in time"
	echo "# ... the last wrong look began $((wrong - since)) ms after"
}
mkdir "$root/etc/alternatives"
put "$root/elsewhere/editor.one"
ln -s /elsewhere/editor.one "$root/etc/alternatives/editor"
ln -s /etc/alternatives/editor "$opt/editor"
ok "alternatives: it is listed" test -z "$(look yes editor 2)"
rm "$root/elsewhere/editor.one"
eventually "a link whose target goes elsewhere" no editor "$(now)"
put "$root/elsewhere/editor.one"
gone=$(now)
is "... comes back: a lookup sees it at once" "$(look yes editor 0 | sed 's/listing[^;]*; //g')" ""
eventually "... a listing" yes editor "$gone"

# The old listing is used again shortly before its time is over: for a reader of
# the other directory, and for readers of the same one while the first reader
# pauses in the middle.
of=many
mkdir -p "$T/rootfs/many/bin" "$T/rootfs/many/targets"
put "$T/rootfs/many/program"
perl -e '
	for my $name (map { "a-program-with-a-rather-long-name-$_" } 1 .. 2000) {
		link("$ARGV[0]/program", "$ARGV[0]/targets/$name") or die;
		symlink("/targets/$name", "$ARGV[0]/bin/$name") or die;
	}' "$T/rootfs/many"
container many "path=$T/rootfs/many" "bins=/bin"
lsl start
mkfifo "$T/pausing"
# Three times, because a listing that is read before the kernel has dropped its
# old names is not kept.
perl -e '
	my ($name, @held);
	for (1 .. 3) {
		opendir(my $d, $ARGV[0]) or die;
		do { $name = readdir $d } while ($name !~ /^a-program/);
		push @held, $d;
		select(undef, undef, undef, 0.3);
	}
	$| = 1;
	print "$name\n";
	sleep 1000;' "$LINKSDIR/many" >"$T/pausing" &
pausing=$!
read -r name <"$T/pausing"
rm "$T/rootfs/many/targets/$name"
gone=$(now)
sleep 4
ls "$LINKSDIR" >/dev/null
sleep 2
ls "$LINKSDIR/many" >/dev/null
eventually "it goes while somebody lists slowly, and others list" no "$name" "$gone"
kill "$pausing"
wait "$pausing" || :
of=debian

mkdir "$root/upper" "$root/work"
put "$root/lower/from-lower"
mount -t tmpfs tmpfs "$root/upper" 2>/dev/null
mkdir "$root/upper/u" "$root/upper/w"
if mount -t overlay -o "lowerdir=$root/lower,upperdir=$root/upper/u,workdir=$root/upper/w" overlay "$root/covered" 2>/dev/null; then
	is "an overlay over bins" "$(look yes from-lower 2)" ""
	put "$root/lower/behind"
	written=$(now)
	is "written directly into its layer: a lookup sees it at once" "$(look yes behind 0 | sed 's/listing[^;]*; //g')" ""
	eventually "... a listing" yes behind "$written"
	rm "$root/lower/from-lower"
	ok "removed directly from its layer: no longer listed, in time" \
		retry sh -c "! ls '$LINKSDIR/debian' | grep -qx from-lower"
	# A lookup in the overlay itself may still find it.
	as_inside() {
		inside=0 listed=0
		"$EXECUTOR" debian sh -c 'test -e "/covered/$0"' from-lower || inside=1
		test -h "$LINKSDIR/debian:from-lower" || listed=1
		[ $inside = $listed ]
	}
	ok "... and looked up with the same result as inside" retry as_inside
	umount "$root/covered"
else
	skip_check "an overlay over bins" "no overlay here"
fi
lsl stop
