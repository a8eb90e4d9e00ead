// Counts of durations in buckets 1/64 apart, from nanoseconds to minutes.
#pragma once

#include <stdint.h>

enum { histogram_steps = 64, histogram_buckets = 40 * histogram_steps };

typedef struct histogram {
    uint64_t total, largest;
    uint64_t counts[histogram_buckets];
} histogram;

void histogram_clear(histogram *of);
void histogram_add(histogram *to, uint64_t nanoseconds);

/// The duration in microseconds that the share `share` of all stays at or below; 0 when empty.
double histogram_microseconds(const histogram *of, double share);
