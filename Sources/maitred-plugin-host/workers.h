/* SPDX-License-Identifier: Apache-2.0
 *
 * The threads that call a plugin's invoke: as many as its manifest allows, made when needed. */
#ifndef WORKERS_H
#define WORKERS_H

#include "frames.h"
#include "maitred_plugin.h"

#define WORKERS_LIMIT 64
#define WORKER_STACK (1u << 20) /* bytes, also for threads the plugin makes without saying */

/* Says whom to call, and by how many threads at most. [main] */
void workers_open(maitred_plugin *plugin, int limit);

/* Queues a call; the frame's buffer is taken over. [main] */
void workers_submit(maitred_call *call, frame *input);

/* Takes a cancelled call out of the queue and closes it; nothing for one that a thread has taken,
 * which closes it itself. Else a call behind a long one would seem to go on after its deadline.
 * [main] */
void workers_drop(maitred_call *call);

#endif
