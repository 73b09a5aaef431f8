#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The installed programs cannot be loaded at a fixed address, have no executable
# stack and no writable table of functions, have canaries on their stacks, and
# checked copies; with CET if the compiler has it.
. "$(dirname "$0")/../../lib/lib.sh"
needs objdump readelf nm

if grep -q __asan_init "$T/usr/bin/lsl"; then
	skip "built with sanitizers"
fi

# elf FILE: the properties of all three.
elf() {
	file=$1 name=${1##*/}
	is "$name is position-independent" "$(readelf -hW "$file" | sed -n 's/^ *Type: *\([A-Z]*\).*/\1/p')" DYN
	is "$name has RELRO" "$(readelf -lW "$file" | grep -c GNU_RELRO)" 1
	is "$name has no stack that could be executed" "$(readelf -lW "$file" | awk '/GNU_STACK/ { print $7 }')" RW
	is "$name has no segment that can be written and executed" "$(readelf -lW "$file" | grep -c 'LOAD.* RWE ')" 0
	is "$name has no relocations in its text" "$(readelf -dW "$file" | grep -c TEXTREL)" 0
	is "$name looks for no library elsewhere" "$(readelf -dW "$file" | grep -c -e RPATH -e RUNPATH)" 0
	is "only root can write to $name" "$(find -L "$file" -perm /022)" ""
}

for file in "$EXECUTOR" "$T/usr/bin/lsl" "$HELPER"; do
	elf "$file"
done
for file in "$T/usr/bin/lsl" "$HELPER"; do
	name=${file##*/}
	like "$name binds everything before it runs" "$(readelf -dW "$file" | grep -e BIND_NOW -e FLAGS)" "*NOW*"
	like "$name has canaries" "$(nm -D "$file" | grep -c __stack_chk_fail)" "[1-9]*"
	# All copies and prints that glibc can check are checked; musl has no
	# such functions.
	if readelf -dW "$file" | grep -q 'libc\.so\.6'; then
		like "$name has checked functions" "$(nm -D "$file" | grep -c '_chk@')" "[1-9]*"
	fi
	if readelf -hW "$file" | grep -q X86-64 && readelf -nW "$file" | grep -q 'x86 feature'; then
		like "$name has landing places for indirect jumps (CET)" "$(readelf -nW "$file")" "*IBT*SHSTK*"
	fi
done
# Static: nothing is bound, and it has its own function for a damaged canary.
is "lslExecutor needs no relocation" "$(readelf -dW "$EXECUTOR" | grep -c NEEDED)" 0
like "lslExecutor has canaries" "$(nm "$EXECUTOR" | grep -c ' __stack_chk_fail')" "[1-9]*"
# One object without landing places, and the linker notes none for the program;
# musl's have none. Nor have its headers checked functions, or its start-up what
# would switch CET on.
if executor_is_musl; then
	is "lslExecutor has no CET and no checked functions: musl has neither" \
		"$(readelf -nW "$EXECUTOR" | grep -c 'x86 feature') $(nm "$EXECUTOR" | grep -c -e '_chk$')" "0 0"
else
	like "lslExecutor has checked functions" "$(nm "$EXECUTOR" | grep -c -e '_chk$')" "[1-9]*"
	# The program is marked only if all of the library has them, too.
	if readelf -hW "$EXECUTOR" | grep -q X86-64; then
		like "lslExecutor has landing places for indirect jumps (CET)" \
			"$(objdump -d --disassemble=main "$EXECUTOR" | grep -c endbr64)" "[1-9]*"
	fi
fi
for file in "$EXECUTOR" "$T/usr/bin/lsl" "$HELPER"; do
	echo "# ${file##*/}: $(size "$file" | awk 'NR == 2 { print $4 }') bytes in memory"
done
