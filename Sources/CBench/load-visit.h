// Visitors inside the load client; see include/visits.h.
#pragma once

#include "load-client.h"

/// The answer to a visitor's HTTP request is complete, head and body.
void visit_answered(bench_load *load, peer *of, const char *answer, size_t length);
void visit_upgraded(bench_load *load, peer *of);
void visit_received(bench_load *load, peer *of, const char *text, size_t length);
/// The connection has ended, or the upgrade was refused.
void visit_ended(bench_load *load, peer *of);
/// Forgets what the visitors of the last run were.
void free_visits(bench_load *load);
