// The inside of the load client, shared by its files.
#pragma once

#include "histogram.h"
#include "load-connection.h"

struct dialect;

struct bench_load {
    uint16_t port;
    const struct dialect *dialect;
    bool secure;
    int poll;
    peer **peers;
    unsigned count, capacity;
    buffer scratch;
    char error[256];

    // Opening.
    const bench_opening *opening;
    unsigned first, started, opened, failed;

    // Asking.
    char asked[64];
    uint64_t answered_at;
    char *answer;
    size_t answer_capacity;
    long answer_length;

    // Running.
    bool running, sending;
    unsigned width;      // connections that send
    uint64_t begun;      // nanoseconds; when the schedule starts
    double interval;     // nanoseconds between two messages on schedule; 0: closed loop
    uint64_t due_count;  // messages of the schedule whose time has come
    peer *beside;        // sends its signal at `beside_at` and every `beside_interval` nanoseconds
    uint64_t beside_at, beside_interval;
    unsigned in_flight;
    histogram latency;
    uint64_t acknowledged, delivered, refused, misordered;
    unsigned closed;
    bool has_agent;
    peer **speakers;  // those whose signals reach an agent, by conversation
    unsigned speaker_count;

    struct visits *visits;
};

uint64_t load_now(void);

/// Handles what is ready, waiting up to `nanoseconds` for the first of it.
void load_step(bench_load *load, uint64_t nanoseconds);

/// A further connection, not opened yet.
peer *load_add_peer(bench_load *load, bench_role role);

/// Connects with a request to be sent at once. False with the reason in errno.
bool load_connect(bench_load *load, peer *of, phase phase, const char *request, size_t length);

/// Connects and asks for the upgrade. False with the reason in errno.
bool load_upgrade(bench_load *load, peer *of, const char *origin);

void load_fail(bench_load *load, const char *why);

/// What a connection that is being opened greets with.
const char *load_hello(const bench_load *load, const peer *of);

/// A connection has been greeted and is ready.
void load_opened(bench_load *load, peer *of);

/// A message has reached an agent; `id` begins with its client id, which is checked: each
/// customer's messages arrive once and in order. Returns the customer, NULL when there is none.
peer *load_delivered(bench_load *load, const char *id, size_t length);

/// Sends a connection's next message, counting its latency from `from`. In load-run.c.
void load_send_next(bench_load *load, peer *with, uint64_t from);

/// A message of this connection was answered. In load-run.c.
void load_answered(bench_load *load, peer *of);

/// Whether a frame of maitred's is of this type. In dialect-maitred.c.
bool load_has_type(const char *text, size_t length, const char *type);

/// Takes a frame that may be a signal's answer. True when it was one. In load-signal.c.
bool load_signalled(bench_load *load, peer *receiver, const char *text, size_t length);

/// Sorts the connections of a run for `load_signalled`. In load-signal.c.
void load_index_speakers(bench_load *load);
