/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "calls.h"
#include "frames.h"
#include "services.h"

#define LINES_PER_SECOND 200

static atomic_int permitted;

void host_permit(int value) { atomic_store(&permitted, value); }

static int64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- Log ----------------------------------------------------------------------------------- */

/* Whether a line still fits into this second; tells of the dropped ones when a new one begins. */
static int line_allowed(void) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int64_t second;
    static unsigned lines, dropped;
    char text[64] = "";

    pthread_mutex_lock(&lock);
    int64_t now = nanoseconds(CLOCK_MONOTONIC) / 1000000000;
    if (now != second) {
        if (dropped) snprintf(text, sizeof text, "%u log lines dropped", dropped);
        second = now;
        lines = dropped = 0;
    }
    int allowed = ++lines <= LINES_PER_SECOND;
    if (!allowed) dropped++;
    pthread_mutex_unlock(&lock);

    if (text[0]) frames_send(FRAME_LOG, 0, MAITRED_LOG_WARNING, text, (maitred_slice){0});
    return allowed;
}

static void write_line(int32_t level, maitred_slice message, maitred_slice json) {
    if (!line_allowed()) return;
    char text[MAITRED_LOG_LIMIT + 1];
    size_t length = message.len < MAITRED_LOG_LIMIT ? message.len : MAITRED_LOG_LIMIT;
    if (length) memcpy(text, message.ptr, length);
    text[length] = 0;
    if (json.len > MAITRED_LOG_LIMIT) json.len = MAITRED_LOG_LIMIT;
    frames_send(FRAME_LOG, 0, level, text, json);
}

void host_misbehaving(const char *what) {
    write_line(MAITRED_LOG_MISBEHAVING, slice_of(what), (maitred_slice){0});
}

void host_note(const char *what) {
    write_line(MAITRED_LOG_DEBUG, slice_of(what), (maitred_slice){0});
}

static int may_call(const char *forbidden) {
    if (atomic_load(&permitted)) return 1;
    host_misbehaving(forbidden);
    return 0;
}

/* A plugin may say anything but MISBEHAVING, which is ours. */
static int32_t level_of(int32_t level) {
    if (level < MAITRED_LOG_DEBUG) return MAITRED_LOG_DEBUG;
    return level > MAITRED_LOG_ERROR ? MAITRED_LOG_ERROR : level;
}

static void log_write(const maitred_host *host, int32_t level, maitred_slice message,
                      maitred_slice fields) {
    (void)host;
    if (may_call("called maitred.log/1 before create had returned")) {
        write_line(level_of(level), message, fields);
    }
}

/* ---- Clock --------------------------------------------------------------------------------- */

static _Atomic int64_t clock_ahead_ms;

void host_move_clock(int64_t milliseconds) { atomic_store(&clock_ahead_ms, milliseconds); }

static int64_t clock_unix_ms(const maitred_host *host) {
    (void)host;
    return nanoseconds(CLOCK_REALTIME) / 1000000 + atomic_load(&clock_ahead_ms);
}

static int64_t clock_monotonic_ns(const maitred_host *host) {
    (void)host;
    return nanoseconds(CLOCK_MONOTONIC) + atomic_load(&clock_ahead_ms) * 1000000;
}

/* ---- maitred_host -------------------------------------------------------------------------- */

static const maitred_log_1 log_service = {.size = sizeof log_service, .write = log_write};

static const maitred_clock_1 clock_service = {
    .size = sizeof clock_service,
    .unix_ms = clock_unix_ms,
    .monotonic_ns = clock_monotonic_ns,
};

static const void *host_get_service(const maitred_host *host, const char *id) {
    (void)host;
    if (!may_call("called get_service before create had returned") || !id) return NULL;
    if (strcmp(id, MAITRED_LOG_SERVICE) == 0) return &log_service;
    if (strcmp(id, MAITRED_CLOCK_SERVICE) == 0) return &clock_service;
    return services_find(id);
}

static void host_complete(const maitred_host *host, maitred_call *call, int32_t status,
                          maitred_slice out) {
    (void)host;
    if (may_call("called complete before create had returned")) {
        calls_complete(call, status, out);
    }
}

static void host_log(const maitred_host *host, int32_t level, maitred_slice json) {
    (void)host;
    if (may_call("called log before create had returned")) {
        write_line(level_of(level), (maitred_slice){0}, json);
    }
}

static void host_part(const maitred_host *host, maitred_call *call, maitred_slice out) {
    (void)host;
    if (may_call("called part before create had returned")) calls_part(call, out);
}

static const maitred_host interface = {
    .size = sizeof interface,
    .abi_minor = MAITRED_ABI_MINOR,
    .get_service = host_get_service,
    .complete = host_complete,
    .log = host_log,
    .part = host_part,
};

const maitred_host *host_interface(void) { return &interface; }
