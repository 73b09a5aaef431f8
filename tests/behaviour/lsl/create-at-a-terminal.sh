#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# At a terminal lsl create shows the progress of unpacking, Ctrl-C ends it and
# leaves nothing, and lsl remove asks.
variants="setuid sanitizers"
. "$(dirname "$0")/../../lib/lib.sh"
needs chrt script tmux

STATE=$T/var/lib/lsl
busybox_rootfs "$T/rootfs/source"
head -c 60000000 /dev/urandom >"$T/rootfs/source/data"
tar -C "$T/rootfs/source" -cf rootfs.tar .
rm "$T/rootfs/source/data"
tar -C "$T/rootfs/source" -cf small.tar .

# at_terminal CMD: the output there; stdin is typed.
at_terminal() {
	script -q -e -c "$1" /dev/null | tr -d '\r'
}
lsl="$T/usr/bin/lsl $LSL_FLAGS"
is "a quick one shows nothing but its words" "$(at_terminal "$lsl create box --from ./small.tar" </dev/null)" \
	"lsl: box: nothing was verified (--sha256 was not given)
box:sh"

# asked ANSWER: the output of remove.
asked() {
	printf '%s\n' "$1" | at_terminal "$lsl remove box"
}
shown=$(asked n) || :
like "remove asks, and shows what will be deleted" "$shown" "*lsl: box: $STATE/box (*B) and $CONFIG.d/box.conf will be deleted*Remove box? ?y/N?*"
is "... no: nothing has changed" "$(box:echo ran)" ran
asked '' >/dev/null || :
is "... no answer is no" "$(box:echo ran)" ran
ok "... yes: status 0" asked y
is "... and it is gone" "$(ls -A "$STATE" "$CONFIG.d" | grep box)" ""

# Somebody else removes it, and makes another one, before the answer.
lsl create box --from ./small.tar 2>/dev/null >&2
{
	retry grep -q 'Remove box?' typescript
	lsl remove box --yes 2>/dev/null
	lsl create box --from ./small.tar 2>/dev/null >&2
	echo y
} | script -q -f -e -c "$lsl remove box" typescript >/dev/null && status=0 || status=$?
is "one that was replaced before the answer: status 1" "$status" 1
like "... and reports that" "$(cat typescript)" "*lsl: box: not removed: another lsl has removed or replaced it*"
is "... the other one runs on" "$(box:echo ran)" ran
lsl remove box --yes 2>/dev/null

# In a separate terminal, so that keys can be typed.
sock=$W/tmux
tmux -S "$sock" -f /dev/null new-session -d -s shell -x 100 -y 20 "env PS1='> ' sh -i"
screen() {
	tmux -S "$sock" capture-pane -p -t shell
}
shows() {
	screen | grep -q -e "$1"
}
# It waits for an archive on standard input.
mkfifo slow
exec 9<>slow
tmux -S "$sock" send-keys -t shell "$lsl create box --from - <slow" Enter
retry sh -c "ls -d '$STATE'/.box.*"
tmux -S "$sock" send-keys -t shell C-c
ok "Ctrl-C ends it" retry shows '^> $\|\^C'
is_empty() {
	[ "$(ls -A "$STATE")" = .lock ]
}
ok "... and leaves nothing" retry is_empty
ok "... no process either" retry no_lsl_at_work
exec 9>&-
# tar is stopped as soon as it runs, so that it is slow enough to be shown. The
# search for it runs before all others, because unpacking takes milliseconds.
tmux -S "$sock" send-keys -t shell clear Enter
chrt -f 1 sh -c ': >searching; until tar=$(pgrep -x tar); do :; done; kill -STOP "$tar" && echo "$tar" >caught' &
retry test -e searching
tmux -S "$sock" send-keys -t shell "$lsl create box --from ./rootfs.tar" Enter
retry test -s caught
retry are_held "$(cat caught)"
is "a tool has no terminal" "$(ps -o tty= -p "$(cat caught)")" "?"
ok "a long one shows its progress on one line" retry shows 'lsl: box, unpacking: .* of 6[0-9.]* MB'
tmux -S "$sock" send-keys -t shell C-c
ok "Ctrl-C ends that too" retry is_empty
ok "... and its tools, stopped ones too" retry sh -c '! pgrep -x tar'
tmux -S "$sock" kill-server
