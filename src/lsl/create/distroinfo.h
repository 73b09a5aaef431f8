/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The released series of a distribution, by the tables of Debian's package
 * distro-info-data.
 */
#ifndef LSL_DISTROINFO_H
#define LSL_DISTROINFO_H

#include <stdbool.h>
#include <stdio.h>

/* Room for the name of a series, with its final NUL. */
#define DISTROINFO_SERIES_MAX 64

/* Opens the table of DISTRIBUTION; NULL if there is none. */
FILE *distroinfo_open(const char *distribution);

/*
 * Writes into SERIES the series of FILE ("trixie") that was released last, on
 * TODAY ("2026-11-28") or before, among those for which IS_OFFERED returns
 * true. False if there is none.
 */
bool distroinfo_newest(FILE *file, const char *today,
		       bool (*is_offered)(const char *series, void *arg), void *arg,
		       char series[DISTROINFO_SERIES_MAX]);

#endif
