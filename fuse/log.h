/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an administrator has to know while mount.lslfs serves: one line for each
 * matter, to the system's log, facility daemon, and to stderr while somebody
 * reads that. Nobody ever waits for the log: a line that it does not take at
 * once is lost.
 */
#ifndef LSL_LOG_H
#define LSL_LOG_H

#include <stddef.h>
#include <syslog.h>

/* Connects to the log, and takes libfuse's own messages over. */
void log_open(void);

/* From now on nobody reads stderr. */
void log_detach(void);

/* PRIORITY as for syslog(3). */
void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * "cannot WHAT: " and the words of STATUS, a negative errno, which it returns.
 */
int log_failure(int status, const char *what);

/*
 * The same as log_line in a signal handler: COUNT words, one after the other.
 */
void log_words(int priority, const char *const *words, size_t count);

#endif
