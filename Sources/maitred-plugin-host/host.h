/* SPDX-License-Identifier: Apache-2.0
 *
 * What the plugin sees of its process: maitred_host, its services, and the log behind them. */
#ifndef HOST_H
#define HOST_H

#include "maitred_plugin.h"

/* The one host of this process. */
const maitred_host *host_interface(void);

/* Allows (1) or forbids (0) calls of the plugin to its host: none while create() runs. [main] */
void host_permit(int permitted);

/* Moves the plugin's clock ahead of the system's. [main] */
void host_move_clock(int64_t milliseconds);

/* Reports a broken rule of the interface to the server's log. [any-thread] */
void host_misbehaving(const char *what);

/* Writes a debug line to the server's log. [any-thread] */
void host_note(const char *what);

#endif
