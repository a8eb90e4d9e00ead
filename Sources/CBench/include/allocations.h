#ifndef MAITRED_BENCH_ALLOCATIONS_H
#define MAITRED_BENCH_ALLOCATIONS_H

/// How often the calling thread has asked for memory since it began.
///
/// The program's own malloc, calloc and realloc stand before the C library's and count; nothing else
/// changes.
unsigned long bench_allocations(void);

#endif
