#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dialect.h"
#include "include/child-process.h"

static const double patience = 10;  // seconds for the last answers and deliveries

bool bench_load_prepare(bench_load *load, unsigned connection, const char *conversation,
                        const char *text) {
    if (connection >= load->count) return false;
    peer *with = load->peers[connection];
    free(with->message);
    with->message = NULL;
    with->answer[0] = with->conversation[0] = 0;
    return load->dialect->prepare(with, conversation, text);
}

uint32_t bench_load_sent(const bench_load *load, unsigned connection) {
    return connection < load->count ? load->peers[connection]->sequence : 0;
}

void load_send_next(bench_load *load, peer *with, uint64_t from) {
    with->sequence++;
    load->dialect->number(with);
    with->waiting = true;
    with->started = from;
    with->turn++;
    load->in_flight++;
    if (!peer_send(with, load->dialect->opcode, with->message, with->length))
        load_ended(load, with, strerror(errno));
}

/// When a connection's next message is due on the schedule.
static uint64_t due_at(const bench_load *load, const peer *of) {
    uint64_t place = of->turn * load->width + of->number;
    return load->begun + (uint64_t)((double)place * load->interval);
}

void load_answered(bench_load *load, peer *of) {
    uint64_t now = load_now();
    of->waiting = false;
    load->in_flight--;
    load->acknowledged++;
    histogram_add(&load->latency, now - of->started);
    if (!load->sending || of->number >= load->width) return;
    if (load->interval == 0) {
        load_send_next(load, of, now);
    } else {
        uint64_t due = due_at(load, of);
        if (due <= now) load_send_next(load, of, due);
    }
}

/// Sends what has become due; returns how long until the next is.
static uint64_t send_due(bench_load *load, uint64_t now) {
    for (;;) {
        uint64_t due = load->begun + (uint64_t)((double)load->due_count * load->interval);
        if (due > now) return due - now;
        peer *with = load->peers[load->due_count % load->width];
        load->due_count++;
        // A connection that still waits sends it when its answer comes: load_answered.
        if (with->phase == phase_open && !with->waiting && due_at(load, with) <= now)
            load_send_next(load, with, due_at(load, with));
    }
}

/// Sends what is sent beside the measured messages; returns how long until it is sent again.
static uint64_t send_beside(bench_load *load, uint64_t now) {
    peer *with = load->beside;
    if (now >= load->beside_at) {
        load->beside_at = now + load->beside_interval;
        if (with->phase == phase_open && !peer_send(with, 1, with->message, with->length))
            load_ended(load, with, strerror(errno));
    }
    return load->beside_at - now;
}

static void drive(bench_load *load, uint64_t until) {
    for (uint64_t now = load_now(); now < until; now = load_now()) {
        uint64_t wait = until - now;
        if (load->interval > 0) {
            uint64_t next = send_due(load, now);
            if (next < wait) wait = next;
        }
        if (load->beside) {
            uint64_t next = send_beside(load, now);
            if (next < wait) wait = next;
        }
        load_step(load, wait);
        if (load->interval == 0 && load->in_flight == 0) return;  // every connection has ended
    }
}

static double own_cpu_seconds(void) {
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void wait_for_the_rest(bench_load *load) {
    uint64_t end = load_now() + (uint64_t)(patience * 1e9);
    while (load_now() < end) {
        uint64_t expected = load->acknowledged - load->refused;
        if (load->in_flight == 0 && (!load->has_agent || load->delivered >= expected)) return;
        load_step(load, 10000000);
    }
}

static void start(bench_load *load, const bench_load_options *options) {
    load->error[0] = 0;
    load->width = options->connections;
    load->interval = options->messages_per_second > 0 ? 1e9 / options->messages_per_second : 0;
    load->begun = load_now();
    load->due_count = 0;
    load->beside = options->beside_seconds > 0 ? load->peers[options->beside] : NULL;
    load->beside_interval = (uint64_t)(options->beside_seconds * 1e9);
    load->beside_at = load->begun;
    load->in_flight = 0;
    load->sending = true;
    load_index_speakers(load);
    for (unsigned each = 0; each < load->width; each++) {
        peer *with = load->peers[each];
        with->turn = 0;
        if (with->phase == phase_open && load->interval == 0)
            load_send_next(load, with, load->begun);
    }
}

bench_measured bench_load_run(bench_load *load, const bench_load_options *options) {
    bench_measured result = {0};
    for (unsigned each = 0; each < options->connections; each++) {
        if (each < load->count && load->peers[each]->message) continue;
        load_fail(load, "a connection has no message prepared");
        return result;
    }
    start(load, options);
    drive(load, load->begun + (uint64_t)(options->warm_up_seconds * 1e9));

    histogram_clear(&load->latency);
    double server = bench_process_cpu_seconds(options->server), client = own_cpu_seconds();
    uint64_t from = load_now(), before = load->acknowledged;
    drive(load, from + (uint64_t)(options->seconds * 1e9));
    uint64_t to = load_now();
    result.server_cpu_seconds = bench_process_cpu_seconds(options->server) - server;
    result.client_cpu_seconds = own_cpu_seconds() - client;
    result.messages = load->acknowledged - before;
    result.seconds = (double)(to - from) / 1e9;

    load->sending = false;
    wait_for_the_rest(load);
    // After the wait: what was in flight at the end belongs to the distribution too.
    result.p50_us = histogram_microseconds(&load->latency, 0.5);
    result.p90_us = histogram_microseconds(&load->latency, 0.9);
    result.p99_us = histogram_microseconds(&load->latency, 0.99);
    result.max_us = (double)load->latency.largest / 1000;
    result.acknowledged = load->acknowledged - load->refused;
    result.delivered = load->delivered;
    result.refused = load->refused;
    result.misordered = load->misordered;
    result.closed = load->closed;
    result.unanswered = load->in_flight;
    return result;
}
