#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attack: execute a privileged program so that the kernel gives it half of its
# privilege, or that of another namespace. Origin: CVE-2018-18955 (user
# namespaces), CVE-2013-1858 (clone with CLONE_FS and CLONE_NEWUSER),
# no_new_privs and nosuid.
#
# Without all of its privilege lslExecutor enters nothing, and says why. Files
# that a user makes in the user's own namespaces give nothing on the host.
variants="setuid filecaps sanitizers"
. "$(dirname "$0")/../lib/lib.sh"
needs strace

helper caller
container debian
lsl start
echo secret >"$T/secret"
chmod 0600 "$T/secret"

# refused WHAT CMD...
refused() {
	what=$1
	shift
	run "$@"
	is "$what: 125, and nothing runs" "$status$out" 125
	like "$what: it says why" "$err" "lslExecutor: no privilege to enter debian: *"
}

refused "with no_new_privs" as_user setpriv --no-new-privs "$EXECUTOR" debian echo ran
refused "in a process that shares its root with another" as_user "$W/caller" share-fs "$EXECUTOR" lslExecutor debian echo ran
refused "traced by its user" as_user strace -qq -o /dev/null -e trace=none "$EXECUTOR" debian echo ran
if as_user unshare -U -r true 2>/dev/null; then
	refused "in a user namespace" as_user unshare -U -r "$EXECUTOR" debian echo ran
	refused "... in which the user is nobody" as_user unshare -U "$EXECUTOR" debian echo ran

	# Everything that a user can make there: a state directory with the
	# user's own namespace.
	cat >"$W/build" <<-EOC
		mount -t tmpfs tmpfs '$T/run' || exit 0
		mkdir -p '$MNTDIR' && cd /
		sed 's/^name=.*/name=own/' <'$W/record' >'$MNTDIR/own:record'
		: >'$MNTDIR/own'
		for try in 1 2 3 4 5 6 7 8; do
			unshare -m --propagation private sleep 1000 &
			until [ "\$(readlink /proc/\$!/ns/mnt)" != "\$(readlink /proc/self/ns/mnt)" ]; do sleep 0.02; done
			mount --bind "/proc/\$!/ns/mnt" '$MNTDIR/own' 2>/dev/null && break
			kill \$!
		done
		'$EXECUTOR' own cat '$T/secret'
		'$EXECUTOR' own sh -c 'chown 0 "$W/mine" && cat "$T/secret"; cat /proc/1/environ'
		kill \$!
	EOC
	cp "$MNTDIR/debian:record" "$W/record"
	touch "$W/mine"
	run as_user unshare -U -r -m --propagation private sh "$W/build"
	is "in namespaces of a user's own nothing of the host's is seen" "$(printf %s "$out" | grep -c -e secret -e '=')" 0
fi
gives "otherwise it runs" 0 ran "" as_user "$EXECUTOR" debian echo ran
