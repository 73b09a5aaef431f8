# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# The packages that the scripts here need. Sourced, then one of:
#
#	packages_install build tour	what the tour needs
#	packages_install build test	what the tests need
#
# On Debian and its derivatives root installs the missing ones that the release
# has; a test that needs another one is skipped and says so. Otherwise it prints
# the line to type, and the script ends, unless it can build with the installed
# ones.

packages_of_debian() {
	case $1 in
	build) echo autoconf automake gcc make pkg-config libc6-dev musl-tools libfuse3-dev libcap-dev \
		libseccomp-dev libinih-dev libcap2-bin ;;
	tour) echo busybox-static curl jq mmdebstrap xz-utils ;;
	test) echo acl attr bash-completion binutils bsdutils bubblewrap busybox-static bzip2 clang clang-format clang-tidy \
		cmake cppcheck curl desktop-file-utils distro-info-data docker-registry fish fuse3 g++ gcc-aarch64-linux-gnu \
		gcc-mips-linux-gnu git gpg gpg-agent htop iproute2 j4-dmenu-desktop jq less libc6-dbg libc6-dev-arm64-cross \
		libc6-dev-mips-cross libclang-rt-dev libglib2.0-bin llvm login man-db mandoc mmdebstrap nodejs \
		opendoas openssl passwd perl procps psmisc python3 qemu-user qemu-user-static shellcheck skopeo strace sudo systemd tmux \
		twm umoci util-linux-extra valgrind vim x11-apps x11-utils xvfb xz-utils zsh zstd ;;
	esac
}

packages_line() {
	for id in $(. /etc/os-release && echo "$ID ${ID_LIKE:-}"); do
		case $id in
		fedora | rhel)
			echo "dnf install autoconf automake gcc make pkgconf-pkg-config fuse3-devel libcap-devel libseccomp-devel inih-devel musl-gcc musl-libc-static busybox debootstrap"
			return
			;;
		arch)
			echo "pacman -S autoconf automake gcc make pkgconf fuse3 libcap libseccomp libinih musl busybox debootstrap"
			return
			;;
		alpine)
			echo "apk add autoconf automake gcc make pkgconf musl-dev linux-headers fuse3-dev libcap-dev libcap-setcap libseccomp-dev inih-dev util-linux busybox-static debootstrap"
			return
			;;
		opensuse* | suse)
			echo "zypper install autoconf automake gcc make pkgconf fuse3-devel libcap-devel libcap-progs libseccomp-devel libinih-devel glibc-devel-static busybox-static debootstrap"
			return
			;;
		esac
	done
	echo "the packages of the README's table"
}

packages_missing() {
	for set; do
		for package in $(packages_of_debian "$set"); do
			case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
			*" installed") ;;
			*) printf ' %s' "$package" ;;
			esac
		done
	done
}

packages_install() {
	if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
		missing=$(packages_missing "$@")
		[ -n "$missing" ] || return 0
		if [ "$(id -u)" != 0 ]; then
			missing=$(packages_missing build)
			[ -n "$missing" ] || return 0
			echo "${0##*/}: needs packages that only root can install: apt-get install$missing" >&2
			return 1
		fi
		echo "installing:$missing"
		packages_log=$(mktemp)
		# shellcheck disable=SC2086 # words
		if (
			set -e
			export DEBIAN_FRONTEND=noninteractive
			apt-get -q -q update
			known=
			for package in $missing; do
				if apt-get -q -s install "$package" >/dev/null 2>&1; then
					known="$known $package"
				else
					echo "not in this release: $package"
				fi
			done
			apt-get -q -q -y --no-install-recommends install $known
		) </dev/null >"$packages_log" 2>&1; then
			rm -f "$packages_log"
			return 0
		fi
		cat "$packages_log" >&2
		rm -f "$packages_log"
		echo "${0##*/}: cannot install$missing" >&2
		return 1
	fi
	for program in autoreconf make pkg-config; do
		command -v $program >/dev/null || program=
		[ -n "$program" ] || break
	done
	if [ -n "$program" ] && pkg-config --exists fuse3 libcap libseccomp inih; then
		return 0
	fi
	echo "${0##*/}: first install the packages that the build needs:" >&2
	echo "	$(packages_line)" >&2
	return 1
}
