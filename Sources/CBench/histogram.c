#include "histogram.h"

#include <string.h>

void histogram_clear(histogram *of) { memset(of, 0, sizeof *of); }

static unsigned bucket(uint64_t value) {
    if (value < histogram_steps) return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - 6u;
    unsigned found = (shift + 1) * histogram_steps + (unsigned)((value >> shift) - histogram_steps);
    return found < histogram_buckets ? found : histogram_buckets - 1;
}

static double upper_bound(unsigned bucket) {
    if (bucket < histogram_steps) return bucket;
    unsigned shift = bucket / histogram_steps - 1;
    return (double)((uint64_t)(bucket % histogram_steps + histogram_steps + 1) << shift);
}

void histogram_add(histogram *to, uint64_t nanoseconds) {
    to->counts[bucket(nanoseconds)]++;
    to->total++;
    if (nanoseconds > to->largest) to->largest = nanoseconds;
}

double histogram_microseconds(const histogram *of, double share) {
    if (of->total == 0) return 0;
    uint64_t wanted = (uint64_t)((double)of->total * share), seen = 0;
    for (unsigned each = 0; each < histogram_buckets; each++) {
        seen += of->counts[each];
        if (seen > wanted) return upper_bound(each) / 1000;
    }
    return (double)of->largest / 1000;
}
