/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls that wait for their answer. A token names a slot and its generation instead of
 * pointing at memory, so that one used twice is recognised however late. */
#ifndef CALLS_H
#define CALLS_H

#include "maitred_plugin.h"

#define CALLS_LIMIT 1024 /* open at once */

/* Opens a call for the server's number; NULL when too many are open. [main] */
maitred_call *calls_open(uint64_t number);

/* Marks the server's call as cancelled and says whether the plugin has been given it. Returns its
 * token, NULL when it is not open. [main] */
maitred_call *calls_cancel(uint64_t number, int *begun);

/* Says that the plugin is about to see the call; 0 when it was cancelled before, and is closed
 * by this. [any-thread] */
int calls_begin(maitred_call *call);

/* Answers and closes a call. A token that is not open is reported and ignored. [any-thread] */
void calls_complete(maitred_call *call, int32_t status, maitred_slice out);

/* Sends a part of an open call's answer; nothing for one that was cancelled. A token that is not
 * open is reported and ignored. [any-thread] */
void calls_part(maitred_call *call, maitred_slice out);

/* The server's number of an open call; 0 when it is not open. [any-thread] */
uint64_t calls_number(maitred_call *call);

/* Waits until no call is open, but not beyond the given time. Returns how many are. [main] */
int calls_wait(uint32_t milliseconds);

#endif
