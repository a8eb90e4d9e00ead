/* SPDX-License-Identifier: Apache-2.0
 *
 * libdispatch, which every Swift plugin brings, opens /proc/THREAD/stat of its workers once a
 * second and ends the process when it cannot ("workq: registered worker exited prematurely",
 * https://github.com/swiftlang/swift-corelibs-libdispatch/blob/main/src/event/workqueue.c).
 * Landlock knows folders only, and allowing /proc would show a plugin every process and every
 * connection of the machine. So this open takes the place of the C library's for the libraries
 * of this process, and says of such a thread what is true of a worker that does not block: it
 * runs. All else goes to the kernel as it is. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

/* A descriptor that reads like /proc/THREAD/stat as far as the state; -1 with errno set. */
static int running(int thread) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    dprintf(ends[1], "%d (worker) R\n", thread);
    close(ends[1]);
    return ends[0];
}

EXPORTED int open(const char *path, int flags, ...) {
    int thread = 0, length = 0;
    if ((flags & O_ACCMODE) == O_RDONLY &&
        sscanf(path, "/proc/%d/stat%n", &thread, &length) == 1 && length > 0 && !path[length]) {
        return running(thread);
    }
    int mode = 0;
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, int);
        va_end(rest);
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
