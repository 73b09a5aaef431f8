#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make install puts each program and manual page in its place, with the right
# owner and mode, below the directories given to configure. A private
# installation puts nothing elsewhere.
. "$(dirname "$0")/../../lib/lib.sh"

for privilege in setuid filecaps; do
	top=$LSL_TEST_STAGE/$privilege
	is "$privilege: nothing outside the directories given" \
		"$(cd "$top" && find . -mindepth 1 -maxdepth "$(echo "$T" | tr -dc / | wc -c)" | sort | tail -1)" ".$T"
	is "$privilege: three programs and a script of OpenRC" "$(cd "$top$T" && find . -type f -perm -100 | sort | tr '\n' ' ')" \
		"./etc/init.d/lsl ./sbin/mount.lslfs ./usr/bin/lsl ./usr/bin/lslExecutor "
	is "$privilege: manual pages" "$(cd "$top$T" && find . -path '*/man/*' -type f | sed 's,.*/,,' | sort | tr '\n' ' ')" \
		"lsl-problems.7 lsl.8 lslExecutor.8 mount.lslfs.8 subsys.conf.5 "
	is "$privilege: root's, and only root may write" \
		"$(find "$top$T/usr" "$top$T/sbin" "$top$T/etc" ! -type l \( ! -user root -o -perm /022 \))" ""
	is "$privilege: the mount point of the command directory is empty and not writable" \
		"$(stat -c %a "$top$LINKSDIR")$(ls -A "$top$LINKSDIR")" 511
	is "$privilege: for systemd, OpenRC and the shells" \
		"$(cd "$top$T" && find etc usr/lib usr/share -type f ! -path '*/man/*' | sort)" \
		"etc/bash_completion.d/lsl
etc/init.d/lsl
etc/profile.d/lsl.sh
usr/lib/environment.d/90-lsl.conf
usr/lib/systemd/system/lsl-refresh.service
usr/lib/systemd/system/lsl.service
usr/lib/systemd/system/lslfs.service
usr/lib/tmpfiles.d/lsl.conf
usr/share/bash-completion/completions/lsl
usr/share/fish/vendor_completions.d/lsl.fish
usr/share/fish/vendor_conf.d/lsl.fish
usr/share/lsl/lsl.zsh
usr/share/zsh/site-functions/_lsl
usr/share/zsh/site-functions/_lsl_command"
	not_ok "$privilege: ... and all paths in them are this installation's" \
		grep -rE '@[a-z]+@|[^t]/subsysbin' "$top$T/etc" "$top$T/usr/lib" "$top$T/usr/share/fish" "$top$T/usr/share/zsh"
done
is "setuid: the executor is armed" "$(stat -c %a "$LSL_TEST_STAGE/setuid$EXECUTOR")" 4755
is "setuid: nothing else is" "$(find "$LSL_TEST_STAGE/setuid" -type f -perm /7000)" "$LSL_TEST_STAGE/setuid$EXECUTOR"
is "filecaps: nothing is setuid" "$(find "$LSL_TEST_STAGE/filecaps" -type f -perm /7000)" ""
like "filecaps: the executor has two capabilities" "$(getcap "$LSL_TEST_STAGE/filecaps$EXECUTOR")" "*cap_sys_chroot,cap_sys_admin=ep"

# Without sanitizers: the usual installation.
if [ -z "$LSL_FLAGS" ]; then
	for program in "$T/usr/bin/lsl" "$HELPER"; do
		like "${program##*/} is position independent" "$(readelf -h "$program")" "*DYN*"
		like "${program##*/} binds at once" "$(readelf -d "$program")" "*BIND_NOW*"
		like "${program##*/} has read-only relocations" "$(readelf -lW "$program")" "*GNU_RELRO*"
	done
fi
is "lsl does without libfuse" "$(readelf -d "$T/usr/bin/lsl" | grep -c libfuse)" 0
is "the daemon does without a parser" "$(readelf -d "$HELPER" | grep -c inih)" 0
