#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A Debian for armhf: 32 bits.
# shellcheck disable=SC2034 # for what is sourced
debian=armhf machine=armv7l qemu=qemu-arm-static header='\0001\0001 \0050'
. "$(dirname "$0")/debian-foreign.sh"
