/* Dies in every call; with EARLY already while its library is loaded. */
#include "plugin.h"

#ifdef EARLY
__attribute__((constructor)) static void boom(void) {
    fputs("died in a constructor\n", stderr);
    abort();
}
#endif

INVOKE {
    fputs("died in a call\n", stderr);
    *(volatile int *)NULL = 1;
}

PLUGIN()
