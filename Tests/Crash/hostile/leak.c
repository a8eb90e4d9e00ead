/* Takes memory and fills it until there is no more, and keeps it. */
#include "plugin.h"

static void *leak(void *unused) {
    long megabytes = 0;
    for (char *block; (block = malloc(1 << 20)); megabytes++) memset(block, 1, 1 << 20);
    say("did leak megabytes: %ld", megabytes);
    for (;;) pause();
    return unused;
}

INVOKE {
    once(leak);
    answer(call, "{\"facts\":{\"leaks\":true}}");
}

PLUGIN()
