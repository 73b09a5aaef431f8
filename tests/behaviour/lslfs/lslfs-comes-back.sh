#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# When the server of the command directory dies, of any cause, the commands are
# back within a second. Shells in the directory and programs in the containers
# do not notice. When the supervisor dies, its server dies too, and a service
# manager or the next lsl start replaces them. After repeated deaths the
# supervisor gives up, and the log says so once. If the daemon does not answer,
# lsl start replaces it and lsl stop ends it.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs perl pgrep pkill killall

container debian
program "$T/rootfs/debian/bin/tool" 'echo ran'
lsl start
debian:sleep 1000 &
sleeper=$!
# A process that has ended and was not waited for has no such file.
runs_on() {
	[ "$(readlink "/proc/$sleeper/exe")" = /bin/busybox ]
}
retry runs_on

# A shell in the directory, and another one in the container's.
mkfifo "$W/in" "$W/in2"
(cd "$LINKSDIR" && exec sh <"$W/in" >>"$W/said" 2>&1) &
(cd "$LINKSDIR/debian" && exec sh <"$W/in2" >>"$W/said2" 2>&1) &
exec 8>"$W/in" 9>"$W/in2"
shells_work() {
	: >"$W/said"
	: >"$W/said2"
	echo 'readlink debian:tool; ls . | grep -cx debian:tool' >&8
	echo 'readlink tool; ls . | grep -cx tool' >&9
	retry grep -qx 1 "$W/said" && retry grep -qx 1 "$W/said2"
	[ "$(tr '\n' ' ' <"$W/said") $(tr '\n' ' ' <"$W/said2")" = "$MNTDIR/:lslExecutor 1  $MNTDIR/:lslExecutor 1 " ]
}
ok "the directory can be a shell's working directory" shells_work

ok "the daemon is a supervisor and a server" retry lslfs_is_whole
# Without CAP_SYS_RESOURCE root cannot set that, and neither can we.
lowest=$(sh -c 'echo -1000 >/proc/self/oom_score_adj; cat /proc/self/oom_score_adj' 2>/dev/null)
for pid in $(lslfs_pids); do
	is "the out-of-memory killer takes everybody else first" "$(cat "/proc/$pid/oom_score_adj")" "$lowest"
done

