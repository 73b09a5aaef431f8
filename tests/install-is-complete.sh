#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make install puts each program and manual page in its place, with the right owner and mode, all of it below the
# directories given to configure; nothing of the private installation is elsewhere.
. "$(dirname "$0")/lib.sh"

for privilege in setuid filecaps; do
	top=$LSL_TEST_STAGE/$privilege
	is "$privilege: nothing outside the directories given" \
		"$(cd "$top" && find . -mindepth 1 -maxdepth "$(echo "$T" | tr -dc / | wc -c)" | sort | tail -1)" ".$T"
	is "$privilege: three programs" "$(cd "$top$T" && find . -type f -perm -100 | sort | tr '\n' ' ')" \
		"./sbin/mount.lslfs ./usr/bin/lsl ./usr/bin/lslExecutor "
	is "$privilege: manual pages" "$(cd "$top$T" && find . -path '*/man/*' -type f | sed 's,.*/,,' | sort | tr '\n' ' ')" \
		"lsl.8 lslExecutor.8 mount.lslfs.8 subsys.conf.5 "
	is "$privilege: root's, and nobody else may write" \
		"$(find "$top$T/usr" "$top$T/sbin" ! -type l \( ! -user root -o -perm /022 \))" ""
	is "$privilege: the mount point of the command directory is empty and not writable" \
		"$(stat -c %a "$top$LINKSDIR")$(ls -A "$top$LINKSDIR")" 555
	like "$privilege: no configuration is overwritten" "$(ls "$top$T/etc" 2>/dev/null)" ""
done
is "setuid: the executor is armed" "$(stat -c %a "$LSL_TEST_STAGE/setuid$EXECUTOR")" 4755
is "setuid: nothing else is" "$(find "$LSL_TEST_STAGE/setuid" -type f -perm /7000)" "$LSL_TEST_STAGE/setuid$EXECUTOR"
is "filecaps: nothing is setuid" "$(find "$LSL_TEST_STAGE/filecaps" -type f -perm /7000)" ""
like "filecaps: the executor has two capabilities" "$(getcap "$LSL_TEST_STAGE/filecaps$EXECUTOR")" "*cap_sys_chroot,cap_sys_admin=ep"

# Without sanitizers: what everybody installs.
if [ -z "$LSL_FLAGS" ]; then
	for program in "$T/usr/bin/lsl" "$HELPER"; do
		like "${program##*/} is position independent" "$(readelf -h "$program")" "*DYN*"
		like "${program##*/} binds at once" "$(readelf -d "$program")" "*BIND_NOW*"
		like "${program##*/} has read-only relocations" "$(readelf -lW "$program")" "*GNU_RELRO*"
	done
fi
is "lsl does without libfuse" "$(readelf -d "$T/usr/bin/lsl" | grep -c libfuse)" 0
is "the daemon does without a parser" "$(readelf -d "$HELPER" | grep -c inih)" 0
