/* What the hostile plugins share: the interface, frames of their own, and the entry point.
 *
 * A plugin defines INVOKE, says PLUGIN(…) at its end, and is compiled with `-include manifest.h`,
 * which holds the text of its manifest. Whatever it has done it says in a line "did …": the
 * test believes no plugin to be hostile before it has read that, or seen what became of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <maitred_plugin.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const maitred_host *host;

static inline maitred_slice slice(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}

static inline void answer(maitred_call *call, const char *json) {
    host->complete(host, call, MAITRED_OK, slice(json));
}

/* Writes a line into the plugin's journal. [any-thread] */
__attribute__((format(printf, 1, 2))) static inline void say(const char *format, ...) {
    char text[1024];
    va_list rest;
    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    const maitred_log_1 *log = host->get_service(host, MAITRED_LOG_SERVICE);
    log->write(host, MAITRED_LOG_INFO, slice(text), (maitred_slice){0});
}

/* Asks a service; -1 when the server does not offer it. [any-thread] */
static inline int32_t ask(const char *service, const char *method, maitred_slice in,
                          maitred_answered answered, void *context) {
    const maitred_service_1 *found = host->get_service(host, service);
    return found ? found->ask(host, found, NULL, method, in, answered, context) : -1;
}

/* Runs something on a thread of its own, once in the life of the process. [any-thread] */
static inline void once(void *(*body)(void *)) {
    static atomic_int is_begun;
    pthread_t thread;
    if (!atomic_exchange(&is_begun, 1)) pthread_create(&thread, NULL, body, NULL);
}

static inline double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Says how often something was done, about once a second. One thread only. */
static inline void tally(const char *what, long count) {
    static double next;
    if (seconds() < next) return;
    if (next > 0) say("did %s: %ld", what, count);
    next = seconds() + 1;
}

/* ---- Frames, past the plugin's process, straight to the server ------------------------------ */

enum { FRAME_RESULT = 4, FRAME_LOG = 5, FRAME_PONG = 6, FRAME_REQUEST = 7 };

/* As in Sources/maitred-plugin-host/frames.h. */
typedef struct frame_header {
    uint32_t length;
    uint16_t type, method_length;
    int32_t status;
    uint32_t related;
    uint64_t call;
} frame_header;

/* Sends one frame, whole if it is below 40 KB. Returns 0 when the server has hung up. */
static inline int send_frame(uint16_t type, uint64_t call, int32_t status, maitred_slice method,
                             maitred_slice payload) {
    frame_header header = {
        .length = (uint32_t)(method.len + payload.len),
        .type = type,
        .method_length = (uint16_t)method.len,
        .status = status,
        .call = call,
    };
    struct iovec parts[3] = {{&header, sizeof header},
                             {(void *)method.ptr, method.len},
                             {(void *)payload.ptr, payload.len}};
    return writev(3, parts, 3) > 0;
}

/* ---- The plugin ------------------------------------------------------------------------------ */

#define INVOKE                                                                                   \
    static void invoke(maitred_plugin *p, maitred_call *call, const char *method, maitred_slice in)

/* Takes initialisers of maitred_plugin beside invoke. */
#define PLUGIN(...)                                                                              \
    static maitred_plugin plugin = {                                                             \
        .size = sizeof plugin, .invoke = invoke, __VA_ARGS__};                                   \
    static maitred_plugin *create(const maitred_host *given, const char *id) {                   \
        host = given;                                                                            \
        return &plugin;                                                                          \
    }                                                                                            \
    static const maitred_entry entry = {                                                         \
        .size = sizeof entry,                                                                    \
        .abi_major = MAITRED_ABI_MAJOR,                                                          \
        .abi_minor = MAITRED_ABI_MINOR,                                                          \
        .manifest = {(const uint8_t *)manifest, sizeof manifest - 1},                            \
        .create = create};                                                                       \
    const maitred_entry *maitred_plugin_entry(uint32_t major) { return &entry; }
