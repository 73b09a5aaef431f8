/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of mount.lslfs for the administrator: one line each, to the system's
 * log, facility daemon, and to stderr while somebody reads it. Nothing ever
 * waits for the log: a line that it does not accept at once is lost.
 */
#ifndef LSL_LOG_H
#define LSL_LOG_H

#include <syslog.h>

/* Connects to the log. */
void log_open(void);

/* PRIORITY as for syslog(3). */
void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Logs "cannot WHAT: " and the words of STATUS, a negative errno. Returns
 * STATUS.
 */
int log_failure(int status, const char *what);

/* Three words, one after the other; for signal handlers, too. */
void log_words(int priority, const char *first, const char *second, const char *third);

#endif