# back CMD...: executes CMD, which kills, and prints how many milliseconds later
# a command is listed and found. A request that waits may get an error. One
# process looks, because the many of a shell take most of a second by themselves
# on a slow machine.
cat >"$W/back" <<'EOF'
	use strict;
	use Time::HiRes qw(sleep time);
	my ($dir, @command) = @ARGV;

	sub is_back {
		opendir my $handle, $dir or return;
		my $listed = grep { $_ eq "debian:tool" } readdir $handle;
		return $listed && -l "$dir/debian:tool";
	}

	my $began = time;
	if ($command[0] eq "kill") { kill @command[1 .. $#command] } else { system @command }
	until (is_back) {
		die "not at all\n" if time - $began > 60;
		sleep 0.002;
	}
	printf "%d\n", 1000 * (time - $began);
EOF

# after WHAT CMD...: the commands are back within a second after CMD, which
# kills. Otherwise "$late" says so.
late=
slowest=0
after() {
	what=$1
	shift
	if took=$(perl "$W/back" "$LINKSDIR" "$@" 2>&1); then
		[ "$took" -lt 1000 ] || late="$late $what: after $took ms;"
		[ "$took" -le "$slowest" ] || slowest=$took
	else
		late="$late $what: $took;"
	fi
	debian:tool >/dev/null || late="$late $what: the command does not run;"
	retry lslfs_is_whole || late="$late $what: not two processes;"
}

# Waits for one that is just being replaced.
server() {
	retry pgrep -x lslfs-server && pgrep -x lslfs-server
}
# Requests of an earlier server are sent again since Linux 6.9. Before, the
# directory is mounted anew.
resends() {
	[ "$(printf '%s\n' 6.9 "$(uname -r)" | sort -V | head -n 1)" = 6.9 ]
}
supervisor=$(lslfs_supervisor)
for round in $(seq 14); do
	after "round $round" kill KILL "$(server)"
done
is "the server is killed 14 times in a row: back within a second ($slowest ms at most)" "$late" ""
is "... by the same supervisor" "$(lslfs_supervisor)" "$supervisor"
if resends; then
	ok "... and the shells still work" shells_work
else
	skip_check "... and the shells still work" "Linux before 6.9 sends nothing again"
fi

# A killed thread may still take a request. So the server is killed while two
# processes send requests. A process that waits for more than ten seconds waits
# forever.
cat >"$W/ask" <<'EOF'
	use strict;
	use POSIX ":sys_wait_h";
	use Time::HiRes qw(sleep);
	my ($dir, $rounds) = @ARGV;

	sub named {
		my %named;
		for my $process (glob "/proc/[0-9]*") {
			open my $comm, "<", "$process/comm" or next;
			my $name = <$comm> // next;
			chomp $name;
			push @{$named{$name}}, $process =~ s,.*/,,r;
		}
		return map { scalar @{$named{$_} // []} == 1 ? $named{$_}[0] : () } "mount.lslfs", "lslfs-server";
	}

	sub whole {
		my @daemon;
		for (1 .. 5000) {
			@daemon = named();
			return @daemon if @daemon == 2;
			sleep 0.002;
		}
		die "not two processes\n";
	}

	sub ask {
		close STDOUT;
		close STDERR;
		lstat "$dir/debian:" . join("-", @_, $_) for 1 .. 40;
		exit 0;
	}

	for my $round (1 .. $rounds) {
		my (undef, $server) = whole();
		my @askers;
		for my $id (1, 2) {
			my $asker = fork // die "fork: $!";
			ask($round, $id) if $asker == 0;
			push @askers, $asker;
		}
		sleep rand 0.003;
		kill "KILL", $server;
		for (1 .. 10000) {
			@askers = grep waitpid($_, WNOHANG) == 0, @askers or last;
			sleep 0.001;
		}
		die "round $round: no answer\n" if @askers;
	}
EOF
is "nobody waits forever for what a dead server has taken with it, 50 times" "$(perl "$W/ask" "$LINKSDIR" 50 2>&1)" ""
late=
after "pkill -x" pkill -KILL -x lslfs-server
after "killall" killall -KILL lslfs-server
for signal in TERM INT HUP; do
	sleep 1 # what dies sooner does not count as one that worked
	after "$signal" pkill -$signal -x lslfs-server
done
is "a signal of any kind to the server" "$late" ""
for signal in SEGV ABRT SYS; do
	sleep 1 # what dies sooner does not count as one that worked
	after "$signal" kill "$signal" "$(server)"
done
is "a crash of the server" "$late" ""
if resends; then
	ok "the shells still work" shells_work
fi
is "the directory is mounted once" "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" 1
ok "a running program has not noticed" runs_on
exec 8>&- 9>&-

if resends; then
# Half a listing before, half after: the first request of the new server.
is "a listing of a directory that was opened before begins after" "$(perl -e '
	opendir(my $dir, $ARGV[0]) or die; kill "KILL", $ARGV[1]; print join("\n", sort readdir $dir), $! ? " $!" : ""' \
	"$LINKSDIR/debian" "$(lslfs_server)")" "$(ls -a "$LINKSDIR/debian" | LC_ALL=C sort)"
is "a listing that began before it continues" "$(perl -e '
	opendir(my $dir, $ARGV[0]) or die; my %names; $names{readdir $dir}++ for 1 .. 3;
	kill "KILL", $ARGV[1];
	while (defined(my $name = readdir $dir)) { $names{$name}++ }
	print grep($_ != 1, values %names) ? "twice" : join("\n", sort keys %names)' "$LINKSDIR/debian" "$(lslfs_server)")" \
	"$(ls -a "$LINKSDIR/debian" | LC_ALL=C sort)"
fi

end $sleeper
gives "lsl stop cleans up as ever" 0 "" "" lsl stop
ok "no daemon is left" retry no_lslfs
not_ok "no mount is left" is_mounted "$LINKSDIR"

# If something always kills the server, the supervisor must give up.
lsl start
log_to "$W/log"
lsl stop
lsl start
for _ in $(seq 2000); do
	pkill -SEGV -x lslfs-server || pgrep -x mount.lslfs >/dev/null || break
	sleep 0.01
done
ok "a server that crashes again and again is given up" no_lslfs
not_ok "... nothing is left on the mount point: a PATH search continues after it" is_mounted "$LINKSDIR"
is "... and the log says so once" "$(lines 'given up')" 1
ok "lsl start mounts it again" lsl start
ok "... and commands run" debian:tool

# However the supervisor dies, no server stays without one.
for signal in KILL SEGV; do
	kill -$signal "$(lslfs_supervisor)"
	ok "SIG$signal: the server dies with its supervisor" retry no_lslfs
	not_ok "... the directory is dead" ls "$LINKSDIR"
	gives "... lsl start mounts it again" 0 "" "" lsl start
	ok "... once" [ "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" = 1 ]
	ok "... and commands run" debian:tool
done
kill_lslfs
run lsl stop
is "with all of it killed, lsl stop cleans up" "$status" 0
ok "... leaving no mount" retry sh -c "! findmnt '$LINKSDIR'"

# It does not answer, and never will. A lookup of a new name waits for it.
lsl start
hang_lslfs() {
	hung=$(lslfs_pids)
	# shellcheck disable=SC2086 # words
	hold $hung
	ls "$LINKSDIR/debian:no-$1" >/dev/null 2>&1 &
	waiter=$!
	retry has_requests "$LINKSDIR"
}
# A stopped process ends when it continues.
let_it_end() {
	# shellcheck disable=SC2086 # words
	kill -CONT $hung
	for pid in $hung; do
		retry eval "! kill -0 $pid" || return 1
	done
}
hang_lslfs one
gives "lsl start replaces one that does not answer" 0 "" "lsl: the daemon of $LINKSDIR does not answer; it is replaced" \
	lsl start
ok "... a waiting process continues" retry eval "! kill -0 $waiter"
ok "... commands run" debian:tool
ok "... the old one ends when it can" let_it_end
is "... and leaves the new one alone" "$(debian:tool; findmnt -rno TARGET | grep -cx "$LINKSDIR")" "ran
1"
hang_lslfs two
gives "lsl stop unmounts one that does not answer" 0 "" "" lsl stop
ok "... a waiting process continues" retry eval "! kill -0 $waiter"
not_ok "... no mount is left" is_mounted "$LINKSDIR"
ok "... and no process, when it can end" let_it_end

# Like a service manager.
lsl start
umount "$LINKSDIR"
retry no_lslfs
(while [ -e "$W/in" ]; do "$HELPER" --foreground lslfs "$LINKSDIR" 2>"$W/manager" || :; done) &
# Cached names of a dead mount can be looked up, but not listed.
works() {
	[ "$(ls "$LINKSDIR" | grep -cx debian:tool) $(debian:tool) $(findmnt -rno TARGET | grep -cx "$LINKSDIR")" = "1 ran 1" ]
}
are_gone() {
	for pid in $1; do [ ! -e "/proc/$pid/exe" ] || return 1; done
}
retry works
for round in 1 2 3; do
	dead=$(lslfs_pids)
	strike_lslfs
	retry are_gone "$dead"
	ok "round $round: a service manager's restart replaces the dead mount" retry works
done
rm "$W/in"
lsl stop
ok "it ends with lsl stop there too" retry no_lslfs
