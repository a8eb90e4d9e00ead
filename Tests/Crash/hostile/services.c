/* Asks a service as fast as it answers, with as many questions open as may be. What is asked is
 * WORK: KV sets one small key, KV_LARGE a thousand keys of 60 KB each, METRICS counts with a
 * question as large as is taken, EVENTS reads the log from its beginning. */
#include "plugin.h"

enum { KV, KV_LARGE, METRICS, EVENTS };

static atomic_long done, failed;
static char filling[200001];

static void next(void);

static void answered(void *context, int32_t status, maitred_slice out) {
    if (status == MAITRED_MORE) return;
    atomic_fetch_add(status == MAITRED_OK ? &done : &failed, 1);
    next();
}

/* [main], and at first one other thread */
static void next(void) {
    char *text = malloc(sizeof filling + 200);
    if (!text) abort();
    const char *service = "maitred.kv/1", *method = "set";
    switch (WORK) {
    case KV: sprintf(text, "{\"key\":\"k\",\"value\":\"%ld\"}", done); break;
    case KV_LARGE:
        sprintf(text, "{\"key\":\"k%ld\",\"value\":\"%.60000s\"}", done % 1000, filling);
        break;
    case METRICS:
        service = "maitred.metrics/1", method = "count";
        sprintf(text, "{\"name\":\"n\",\"value\":1,\"rest\":\"%s\"}", filling);
        break;
    case EVENTS:
        service = "maitred.events/1", method = "read";
        strcpy(text, "{\"after\":0,\"limit\":500}");
        break;
    }
    ask(service, method, slice(text), answered, NULL);
    free(text);
}

static void *flood(void *unused) {
    memset(filling, 'x', sizeof filling - 1);
    for (int i = 0; i < 200; i++) next();
    for (;;) {
        sleep(1);
        say("did ask: %ld answered, %ld not", done, failed);
    }
    return unused;
}

INVOKE {
    once(flood);
    answer(call, "{\"facts\":{\"asks\":true}}");
}

PLUGIN()
