# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Machines for the tests in this directory: Debian of any suite, with that
# suite's systemd and kernel, under QEMU. KVM is not needed. Sourced, then:
#
#	machine_needs
#		ends the script if the host lacks a program
#	machine_archive SUITE FILE [PACKAGE...]
#		makes the root filesystem, unless FILE is there
#	machine_unpack FILE DIR
#		unpacks it, and makes a machine of it
#	machine_sources DIR
#		copies the sources of lsl there, without anything that was built
#	machine_chroot DIR COMMAND...
#		runs COMMAND in it, without emulation
#	machine_disk DIR DISK MEGABYTES
#		makes its disk, and removes DIR
#	machine_boot DISK OUTPUT SECONDS
#		boots it once
#	machine_here DIR OUTPUT SECONDS
#		boots DIR once, without a disk or QEMU: on the host's kernel, in
#		namespaces, with no network but the loopback device
#
# The machine runs the script DIR/field/run when it has booted, and is off when
# that has ended. Its output is in OUTPUT, its exit status is machine_boot's:
# 124 means that SECONDS were over, 125 that the machine stopped before that.
# The kernel's messages are in DISK.console then. machine_here does the same.
#
# The host needs a network for machine_archive alone. The host is not changed:
# the caller chooses the place of each file, and mounts are in a separate
# namespace. Environment: LSL_MACHINE_CPUS (2), LSL_MACHINE_MEMORY (in MiB,
# 2048), and LSL_FIELD_MIRROR, Debian's archive (http://deb.debian.org/debian).

# "$0" is in this directory.
# shellcheck source=tests/lib/sources.sh
. "$(dirname "$0")/../lib/sources.sh"

machine_fail() {
	echo "${0##*/}: $*" >&2
	exit 1
}

machine_needs() {
	[ "$(id -u)" = 0 ] || machine_fail "this needs root: sudo $0"
	machine_missing=
	for program in mmdebstrap:mmdebstrap mke2fs:e2fsprogs qemu-system-x86_64:qemu-system-x86 unshare:util-linux; do
		PATH=$PATH:/sbin:/usr/sbin command -v "${program%:*}" >/dev/null ||
			machine_missing="$machine_missing ${program#*:}"
	done
	[ -z "$machine_missing" ] || machine_fail "install first:$machine_missing"
}

# machine_keyring DIR: prints options of mmdebstrap. A suite can be signed with
# keys that are younger than the host's keyring. Then the newest keyring package
# of the host's own suite has them, which apt verifies with the keys it has.
machine_keyring() {
	mkdir -p "$1"
	if (cd "$1" && apt-get -q -q download debian-archive-keyring) >/dev/null 2>&1; then
		dpkg-deb -x "$1"/debian-archive-keyring_*.deb "$1"
		echo "--keyring=$1/usr/share/keyrings"
	fi
}

# A suite's release alone: where support has ended, the lists of the security
# archive name packages which that no longer has. A release's lists can be older
# than they say they may be: a mirror that stands still does no harm here.
machine_archive() {
	suite=$1 file=$2
	shift 2
	[ ! -f "$file" ] || return 0
	include=systemd-sysv,linux-image-cloud-amd64,initramfs-tools,kmod,udev,dbus,libpam-systemd
	for package; do
		include=$include,$package
	done
	# shellcheck disable=SC2046,SC2016 # one option or none; the hook's own variable
	if mmdebstrap --variant=minbase --include="$include" $(machine_keyring "$file.keyring") \
		--aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
		--aptopt='Acquire::Retries "3"' --aptopt='APT::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"' \
		--essential-hook='printf "MODULES=list\nCOMPRESS=gzip\n" >"$1/etc/initramfs-tools/conf.d/machine"' \
		--essential-hook='printf "virtio_pci\nvirtio_blk\next4\n" >"$1/etc/initramfs-tools/modules"' \
		--format=tar "$suite" "$file.part" \
		"deb ${LSL_FIELD_MIRROR:-http://deb.debian.org/debian} $suite main" >"$file.log" 2>&1 </dev/null; then
		mv "$file.part" "$file"
		rm -rf "$file.log" "$file.keyring"
	else
		tail -n 20 "$file.log" >&2
		rm -rf "$file.part" "$file.keyring"
		machine_fail "mmdebstrap cannot make $suite"
	fi
}

