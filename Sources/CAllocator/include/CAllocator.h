// Debian's jemalloc in place of the C library's allocator, for a program that links this.
#ifndef C_ALLOCATOR_H
#define C_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

/// Memory as the allocator counts it, in bytes.
struct callocator_figures {
    /// Handed out and not given back.
    size_t used;
    /// Of the machine's memory, with what is kept for the next who ask.
    size_t resident;
};

/// Asks jemalloc; false when it cannot say. Under a sanitizer, which brings its own allocator, it has
/// handed out nothing.
///
/// Thread: any. Costs some tens of microseconds: it adds up what its threads keep.
bool callocator_look(struct callocator_figures *figures);

#endif
