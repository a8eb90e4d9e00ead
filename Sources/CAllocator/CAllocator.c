#include "CAllocator.h"

#include <jemalloc/jemalloc.h>
#include <stdint.h>

// jemalloc reads this name before the first allocation. Threads of a chat server free what others
// have made, so few arenas serve them better than four for each processor; and what the load of an
// hour has left behind goes back to the system when nobody has needed it for some seconds, by a
// thread of jemalloc's own, so that a server that has become quiet does not stay large.
const char *malloc_conf = "narenas:4,background_thread:true,dirty_decay_ms:5000,muzzy_decay_ms:0";

bool callocator_look(struct callocator_figures *figures) {
    // Figures are as of the latest epoch.
    uint64_t epoch = 1;
    size_t size = sizeof epoch;
    if (mallctl("epoch", &epoch, &size, &epoch, size) != 0) return false;
    size = sizeof figures->used;
    if (mallctl("stats.allocated", &figures->used, &size, NULL, 0) != 0) return false;
    size = sizeof figures->resident;
    return mallctl("stats.resident", &figures->resident, &size, NULL, 0) == 0;
}
