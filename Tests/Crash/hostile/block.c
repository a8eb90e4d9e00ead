/* Blocks the thread that reads the channel: in `cancel`, with ANSWERED where a service answers,
 * with STOP by stopping the whole process. */
#include "plugin.h"

static void block(void) {
    for (;;) pause();
}

static void cancel(maitred_plugin *p, maitred_call *call) {
    say("did block in cancel");
    block();
}

#ifdef ANSWERED
static void answered(void *context, int32_t status, maitred_slice out) {
    say("did block in answered");
    block();
}
#endif

INVOKE {
#if defined ANSWERED
    ask("maitred.metrics/1", "count", slice("{\"name\":\"n\",\"value\":1}"), answered, NULL);
    answer(call, "{\"facts\":{\"counted\":true}}");
#elif defined STOP
    say("did stop itself");
    usleep(20000);
    kill(getpid(), SIGSTOP);
#endif
}

PLUGIN(.cancel = cancel)
