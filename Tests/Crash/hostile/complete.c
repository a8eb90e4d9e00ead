/* Completes what it must not: every call twice; with LATE, calls that were cancelled, three times
 * and once more a second later. */
#include "plugin.h"

#ifdef LATE
static void *later(void *call) {
    sleep(1);
    answer(call, "{\"facts\":{\"late\":3}}");
    say("did complete after a second");
    return NULL;
}

static void cancel(maitred_plugin *p, maitred_call *call) {
    for (int i = 0; i < 3; i++) answer(call, "{\"facts\":{\"late\":1}}");
    say("did complete after cancel");
    pthread_t thread;
    if (pthread_create(&thread, NULL, later, call) == 0) pthread_detach(thread);
}

INVOKE {}

PLUGIN(.cancel = cancel)
#else
INVOKE {
    answer(call, "{\"facts\":{\"count\":1}}");
    answer(call, "{\"facts\":{\"count\":2}}");
    say("did complete twice");
}

PLUGIN()
#endif
