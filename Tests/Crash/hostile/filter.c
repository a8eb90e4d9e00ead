/* A filter without a verdict: never answers; with CRASH, dies instead. */
#include "plugin.h"

INVOKE {
#ifdef CRASH
    fputs("died in a filter\n", stderr);
    abort();
#endif
    say("did keep a message waiting");
}

PLUGIN()
