/* SPDX-License-Identifier: Apache-2.0 */
#include "life.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "calls.h"
#include "frames.h"
#include "host.h"
#include "library.h"
#include "services.h"
#include "workers.h"

#define TURN_MS 5 /* between two looks at whether all calls have ended */

static maitred_plugin *plugin;

_Noreturn void life_refuse(const char *reason) {
    frames_send(FRAME_REFUSED, 0, 0, "", slice_of(reason));
    _exit(0);
}

static void start(const frame *order, const maitred_entry *entry, const char *plugin_id,
                  int concurrency) {
    if (plugin) return;
    host_permit(0);
    plugin = entry->create(host_interface(), plugin_id);
    host_permit(1);
    if (!plugin) life_refuse("create returned NULL");
    if (plugin->size < offsetof(maitred_plugin, start)) {
        life_refuse("maitred_plugin.size is too small");
    }
    workers_open(plugin, concurrency);
    maitred_call *call = calls_open(order->header.call);
    calls_begin(call);
    if (PROVIDES(plugin, start)) {
        plugin->start(plugin, call, order->payload);
    } else {
        calls_complete(call, MAITRED_OK, (maitred_slice){0});
    }
}

static void configure(const frame *order) {
    maitred_call *call = plugin ? calls_open(order->header.call) : NULL;
    if (!call) {
        frames_send(FRAME_RESULT, order->header.call, MAITRED_BUSY, "", (maitred_slice){0});
        return;
    }
    calls_begin(call);
    if (PROVIDES(plugin, configure)) {
        plugin->configure(plugin, call, order->payload);
    } else {
        calls_complete(call, MAITRED_UNSUPPORTED, (maitred_slice){0});
    }
}

/* Takes over the order's buffer. */
static void invoke(frame *order) {
    maitred_call *call = plugin ? calls_open(order->header.call) : NULL;
    if (!call) {
        frames_send(FRAME_RESULT, order->header.call, MAITRED_BUSY, "", (maitred_slice){0});
        free(order->buffer);
        return;
    }
    workers_submit(call, order);
}

static void cancel(const frame *order) {
    int begun = 0;
    maitred_call *call = calls_cancel(order->header.call, &begun);
    if (!call) return;
    if (!begun) {
        workers_drop(call);
    } else if (PROVIDES(plugin, cancel)) {
        plugin->cancel(plugin, call);
    }
}

/* Waits for open calls; what they have asked services is still answered meanwhile. */
static void finish(uint32_t deadline_ms) {
    for (uint32_t waited = 0; waited < deadline_ms && calls_wait(0) > 0;) {
        frame order;
        if (!frames_wait(TURN_MS)) {
            waited += TURN_MS;
            continue;
        }
        if (!frames_receive(&order)) _exit(0);
        if (order.header.type == FRAME_CANCEL) cancel(&order);
        if (order.header.type == FRAME_REPLY) {
            services_answer(order.header.call, order.header.status, order.payload);
        }
        free(order.buffer);
    }
}

static _Noreturn void stop(uint32_t deadline_ms) {
    if (plugin) {
        if (PROVIDES(plugin, drain)) plugin->drain(plugin, deadline_ms);
        finish(deadline_ms);
        if (PROVIDES(plugin, destroy)) plugin->destroy(plugin);
    }
    fflush(NULL);
    _exit(0); /* no exit handlers: threads of the plugin may still run */
}

void life_serve(const maitred_entry *entry, const char *plugin_id, int concurrency) {
    frame order;
    while (frames_receive(&order)) {
        switch (order.header.type) {
        case FRAME_INVOKE: invoke(&order); continue;
        case FRAME_START: start(&order, entry, plugin_id, concurrency); break;
        case FRAME_CONFIGURE: configure(&order); break;
        case FRAME_CANCEL: cancel(&order); break;
        case FRAME_PING:
            frames_send(FRAME_PONG, order.header.call, 0, "", (maitred_slice){0});
            break;
        case FRAME_REPLY:
            services_answer(order.header.call, order.header.status, order.payload);
            break;
        case FRAME_CLOCK: host_move_clock((int64_t)order.header.call); break;
        case FRAME_STOP: free(order.buffer); stop((uint32_t)order.header.status);
        default: free(order.buffer); return;
        }
        free(order.buffer);
    }
}
