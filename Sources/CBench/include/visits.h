// Visitors who come on a schedule, each by themselves: a session over HTTP, a socket, a message,
// a wish for a person. They keep what they are told: whoever is asked to come later does.
#pragma once

#include "load-client.h"

/// What became of one visitor; times in seconds since the first could have come, below 0 for never.
typedef struct bench_visit {
    double due;           ///< When they came; latencies count from here.
    double acknowledged;  ///< When their message was stored.
    double settled;       ///< When they knew their place in the queue, or somebody took over.
    unsigned position;    ///< Their last place in the queue; 0 without one.
    bool answered;        ///< A person took the conversation.
    bool found;           ///< The message came again when it was asked for: bench_visit_check.
    unsigned turned_away; ///< How often the server named a time to come again.
    unsigned cut_off;     ///< How often it ended a connection or refused without one.
} bench_visit;

typedef struct bench_visit_plan {
    const char *site, *origin, *text;  ///< `text` as inside a JSON string.
    const double *due;                 ///< Ascending, in seconds.
    unsigned count;
    double patience;  ///< Seconds after the last has come.
} bench_visit_plan;

/// Lets the visitors come and waits until all are settled. Their sockets stay open. False with a
/// reason in `bench_load_error` when one met something that is no part of the protocol.
bool bench_visit_run(bench_load *load, const bench_visit_plan *plan);

/// Asks for every acknowledged message again.
void bench_visit_check(bench_load *load, double patience);

/// The visitor of this number.
bench_visit bench_visit_result(const bench_load *load, unsigned number);
