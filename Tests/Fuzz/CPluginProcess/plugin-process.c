#include "plugin-process.h"

#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <string.h>

#include "../../../Sources/maitred-plugin-host/calls.h"
#include "../../../Sources/maitred-plugin-host/frames.h"
#include "../../../Sources/maitred-plugin-host/host.h"
#include "../../../Sources/maitred-plugin-host/life.h"
#include "../../../Sources/maitred-plugin-host/services.h"

#define PATIENCE_MS 5000
#define THREADS 4

/* Of the sources beside this one. */
void life_forget(void);
void services_forget(void);

/* ---- The plugin's calls -------------------------------------------------------------------- */

static maitred_call *kept[CALLS_LIMIT];
static int kept_count;
static int is_closing;
static int running; /* invocations that have not returned */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t returned = PTHREAD_COND_INITIALIZER;

static void complete(maitred_call *call, int32_t status, maitred_slice out) {
    host_interface()->complete(host_interface(), call, status, out);
}

/* Lets a call stay open until it is released; 0 when none may any more. */
static int keep(maitred_call *call) {
    pthread_mutex_lock(&lock);
    int is_kept = !is_closing && kept_count < CALLS_LIMIT;
    if (is_kept) kept[kept_count++] = call;
    pthread_mutex_unlock(&lock);
    return is_kept;
}

/* Whether a call was kept; it is not from here on. */
static int release(const maitred_call *call) {
    int was_kept = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < kept_count && !was_kept; i++) {
        if (kept[i] != call) continue;
        kept[i] = kept[--kept_count];
        was_kept = 1;
    }
    pthread_mutex_unlock(&lock);
    return was_kept;
}

static maitred_call *any_kept(void) {
    pthread_mutex_lock(&lock);
    is_closing = 1;
    maitred_call *call = kept_count ? kept[kept_count - 1] : NULL;
    pthread_mutex_unlock(&lock);
    return call;
}

/* ---- The plugin ---------------------------------------------------------------------------- */

static void answered(void *context, int32_t status, maitred_slice out) {
    maitred_call *call = context;
    if (status == MAITRED_MORE) {
        host_interface()->part(host_interface(), call, out);
    } else if (release(call)) {
        complete(call, status, out);
    }
}

/* Asks a service on behalf of a call, which its answer completes. */
static void ask(maitred_call *call, const char *method, maitred_slice in) {
    const maitred_service_1 *service =
        host_interface()->get_service(host_interface(), MAITRED_KV_SERVICE);
    int32_t status = MAITRED_FAILED;
    if (keep(call)) {
        status = service->ask(host_interface(), service, call, method, in, answered, call);
        if (status == MAITRED_OK || !release(call)) return;
    }
    complete(call, status, (maitred_slice){0});
}

/* A token that is no call's: those of open calls are of an odd generation. Another's would be
 * completed before its own invocation, of which nobody could say when it is over. */
static maitred_call *strange_token(maitred_call *call, maitred_slice in) {
    uint64_t value = 0;
    if (in.len) memcpy(&value, in.ptr, in.len < sizeof value ? in.len : sizeof value);
    value += (uintptr_t)call;
    return (maitred_call *)(uintptr_t)(value & ~(uint64_t)CALLS_LIMIT);
}

/* Does what the method's first letter says: keep, ask, log, part, twice, strange; or answers. */
static void invoke(maitred_plugin *plugin, maitred_call *call, const char *method,
                   maitred_slice in) {
    (void)plugin;
    const maitred_host *host = host_interface();
    pthread_mutex_lock(&lock);
    running++;
    pthread_mutex_unlock(&lock);
    switch (method[0]) {
    case 'k':
        if (!keep(call)) complete(call, MAITRED_FAILED, in);
        break;
    case 'a': ask(call, method + 1, in); break;
    case 'l':
        host->log(host, MAITRED_LOG_INFO, in);
        complete(call, MAITRED_OK, in);
        break;
    case 'p':
        host->part(host, call, in);
        complete(call, MAITRED_OK, in);
        break;
    case 't':
        complete(call, MAITRED_OK, in);
        complete(call, MAITRED_OK, in);
        break;
    case 's':
        complete(strange_token(call, in), MAITRED_OK, in);
        complete(call, MAITRED_OK, in);
        break;
    default: complete(call, MAITRED_OK, in); break;
    }
    pthread_mutex_lock(&lock);
    running--;
    pthread_cond_broadcast(&returned);
    pthread_mutex_unlock(&lock);
}

/* Takes a configuration, at once or, when it begins with k, some time later. */
static void configure(maitred_plugin *plugin, maitred_call *call, maitred_slice config) {
    (void)plugin;
    if (config.len == 0 || config.ptr[0] != 'k' || !keep(call)) complete(call, MAITRED_OK, config);
}

static void cancel(maitred_plugin *plugin, maitred_call *call) {
    (void)plugin;
    if (release(call)) complete(call, MAITRED_CANCELLED, (maitred_slice){0});
}

static maitred_plugin plugin = {
    .size = sizeof plugin,
    .start = configure,
    .configure = configure,
    .invoke = invoke,
    .cancel = cancel,
};

static maitred_plugin *create(const maitred_host *host, const char *plugin_id) {
    (void)host, (void)plugin_id;
    return &plugin;
}

static const maitred_entry entry = {
    .size = sizeof entry,
    .abi_major = MAITRED_ABI_MAJOR,
    .abi_minor = MAITRED_ABI_MINOR,
    .create = create,
};

/* ---- The process --------------------------------------------------------------------------- */

static jmp_buf end;

/* Takes the place of _exit in these sources. Only the thread that follows the orders calls it. */
_Noreturn void plugin_process_exit(int status) {
    (void)status;
    longjmp(end, 1);
}

int plugin_process_run(int socket) {
    static const char *const services[] = {MAITRED_KV_SERVICE};
    is_closing = 0;
    life_forget();
    services_forget();
    services_grant(services, 1);
    host_move_clock(0);
    frames_open(socket);
    if (!setjmp(end)) life_serve(&entry, "fuzz", THREADS);

    for (maitred_call *call; (call = any_kept());) cancel(&plugin, call);
    int left = calls_wait(PATIENCE_MS);
    pthread_mutex_lock(&lock);
    while (running > 0) pthread_cond_wait(&returned, &lock);
    pthread_mutex_unlock(&lock);
    return left;
}
