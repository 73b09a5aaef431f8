#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A command works by every system call and library function that executes
# programs, and from languages that have their own ways: Python, Perl, Node. The
# program gets everything that they set up for a child.
variants="setuid filecaps"
. "$(dirname "$0")/../../lib/lib.sh"
needs cc node perl python3

container debian "mnt=$T/home;$W"
say_program "$T/rootfs/debian/usr/bin/say"
cc -o "$W/execute" "$tests/helpers/execute.c" || skip "no compiler"
lsl start
command=$LINKSDIR/debian:say
bare=$LINKSDIR/debian/say
ln -s "$command" "$T/home/alice/tool"

for how in execve execvp fork vfork posix_spawn posix_spawnp posix_spawn_setsid execveat_cwd; do
	says "by $how" "debian <say> <x>" as_user "$W/execute" $how "$command" debian:say x
	says "... with the path as argv[0]" "debian <say>" as_user "$W/execute" $how "$command" "$command"
	says "... with another argv[0]" "debian <other> <x>" as_user "$W/execute" $how "$command" other x
	says "... through a link, with another argv[0]" "debian <other>" as_user "$W/execute" $how "$T/home/alice/tool" other
done
says "by execlp" "debian <say> <one> <two>" as_user "$W/execute" execlp debian:say debian:say
for how in execvp posix_spawnp; do
	says "by $how, found in PATH" "debian <say> <x>" as_user "$W/execute" $how debian:say debian:say x
done
says "by execveat, relative to the directory" "debian <say> <x>" as_user "$W/execute" execveat_relative "$command" debian:say x
says "... with another argv[0]" "debian <other>" as_user "$W/execute" execveat_relative "$command" other
says "... relative to the container's directory" "debian <other>" as_user "$W/execute" execveat_relative "$bare" other
says "... by the directory of a user's link" "debian <other>" as_user "$W/execute" execveat_relative "$T/home/alice/tool" other
says "... with a directory that closes" "debian <other>" as_user "$W/execute" execveat_relative_cloexec "$command" other
# The kernel says /dev/fd/N and nothing else: argv[0] has to name the command.
for how in execveat_fd fexecve; do
	says "by $how, argv[0] is the name" "debian <say> <x>" as_user "$W/execute" $how "$command" debian:say x
	says "... a login shell's" "debian <-say>" as_user "$W/execute" $how "$command" -debian:say
	says "... the path" "debian <say>" as_user "$W/execute" $how "$command" "$command"
	says "... the bare name's path" "debian <say>" as_user "$W/execute" $how "$command" "$bare"
	run as_user "$W/execute" $how "$command" "$T/home/alice/tool"
	is "... a link of the user's is not followed: 125" "$status$out" 125
	run as_user "$W/execute" $how "$command" other
	is "... neither: 125" "$status" 125
done
run as_user "$W/execute" execve "$command"
is "no argv[0] at all: 125" "$status" 125

# python TEXT: executes TEXT, which can use "run" and "Popen".
python() {
	as_user python3 -c "import os, subprocess, sys
from subprocess import run, Popen, PIPE
command = '$command'
$1"
}
says "Python: run" "debian <say> <a b>" python 'run(["debian:say", "a b"], check=True)'
says "... by the path" "debian <say>" python 'run([command], check=True)'
says "... shell=True" "debian <say> <x>" python 'run("debian:say x", shell=True, check=True)'
says "... executable=" "debian <other> <x>" python 'run(["other", "x"], executable=command, check=True)'
says "... shell=True, executable=" "debian <say> <-c> <x>" python 'run("x", shell=True, executable=command, check=True)'
says "... shell=True with a container's shell" "debian" \
	python "run('echo \$LSL_CONTAINER', shell=True, executable='$LINKSDIR/debian:sh', check=True)"
