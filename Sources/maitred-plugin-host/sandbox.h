/* SPDX-License-Identifier: Apache-2.0
 *
 * What is taken away from the process before the plugin's first instruction runs: constructors
 * of a library run inside dlopen, so the sandbox comes before it. Each part is tried on its own;
 * the report says which ones this kernel refused. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stddef.h>
#include <stdint.h>

typedef struct sandbox_plan {
    const char *const *readable; /* folders and files, beside the system's libraries */
    size_t readable_count;
    uint32_t memory_mb; /* for the plugin's data */
    int output_to_file; /* stdout may be a file: leave the size of files alone */
} sandbox_plan;

typedef struct sandbox_report {
    int parts, refused;
    char reasons[512]; /* of the refused parts, one line each */
} sandbox_report;

/* Applies every part to the calling thread, which must be the only one. */
void sandbox_apply(const sandbox_plan *plan, sandbox_report *report);

/* "full", "partial" or "off". */
const char *sandbox_status(const sandbox_report *report);

/* The parts. Each returns NULL when it holds, else the reason why not. */
const char *sandbox_landlock(const char *const *readable, size_t count);
const char *sandbox_seccomp(void);

#endif
