/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each test that has no main, which it needs to prepare something. */
#include "config.h"

#include "unit.h"

int main(void)
{
	return unit_run();
}
