#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The files that start lsl at boot are correct: systemd finds no mistake in the
# units, which give no service a separate mount namespace; the OpenRC script
# starts and stops the containers; and the command directory is last in PATH,
# once, in login shells.
. "$(dirname "$0")/../../lib/lib.sh"

units=$T/usr/lib/systemd/system
if ! command -v systemd-analyze >/dev/null; then
	skip_check "systemd-analyze finds nothing in the units" "there is no systemd-analyze"
elif printf '[Service]\nExecStart=/bin/true\n' >"$W/any.service" &&
	! why=$(env SYSTEMD_LOG_COLOR=0 systemd-analyze verify --man=no "$W/any.service" 2>&1); then
	# systemd 247 needs control groups for this.
	skip_check "systemd-analyze finds nothing in the units" "it verifies no unit here: $(one_line "$why")"
else
	run env SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$units/lsl.service" "$units/lslfs.service"
	is "systemd-analyze finds nothing in the units" "$status:$(printf '%s\n' "$out$err" | grep -c "$units")" 0:0
fi
not_ok "no unit gives its service a mount namespace" \
	grep -E '^(Private|Protect|Mount|BindPaths|ReadOnly|ReadWrite|Inaccessible|TemporaryFile|RootDir|Root[IH]|NoNewPriv|Dynamic|RestrictSUID|StateDir)' \
	"$units/lsl.service" "$units/lslfs.service"
if command -v systemd-tmpfiles >/dev/null; then
	rmdir "$LINKSDIR"
	ok "systemd-tmpfiles makes the mount point" systemd-tmpfiles --create "$T/usr/lib/tmpfiles.d/lsl.conf"
	is "... where nobody can put anything" "$(stat -c %a:%U "$LINKSDIR")" 511:root
fi

# The actions of the units, without systemd: the daemon is started, replaced,
# and ended by lsl stop.
container debian
"$HELPER" lslfs "$LINKSDIR"
lsl start
ok "lsl start is content with a command directory that is mounted" debian:true
is "... and there is one" "$(findmnt -rno TARGET | grep -cx "$LINKSDIR")" 1
# Like systemd before it starts the service.
command=$(sed -n 's/^ExecStartPre=-//p' "$units/lslfs.service")
# shellcheck disable=SC2086 # words
ok "one that was mounted by hand is taken away" $command
# shellcheck disable=SC2086 # words
run $command
is "... and without one there is no message" "$out$err" ""
ok "then the service's can be mounted" "$HELPER" lslfs "$LINKSDIR"
ok "... and has the commands of what was started" debian:true
lsl stop
not_ok "lsl stop unmounts it" is_mounted "$LINKSDIR"

# OpenRC's own functions, as the script uses them.
cat >openrc-run <<'END'
script=$1 verb=$2
ebegin() { echo "$*"; }
ewarn() { echo "$*"; }
eend() { return "$1"; }
use() { :; }
before() { :; }
. "$script"
depend
"$verb"
END
script=$T/etc/init.d/lsl
ok "the script of OpenRC is a script" sh -n "$script"
ok "it starts containers" sh openrc-run "$script" start
ok "... and its commands run" debian:true
ok "it applies a changed configuration" sh openrc-run "$script" reload
ok "it stops them" sh openrc-run "$script" stop
not_ok "... and nothing is mounted" is_mounted "$LINKSDIR"
echo "[broken]" >>"$CONFIG"
ok "one container with a mistake does not keep the others from being started" sh openrc-run "$script" start
ok "... and they are" debian:true
lsl stop 2>/dev/null

# PATH. The tests' own has the directory already.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
profile=$T/etc/profile.d/lsl.sh
for shell in sh bash 'busybox sh'; do
	command -v "${shell%% *}" >/dev/null || continue
	# shellcheck disable=SC2016,SC2086 # for that shell; words
	gives "$shell: profile.d puts it last in PATH" 0 "$PATH:$LINKSDIR" "" \
		$shell -euc '. "$0"; echo "$PATH"' "$profile"
	# shellcheck disable=SC2016,SC2086
	gives "$shell: ... once" 0 "$PATH:$LINKSDIR" "" $shell -euc '. "$0"; . "$0"; echo "$PATH"' "$profile"
	# shellcheck disable=SC2016,SC2086
	gives "$shell: ... and the only element if PATH was empty" 0 "$LINKSDIR" "" \
		$shell -euc 'PATH=; . "$0"; echo "$PATH"' "$profile"
	mv "$T/usr/bin/lsl" "$T/usr/bin/away"
	# shellcheck disable=SC2016,SC2086
	gives "$shell: ... not without lsl: removed packages leave the file" 0 "$PATH unset" "" \
		$shell -euc 'unset XDG_DATA_DIRS; . "$0"; echo "$PATH ${XDG_DATA_DIRS-unset}"' "$profile"
	mv "$T/usr/bin/away" "$T/usr/bin/lsl"
done
generator=/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator
if [ -x $generator ]; then
	mkdir -p "$W/home/.config"
	ln -s "$T/usr/lib/environment.d" "$W/home/.config/environment.d"
	like "environment.d puts it last for graphical sessions" \
		"$(env -i PATH="$PATH" HOME="$W/home" $generator)" "*PATH=$PATH:$LINKSDIR*"
else
	skip_check "environment.d puts it last for graphical sessions" "there is no systemd"
fi
if command -v fish >/dev/null; then
	# shellcheck disable=SC2016 # fish's
	gives "fish: it is last in PATH, once" 0 "$(printf '%s' "$PATH" | tr : ' ') $LINKSDIR" "" \
		env XDG_DATA_DIRS="$T/usr/share" HOME="$W" fish -c 'source $argv[1]; echo $PATH' "$T/usr/share/fish/vendor_conf.d/lsl.fish"
else
	skip_check "fish: it is last in PATH, once" "there is no fish"
fi
