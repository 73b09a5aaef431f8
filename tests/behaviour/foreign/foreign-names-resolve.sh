#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Foreign programs resolve the names of hosts: with the C library's own
# resolver, under the emulator, over UDP and TCP, by the hosts file and by DNS,
# and by a new server as soon as the host's /etc/resolv.conf changes. The test
# has an architecture with the host's byte order and word size, and one with
# neither.
. "$(dirname "$0")/../../lib/lib.sh"
. "$tests/lib/foreign.sh"
needs perl nsenter

# A separate network, with two name servers.
unshare --net sleep 1000 &
network=/proc/$!/ns/net
in_network() {
	nsenter --net="$network" -- "$@"
}
retry sh -c "[ \"\$(readlink $network)\" != \"\$(readlink /proc/self/ns/net)\" ]"
in_network busybox ip link set lo up
for n in 1 2; do
	in_network perl "$tests/helpers/foreign/dns" 127.0.0.$n "$W/log$n" &
	retry grep -q ready "$W/log$n"
done

# has_server ADDRESS: every container uses it.
has_server() {
	for rootfs in arm64 mips; do
		[ "$(cat "$T/rootfs/$rootfs/etc/resolv.conf")" = "nameserver $1" ] || return 1
	done
}

# resolving_rootfs DIRECTORY COMPILER: a program and the C library it needs.
resolving_rootfs() {
	mkdir -p "$1/bin" "$1/lib" "$1/etc"
	"$2" -O2 -o "$1/bin/resolve" "$tests/helpers/foreign/resolve.c"
	loader=$(LC_ALL=C readelf -l "$1/bin/resolve" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
	mkdir -p "$1${loader%/*}"
	for library in "${loader##*/}" libc.so.6 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2; do
		file=$("$2" -print-file-name="$library")
		[ ! -f "$file" ] || cp -L "$file" "$1/lib"
	done
	[ -e "$1$loader" ] || cp -L "$("$2" -print-file-name="${loader##*/}")" "$1$loader"
	echo "hosts: files dns" >"$1/etc/nsswitch.conf"
	printf '127.0.0.1 localhost\n203.0.113.9 filed\n' >"$1/etc/hosts"
}
resolving_rootfs "$T/rootfs/arm64" aarch64-linux-gnu-gcc
resolving_rootfs "$T/rootfs/mips" mips-linux-gnu-gcc
container arm64 bins=/bin "interpreter=$(emulator aarch64)" "mnt=$W/resolv.conf:/etc/resolv.conf"
container mips bins=/bin "interpreter=$(emulator mips)" "mnt=$W/resolv.conf:/etc/resolv.conf"
echo "nameserver 127.0.0.1" >"$W/resolv.conf"
gives "lsl start" 0 "" "" lsl start

many=$(seq 1 200 | sed 's/^/198.51.100./' | sort | sed 's/^/ /' | tr -d '\n')
for name in arm64 mips; do
	resolve() {
		for host; do
			echo "$host"
		done | in_network timeout 60 runuser -u alice -- "$EXECUTOR" "$name" resolve
	}
	is "$name: by DNS, IPv4 and IPv6" "$(resolve one.test)" "one.test: 192.0.2.1 2001:db8::1"
	is "$name: by the hosts file" "$(resolve filed)" "filed: 203.0.113.9"
	is "$name: a name that does not exist" "$(resolve nosuch.test)" "nosuch.test: (Name or service not known)"
	: >"$W/log1"
	is "$name: an answer that is too large for UDP" "$(resolve many.test)" "many.test:$many"
	is "$name: ... comes over TCP" "$(grep -o '^[a-z]* many.test 1$' "$W/log1" | sort -u | tr '\n' ' ')" "tcp many.test 1 udp many.test 1 "
	echo "hosts: files" >"$T/rootfs/$name/etc/nsswitch.conf"
	is "$name: nsswitch.conf without dns" "$(resolve filed one.test | tr '\n' ' ')" "filed: 203.0.113.9 one.test: (Name or service not known) "
	echo "hosts: dns" >"$T/rootfs/$name/etc/nsswitch.conf"
	is "$name: nsswitch.conf without files" "$(resolve filed one.test | tr '\n' ' ')" "filed: (Name or service not known) one.test: 192.0.2.1 2001:db8::1 "

	# A running program, while the host replaces the file by rename, as its
	# tools do.
	echo "nameserver 127.0.0.1" >"$W/resolv.conf"
	mkfifo "$W/names"
	in_network "$EXECUTOR" $name resolve <"$W/names" >"$W/answers" &
	exec 7>"$W/names"
	echo one.test >&7
	retry grep -q . "$W/answers"
	echo "nameserver 127.0.0.2" >"$W/resolv.new"
	mv "$W/resolv.new" "$W/resolv.conf"
	retry has_server 127.0.0.2
	echo one.test >&7
	exec 7>&-
	wait $!
	is "$name: /etc/resolv.conf replaced while the program runs" "$(tr '\n' ' ' <"$W/answers")" \
		"one.test: 192.0.2.1 2001:db8::1 one.test: 192.0.2.2 2001:db8::1 "
	rm "$W/names" "$W/answers"
	echo "nameserver 127.0.0.1" >"$W/resolv.conf"
	retry has_server 127.0.0.1
done
gives "lsl stop" 0 "" "" lsl stop
