/* SPDX-License-Identifier: Apache-2.0
 *
 * maitred-plugin-host: loads one plugin, in a sandbox, and lets the server talk to it.
 * The server starts it; people run it only as `maitred-plugin-host --check LIBRARY`. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "check.h"
#include "frames.h"
#include "host.h"
#include "library.h"
#include "options.h"
#include "sandbox.h"
#include "services.h"
#include "workers.h"

#define CHANNEL 3
#define TURN_MS 5 /* between two looks at whether all calls have ended */

/* Leaves standard input, output and error, and the channel, and nothing of the server's. */
static int keep_only_channel(int socket) {
    if (socket != CHANNEL && dup2(socket, CHANNEL) < 0) return 0;
    return syscall(SYS_close_range, CHANNEL + 1, ~0u, 0) == 0;
}

/* Ends this process when the server's thread that made it ends; 0 if it has already. */
static int bind_to_server(int server) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == server;
}

/* Not clearenv: it leaves no list at all, and Swift's runtime looks into it when it is loaded. */
static void forget_environment(void) {
    static char *none[] = {NULL};
    environ = none;
}

static _Noreturn void refuse(const char *reason) {
    frames_send(FRAME_REFUSED, 0, 0, "", slice_of(reason));
    _exit(0);
}

/* ---- The plugin's life --------------------------------------------------------------------- */

static const maitred_entry *entry;
static maitred_plugin *plugin;

static void start(const options *given, const frame *order) {
    if (plugin) return;
    host_permit(0);
    plugin = entry->create(host_interface(), given->plugin_id);
    host_permit(1);
    if (!plugin) refuse("create returned NULL");
    if (plugin->size < offsetof(maitred_plugin, start)) refuse("maitred_plugin.size is too small");
    workers_open(plugin, given->concurrency);
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
    maitred_call *call = calls_cancel(order->header.call);
    if (call && PROVIDES(plugin, cancel)) plugin->cancel(plugin, call);
}

/* Waits for open calls; what they have asked services is still answered meanwhile. */
static void finish(uint32_t deadline_ms) {
    for (uint32_t waited = 0; waited < deadline_ms && calls_wait(0) > 0;) {
        struct pollfd channel = {.fd = CHANNEL, .events = POLLIN};
        frame order;
        if (poll(&channel, 1, TURN_MS) == 0) waited += TURN_MS;
        if (!(channel.revents & (POLLIN | POLLHUP))) continue;
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

static void serve(const options *given) {
    frame order;
    while (frames_receive(&order)) {
        switch (order.header.type) {
        case FRAME_INVOKE: invoke(&order); continue;
        case FRAME_START: start(given, &order); break;
        case FRAME_CONFIGURE: configure(&order); break;
        case FRAME_CANCEL: cancel(&order); break;
        case FRAME_PING:
            frames_send(FRAME_PONG, order.header.call, 0, "", (maitred_slice){0});
            break;
        case FRAME_REPLY:
            services_answer(order.header.call, order.header.status, order.payload);
            break;
        case FRAME_CLOCK: host_move_clock((int64_t)order.header.call); break;
        case FRAME_STOP: stop((uint32_t)order.header.status);
        default: return;
        }
        free(order.buffer);
    }
}

int main(int count, char **arguments) {
    options given;
    if (!options_parse(count, arguments, &given)) return EX_OPTIONS;
    if (given.check) return check_library(&given);

    signal(SIGPIPE, SIG_IGN);
    if (!keep_only_channel(given.socket) || !bind_to_server(given.server)) return EX_OPTIONS;
    forget_environment();
    setvbuf(stdout, NULL, _IOLBF, 0);
    frames_open(CHANNEL);
    services_grant(given.services, given.services_count);

    sandbox_report report = {0};
    if (!given.unconfined) sandbox_apply(&given.sandbox, &report);
    const char *reasons = given.unconfined ? "switched off in the configuration" : report.reasons;
    frames_send(FRAME_HELLO, 0, FRAMES_VERSION, sandbox_status(&report), slice_of(reasons));

    const char *reason;
    entry = library_load(given.library, &reason);
    if (!entry) refuse(reason);
    frames_send(FRAME_LOADED, 0, (int32_t)entry->abi_minor, "", entry->manifest);
    serve(&given);
    _exit(0);
}
