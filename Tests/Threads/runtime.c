// What ThreadSanitizer has to be told of Swift's runtime, which is not built with it.
//
// Linked into the tests' program. On Linux the sanitizer never hears of the runtime: how a global is made
// once, how a task moves to another thread, how a Mutex is handed over when two want it. What one thread
// did before and another sees after looks like a race then.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// The runtime's own function behind one of ours.
static void *original(void *_Atomic *known, const char *name) {
    void *found = atomic_load(known);
    if (!found) atomic_store(known, found = dlsym(RTLD_NEXT, name));
    return found;
}

void __tsan_acquire(void *address);
void __tsan_release(void *address);

// Tasks: the runtime calls these where it has them.
__attribute__((constructor)) static void begin(void) {
    void (**acquire)(void *) = dlsym(RTLD_DEFAULT, "_swift_tsan_acquire");
    void (**release)(void *) = dlsym(RTLD_DEFAULT, "_swift_tsan_release");
    bool *enabled = dlsym(RTLD_DEFAULT, "_swift_tsan_enabled");
    if (!acquire || !release || !enabled) return;
    *acquire = __tsan_acquire;
    *release = __tsan_release;
    *enabled = true;
}

// Globals.

struct once {
    void (*body)(void *);
    void *context, *token;
};

static void make(void *argument) {
    struct once *once = argument;
    once->body(once->context);
    __tsan_release(once->token);
}

void swift_once(void *token, void (*body)(void *), void *context) {
    static void *_Atomic known;
    void (*call)(void *, void (*)(void *), void *) = original(&known, "swift_once");
    struct once once = {body, context, token};
    call(token, make, &once);
    __tsan_acquire(token);
}

// Mutexes that two want. The word itself is touched, for whoever does not have to wait looks at that.

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK_SLOW);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
    static void *_Atomic known;
    SWIFT void (*call)(uint32_t, SELF void *) = original(&known, LOCK_SLOW);
    call(thread, mutex);
    atomic_fetch_add((_Atomic uint32_t *)mutex, 0);
}

SWIFT void unlock_slow(SELF void *mutex) {
    static void *_Atomic known;
    SWIFT void (*call)(SELF void *) = original(&known, UNLOCK_SLOW);
    atomic_fetch_add((_Atomic uint32_t *)mutex, 0);
    call(mutex);
}
