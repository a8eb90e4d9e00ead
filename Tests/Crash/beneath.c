/* Loaded beneath the server with LD_PRELOAD: makes its disk fail, and its clock jump.
 *
 * A page of numbers, shared with the test through the file BENEATH_CONTROL, says what is wrong at
 * present; beneath.py names them. What is done to files concerns maitred.sqlite and its write-ahead
 * log only.
 *
 * Before each write the bytes that were there are noted in a file FILE.undo beside BENEATH_CONTROL;
 * a sync empties it. So what it holds after a SIGKILL is what a power cut might have taken. From a
 * failed sync on syncs are noted there instead: the kernel takes the pages of such a sync for clean,
 * and one that succeeds later says nothing about those that were not written again. That outlives
 * the process: beneath.py makes an end of it when the power is cut. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    WRITE_ERROR, SYNC_ERROR, TRUNCATE_ERROR, PER_MILLE, LIES, KEEPS_UNDO, CLOCK_OFFSET, SYNC_DELAY,
    INJECTED, SYNCS, DOOMED, NUMBERS
};

enum { DATABASE, LOG, FILES };

static const char *const names[FILES] = {"maitred.sqlite", "maitred.sqlite-wal"};

static _Atomic int64_t nothing[NUMBERS];
static _Atomic int64_t *control = nothing;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int undo[FILES] = {-1, -1};

#define REAL(type, name, ...)                                                                      \
    static type (*real_##name)(__VA_ARGS__);                                                       \
    if (!real_##name) real_##name = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("BENEATH_CONTROL");
    if (!path) return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) abort();
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page == MAP_FAILED) abort();
    control = page;
}

static int64_t now_is(int number) { return atomic_load(&control[number]); }

/* Which of the files a descriptor is, or -1. */
static int which(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return -1;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    for (int file = 0; name && file < FILES; file++)
        if (strcmp(name + 1, names[file]) == 0) return file;
    return -1;
}

static int fails(int number) {
    int64_t code = now_is(number);
    if (code == 0 || random() % 1000 >= now_is(PER_MILLE)) return 0;
    atomic_fetch_add(&control[INJECTED], 1);
    errno = (int)code;
    return 1;
}

/* In undo files: this, then the `kept` bytes that were at `offset` before `length` were written to a
 * file of `size` bytes. A `length` below says that it was synced, or should have been. */
struct record {
    int64_t offset, length, size, kept;
};

enum { SYNCED = -1, SYNC_FAILED = -2 };

static ssize_t write_all(int fd, const void *bytes, size_t count) {
    REAL(ssize_t, write, int, const void *, size_t);
    return real_write(fd, bytes, count) == (ssize_t)count ? 0 : -1;
}

static int open_undo(int file) {
    if (undo[file] >= 0) return undo[file];
    char path[4200];
    snprintf(path, sizeof path, "%s.%s.undo", getenv("BENEATH_CONTROL"), names[file]);
    undo[file] = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return undo[file];
}

static void note(int file, int fd, size_t count, off_t offset) {
    struct stat about;
    char *before = malloc(count);
    if (!before || fstat(fd, &about) != 0 || open_undo(file) < 0) abort();
    ssize_t kept = pread(fd, before, count, offset);
    struct record record = {offset, (int64_t)count, about.st_size, kept < 0 ? 0 : kept};
    if (write_all(undo[file], &record, sizeof record) != 0) abort();
    if (kept > 0 && write_all(undo[file], before, (size_t)kept) != 0) abort();
    free(before);
}

/* The file is on the disk as it is now. */
static void forget(int file) {
    REAL(int, ftruncate64, int, off_t);
    if (!now_is(KEEPS_UNDO)) return;
    if (open_undo(file) < 0 || real_ftruncate64(undo[file], 0) != 0) abort();
}

static void note_sync(int file, int fd, int is_done) {
    if (!now_is(KEEPS_UNDO)) return;
    if (!is_done) atomic_store(&control[DOOMED], 1);
    if (!now_is(DOOMED)) {
        forget(file);
        return;
    }
    struct stat about;
    if (fstat(fd, &about) != 0 || open_undo(file) < 0) abort();
    struct record record = {0, is_done ? SYNCED : SYNC_FAILED, about.st_size, 0};
    if (write_all(undo[file], &record, sizeof record) != 0) abort();
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) {
    REAL(ssize_t, pwrite64, int, const void *, size_t, off_t);
    if (!now_is(WRITE_ERROR) && !now_is(KEEPS_UNDO))
        return real_pwrite64(fd, bytes, count, offset);
    int file = which(fd);
    if (file < 0) return real_pwrite64(fd, bytes, count, offset);
    if (fails(WRITE_ERROR)) {
        /* Disks fill up in the middle of a write. */
        if (count < 2 || random() % 2) return -1;
        count /= 2;
    }
    pthread_mutex_lock(&lock);
    if (now_is(KEEPS_UNDO)) note(file, fd, count, offset);
    ssize_t written = real_pwrite64(fd, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}

static int sync_with(int (*real)(int), int fd) {
    int file = which(fd);
    if (file < 0) return real(fd);
    atomic_fetch_add(&control[SYNCS], 1);
    if (now_is(SYNC_DELAY)) usleep((useconds_t)now_is(SYNC_DELAY));
    if (now_is(LIES)) return 0;
    int is_to_fail = fails(SYNC_ERROR);
    pthread_mutex_lock(&lock);
    int code = is_to_fail ? -1 : real(fd);
    note_sync(file, fd, code == 0);
    pthread_mutex_unlock(&lock);
    if (is_to_fail) errno = EIO;
    return code;
}

int fdatasync(int fd) {
    REAL(int, fdatasync, int);
    return sync_with(real_fdatasync, fd);
}

int fsync(int fd) {
    REAL(int, fsync, int);
    return sync_with(real_fsync, fd);
}

int ftruncate64(int fd, off_t size) {
    REAL(int, ftruncate64, int, off_t);
    int file = which(fd);
    if (file >= 0 && fails(TRUNCATE_ERROR)) return -1;
    int code = real_ftruncate64(fd, size);
    if (code == 0 && file == LOG && size == 0 && !now_is(LIES)) {
        pthread_mutex_lock(&lock);
        forget(file);
        pthread_mutex_unlock(&lock);
    }
    return code;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* Another log has taken the place of the one that is known, or none. */
static void log_is_gone(const char *path) {
    const char *name = strrchr(path, '/');
    if (!name || strcmp(name + 1, names[LOG]) != 0 || now_is(LIES)) return;
    pthread_mutex_lock(&lock);
    forget(LOG);
    pthread_mutex_unlock(&lock);
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    int code = real_unlink(path);
    if (code == 0) log_is_gone(path);
    return code;
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    int code = real_rename(from, to);
    if (code == 0) log_is_gone(to);
    return code;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(int, clock_gettime, clockid_t, struct timespec *);
    int code = real_clock_gettime(clock, time);
    int64_t offset = now_is(CLOCK_OFFSET);
    if (code != 0 || offset == 0) return code;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += offset;
    return code;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
    *time = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result) {
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
    if (result) *result = exact.tv_sec;
    return exact.tv_sec;
}