# A machine has more than its packages: a disk, a name that resolves, and a
# service that runs /field/run. Timers would only take time from the tests.
machine_unpack() {
	mkdir -p "$2"
	tar -C "$2" --numeric-owner -xf "$1"
	echo "/dev/vda / ext4 defaults 0 0" >"$2/etc/fstab"
	echo machine >"$2/etc/hostname"
	echo "127.0.0.1 localhost machine" >"$2/etc/hosts"
	for unit in getty@tty1.service serial-getty@ttyS0.service apt-daily.timer apt-daily-upgrade.timer \
		dpkg-db-backup.timer e2scrub_all.timer fstrim.timer man-db.timer systemd-firstboot.service; do
		ln -sf /dev/null "$2/etc/systemd/system/$unit"
	done
	cat >"$2/etc/systemd/system/field.service" <<-'EOF'
		[Unit]
		After=dev-virtio\x2dports-field.device
		Wants=dev-virtio\x2dports-field.device
		[Service]
		ExecStart=/field/service
		IgnoreSIGPIPE=no
		[Install]
		WantedBy=multi-user.target
	EOF
	mkdir "$2/field"
	# The port is kept open: the host has all output when it is closed.
	cat >"$2/field/service" <<-'EOF'
		#!/bin/sh
		exec >/dev/virtio-ports/field 2>&1 </dev/null
		timeout 120 systemctl is-system-running --wait >/dev/null
		/field/run
		echo "/field/run: $?"
		sync
		exec systemctl --no-block --force poweroff
	EOF
	chmod 0755 "$2/field/service"
	mkdir -p "$2/etc/systemd/system/multi-user.target.wants"
	ln -s ../field.service "$2/etc/systemd/system/multi-user.target.wants/"
}

machine_sources() {
	mkdir -p "$1"
	sources_copy "$(cd "$(dirname "$0")/../.." && pwd -P)" "$1"
	chown -R 0:0 "$1"
}

machine_chroot() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount --pid --fork --kill-child /bin/sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount -t tmpfs tmpfs "$1/run" &&
		exec chroot "$@"' chroot "$@" </dev/null
}

machine_disk() {
	cp "$1"/boot/vmlinuz-* "$2.kernel"
	cp "$1"/boot/initrd.img-* "$2.initrd"
	rm -f "$1"/boot/*
	truncate -s "$3M" "$2"
	PATH=$PATH:/sbin:/usr/sbin mke2fs -q -F -t ext4 -d "$1" "$2"
	rm -rf "$1"
}

# machine_result STATUS OUTPUT: what machine_boot returns; STATUS is that of
# timeout(1).
machine_result() {
	[ "$1" != 124 ] || return 124
	machine_status=$(sed -n '$s,^/field/run: ,,p' "$2")
	sed -i '${\,^/field/run: ,d}' "$2"
	return "${machine_status:-125}"
}

machine_boot() {
	: >"$2"
	machine_status=0
	timeout -k 10 "$3" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi -cpu max \
		-smp "${LSL_MACHINE_CPUS:-2}" -m "${LSL_MACHINE_MEMORY:-2048}" -nodefaults -display none -no-reboot \
		-kernel "$1.kernel" -initrd "$1.initrd" \
		-append "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=0 panic=-1" \
		-drive "file=$1,if=virtio,format=raw,cache=unsafe" \
		-device virtio-rng-pci -serial "file:$1.console" \
		-device virtio-serial-pci -chardev "file,id=field,path=$2" -device virtserialport,chardev=field,name=field \
		</dev/null || machine_status=$?
	machine_result "$machine_status" "$2"
}

# systemd wants a cgroup of its own, and removes none of those below it.
machine_here() {
	: >"$2"
	machine_status=0
	machine_cgroup=$(findmnt -n -f -o TARGET -t cgroup2)/lsl-machine.$$
	mkdir "$machine_cgroup"
	sed -i '/^After=dev-/d; /^Wants=dev-/d' "$1/etc/systemd/system/field.service"
	# shellcheck disable=SC2016 # the inner shells'
	/bin/sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' here "$machine_cgroup" timeout -k 10 "$3" \
		unshare --mount --pid --uts --ipc --net --cgroup --fork --kill-child /bin/sh -euc '
		mount --make-rprivate /
		mount --bind "$1" "$1"
		cd "$1"
		mount -t proc proc proc
		mount -t sysfs sysfs sys
		mount -t cgroup2 cgroup2 sys/fs/cgroup
		mount -t tmpfs -o mode=0755 run run
		mount -t tmpfs -o mode=0755 dev dev
		mkdir dev/pts dev/shm dev/virtio-ports
		mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
		mount -t tmpfs -o mode=1777 shm dev/shm
		ln -s pts/ptmx dev/ptmx
		ln -s /proc/self/fd dev/fd
		for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 fuse:10:229; do
			number=${device#*:}
			mknod -m 0666 "dev/${device%%:*}" c "${number%:*}" "${number#*:}"
		done
		: >dev/virtio-ports/field
		mount --bind "$2" dev/virtio-ports/field
		ip link set lo up
		mkdir -p field/host
		pivot_root . field/host
		umount -l /field/host
		exec env -i container=lsl PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal
		' here "$1" "$2" </dev/null >/dev/null 2>&1 || machine_status=$?
	while [ -d "$machine_cgroup" ] && ! find "$machine_cgroup" -depth -type d -exec rmdir {} + 2>/dev/null; do
		sleep 0.2
	done
	machine_result "$machine_status" "$2"
}
