/* Starts THREADS threads, which sleep, with SPIN run. */
#include "plugin.h"

static void *live(void *unused) {
    for (volatile long turns = 0;; turns++) {
#ifndef SPIN
        pause();
#endif
    }
    return unused;
}

static void *begin(void *unused) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 14);
    int count = 0;
    for (pthread_t thread; count < THREADS; count++) {
        if (pthread_create(&thread, &small, live, NULL) != 0) break;
    }
    say("did start threads: %d", count);
    return unused;
}

INVOKE {
    once(begin);
    answer(call, "{\"facts\":{\"threads\":true}}");
}

PLUGIN()
