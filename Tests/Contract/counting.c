/* What a server asks of the C library and the kernel, counted from the first call on.
 *
 * Loaded before the C library. The numbers stand in the file that COUNTING names, mapped by the test
 * too: allocations, then the calls of the system that carry or keep data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

enum { ALLOCATIONS, RECEIVES, SENDS, WRITES, SYNCS, COUNTS };

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

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    count(ALLOCATIONS);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(ALLOCATIONS);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
    count(ALLOCATIONS);
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count(ALLOCATIONS);
    return __libc_memalign(alignment, size);
}

/* The next function of a name, looked for once. */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

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
