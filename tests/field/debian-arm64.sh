#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A Debian for arm64: 64 bits, the byte order of most hosts.
# shellcheck disable=SC2034 # for what is sourced
debian=arm64 machine=aarch64 qemu=qemu-aarch64-static header='\0002\0001 \0267'
. "$(dirname "$0")/debian-foreign.sh"
