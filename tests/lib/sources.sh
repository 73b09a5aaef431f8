# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh

# sources_copy FROM TO: the files of the sources, without built ones, which have
# the paths of another installation. TO is an empty directory.
sources_copy() (
	cd "$1" && list=$(mktemp) || exit
	if git -c safe.directory="$1" ls-files -z --cached --others --exclude-standard >"$list" 2>/dev/null; then
		tar --null --no-recursion -T "$list" -cf -
	else
		tar -cf - .
	fi | tar -C "$2" -xf - || exit
	rm -f "$list"
	cd "$2" || exit
	[ ! -f Makefile ] || make distclean >/dev/null
)
