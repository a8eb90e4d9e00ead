// Child processes of the bench: they die with it, whatever way it ends.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A started program with pipes to its standard input and from its standard output.
typedef struct bench_child {
    pid_t pid;
    int input;
    int output;
} bench_child;

/// Starts `arguments[0]` with `arguments` (ended by NULL); standard error is appended to the file
/// `error_path`. Returns 0 or an errno. The caller closes both descriptors and reaps the process.
/// The child is killed when the thread that called this ends.
int bench_child_start(char *const arguments[], const char *error_path, bench_child *child);

/// Waits up to `seconds` for the process to end. Returns its exit status (128 + signal when killed
/// by one), or -1 when it still runs.
int bench_child_wait(pid_t pid, double seconds);

/// User and system time of all threads of a process so far, in seconds; 0 when it is gone.
double bench_process_cpu_seconds(pid_t pid);

/// Resident memory of a process in bytes; 0 when it is gone.
uint64_t bench_process_resident_bytes(pid_t pid);

/// Raises the limit of open files to what the system allows and returns it.
uint64_t bench_raise_file_limit(void);

/// A TCP port of 127.0.0.1 that nobody listens on just now; 0 when there is none.
uint16_t bench_free_port(void);
