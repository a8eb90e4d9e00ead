/* What a server asks of the C library and the kernel, counted from the first call on.
 *
 * Loaded before the C library. The numbers stand in the file that COUNTING names, mapped by the test
 * too: allocations, then the calls of the system that carry or keep data, then those by which threads
 * wake each other and wait: eventfds and semaphores that are signalled, waits of a loop, and futexes of
 * Swift's own locks and of dispatch. What the C library's locks do inside is not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { ALLOCATIONS, RECEIVES, SENDS, WRITES, SYNCS, SIGNALS, POLLS, FUTEXES, COUNTS };

static _Atomic long before_it_was_mapped[COUNTS];
static _Atomic long *counts = before_it_was_mapped;

static void count(int what) { atomic_fetch_add_explicit(&counts[what], 1, memory_order_relaxed); }

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("COUNTING");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) counts = page;
}

/* The next function of a name, looked for once. */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void *malloc(size_t size)
{
    NEXT(malloc);
    count(ALLOCATIONS);
    return next(size);
}

void *calloc(size_t number, size_t size)
{
    NEXT(calloc);
    count(ALLOCATIONS);
    return next(number, size);
}

void *realloc(void *old, size_t size)
{
    NEXT(realloc);
    count(ALLOCATIONS);
    return next(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    NEXT(aligned_alloc);
    count(ALLOCATIONS);
    return next(alignment, size);
}

ssize_t recv(int socket, void *bytes, size_t length, int flags)
{
    NEXT(recv);
    count(RECEIVES);
    return next(socket, bytes, length, flags);
}

ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
    NEXT(send);
    count(SENDS);
    return next(socket, bytes, length, flags);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    NEXT(pwrite64);
    count(WRITES);
    return next(file, bytes, length, offset);
}

int fdatasync(int file)
{
    NEXT(fdatasync);
    count(SYNCS);
    return next(file);
}

int eventfd_write(int descriptor, eventfd_t value)
{
    NEXT(eventfd_write);
    count(SIGNALS);
    return next(descriptor, value);
}

int sem_post(sem_t *semaphore)
{
    NEXT(sem_post);
    count(SIGNALS);
    return next(semaphore);
}

int epoll_wait(int descriptor, struct epoll_event *events, int most, int timeout)
{
    NEXT(epoll_wait);
    count(POLLS);
    return next(descriptor, events, most, timeout);
}

int epoll_pwait(int descriptor, struct epoll_event *events, int most, int timeout,
                const sigset_t *mask)
{
    NEXT(epoll_pwait);
    count(POLLS);
    return next(descriptor, events, most, timeout, mask);
}

/* Whoever calls the kernel by number gives it six words at most, and takes one. */
long syscall(long number, ...)
{
    NEXT(syscall);
    long words[6];
    va_list list;
    va_start(list, number);
    for (int at = 0; at < 6; at += 1) words[at] = va_arg(list, long);
    va_end(list);
    if (number == SYS_futex) count(FUTEXES);
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
