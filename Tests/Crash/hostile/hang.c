/* Never comes back from a call: asleep, with SPIN in a busy loop. EARLY: from a constructor. */
#include "plugin.h"

static void for_ever(void) {
    for (volatile long turns = 0;; turns++) {
#ifndef SPIN
        pause();
#endif
    }
}

#ifdef EARLY
__attribute__((constructor)) static void never(void) { for_ever(); }
#endif

INVOKE {
    say("did begin a call");
    for_ever();
}

PLUGIN()