says "... capture_output" "b'debian <say>\\n'" python 'print(run(["debian:say"], capture_output=True).stdout)'
says "... input=" "b'text'" python 'print(run(["debian:cat"], input=b"text", stdout=PIPE).stdout)'
says "... close_fds=False: the program has what is inheritable" "text" python '
r, w = os.pipe()
os.write(w, b"text\n"), os.close(w)
os.set_inheritable(r, True)
run(["debian:cat", "/dev/fd/%d" % r], close_fds=False, check=True)'
says "... close_fds=True: it has not" "1" python '
r, w = os.pipe()
os.set_inheritable(r, True)
print(run(["debian:cat", "/dev/fd/%d" % r], stderr=PIPE).returncode)'
says "... pass_fds" "text" python '
r, w = os.pipe()
os.write(w, b"text\n"), os.close(w)
run(["debian:cat", "/dev/fd/%d" % r], pass_fds=[r], check=True)'
says "... start_new_session" "True" python '
p = Popen(["debian:cat"], stdin=PIPE, start_new_session=True)
print(os.getsid(p.pid) == p.pid), p.communicate()'
says "... cwd=" "$T/home" python "run(['debian:pwd'], cwd='$T/home', check=True)"
says "... env=" "LSL_CONTAINER=debian X=y" python '
print(" ".join(sorted(run([command.replace("say", "env")], env={"X": "y"}, stdout=PIPE, text=True).stdout.split())))'
says "... umask=" "0077" python 'run(["debian:sh", "-c", "umask"], umask=0o077, check=True)'
says "... preexec_fn" $(($(nice) < 13 ? $(nice) + 7 : 19)) python 'run(["debian:cut", "-d ", "-f19", "/proc/self/stat"], preexec_fn=lambda: os.nice(7), check=True)'
says "... a program that a signal ends" "-15" python 'print(run(["debian:sh", "-c", "kill $$"]).returncode)'
says "... os.posix_spawn" "debian <say> <x>" python 'os.waitpid(os.posix_spawn(command, ["debian:say", "x"], os.environ), 0)'
says "... os.execvp" "debian <say> <x>" python 'os.execvp("debian:say", ["debian:say", "x"])'
says "... os.system" "debian <say> <x>" python 'os.system("debian:say x")'
says "... os.popen" "debian <say> <x>" python 'print(os.popen("debian:say x").read(), end="")'
says "... asyncio" "b'debian <say> <x>\\n'" python '
import asyncio
async def main():
	p = await asyncio.create_subprocess_exec("debian:say", "x", stdout=PIPE)
	print((await p.communicate())[0])
asyncio.run(main())'
says "... 100 at once" "100" python '
p = [Popen(["debian:say", str(i)], stdout=PIPE) for i in range(100)]
print(sum(q.communicate()[0] == b"debian <say> <%d>\n" % i for i, q in enumerate(p)))'

says "Perl: system" "debian <say> <a b>" as_user perl -e 'system("debian:say", "a b") == 0 or die'
says "... system with a line" "debian <say> <a> <b>" as_user perl -e 'system("debian:say a b") == 0 or die'
says "... system with a shell's line" "debian <say> <a>" as_user perl -e 'system("debian:say \"a\" ; :") == 0 or die'
says "... exec" "debian <say> <x>" as_user perl -e 'exec "debian:say", "x"'
says "... exec with another argv[0]" "debian <other> <x>" as_user perl -e 'exec {"debian:say"} "other", "x"'
says "... a login shell's" "debian <-say>" as_user perl -e 'exec {"debian:say"} "-debian:say"'
says "... backticks" "debian <say> <x>" as_user perl -e 'print `debian:say x`'
says "... a pipe from it" "debian <say> <x>" as_user perl -e 'open my $f, "-|", "debian:say", "x"; print <$f>'
says "... a pipe to it" "text" as_user perl -e 'open my $f, "|-", "debian:cat"; print $f "text\n"'
says "... IPC::Open3" "text" as_user perl -MIPC::Open3 -e '
	my $pid = open3(my $in, my $out, undef, "debian:cat"); print $in "text\n"; close $in; print <$out>; waitpid $pid, 0'

# node TEXT: executes TEXT, which can use child_process.
node() {
	as_user /usr/bin/env node -e "const { spawn, spawnSync, exec, execSync, execFile, execFileSync } = require('child_process');
const command = '$command', show = text => process.stdout.write(text);
$1"
}
says "Node: spawn" "debian <say> <a b>" node 'spawn("debian:say", ["a b"], { stdio: "inherit" })'
says "... with a pipe" "debian <say> <x>" node 'spawn("debian:say", ["x"]).stdout.on("data", show)'
says "... with another argv[0]" "debian <other> <x>" node 'spawn(command, ["x"], { argv0: "other", stdio: "inherit" })'
says "... by a shell" "debian <say> <x>" node 'spawn("debian:say x", { shell: true, stdio: "inherit" })'
says "... with a container's shell" "debian" \
	node 'show(execSync("echo $LSL_CONTAINER", { shell: command.replace("say", "sh") }).toString())'
# Node does not wait for it.
to_its_end() {
	"$@" | cat
}
says "... detached" "debian <say>" to_its_end node 'spawn("debian:say", [], { detached: true, stdio: "inherit" }).unref()'
says "... execFile" "debian <say> <x>" node 'execFile("debian:say", ["x"], (error, out) => show(out))'
says "... exec" "debian <say> <x>" node 'exec("debian:say x", (error, out) => show(out))'
says "... execFileSync with input" "text" node 'show(execFileSync("debian:cat", [], { input: "text\n" }))'
says "... spawnSync returns the status" "5 null" \
	node 'const r = spawnSync("debian:sh", ["-c", "exit 5"]); show(r.status + " " + r.signal + "\n")'
says "... and the signal" "null SIGTERM" \
	node 'const r = spawnSync("debian:sh", ["-c", "kill $$"]); show(r.status + " " + r.signal + "\n")'
says "... a program that is killed" "null SIGKILL" \
	node 'const p = spawn("debian:sh", ["-c", "echo ready; exec sleep 1000"]); p.on("exit", (s, signal) => show(s + " " + signal + "\n"));
		p.stdout.on("data", () => p.kill("SIGKILL"))'
