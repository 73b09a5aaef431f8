/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where mount.lslfs says what an administrator has to know while it serves:
 * syslog(3), facility daemon; in the foreground stderr too. One line for each
 * matter.
 */
#ifndef LSL_LOG_H
#define LSL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/*
 * Connects to the log, which seccomp may forbid later, and takes libfuse's own
 * messages over. To be called again by a process that has just closed what it
 * inherited.
 */
void log_open(bool to_stderr);

/* PRIORITY as for syslog(3). */
void log_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The same in a signal handler, and where the lock of syslog(3) is held: COUNT
 * words, one after the other.
 */
void log_words(int priority, const char *const *words, size_t count);

#endif
