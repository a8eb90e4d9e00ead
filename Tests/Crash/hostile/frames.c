/* Sends frames of its own on the channel as fast as it is let, of the kind TYPE with SIZE bytes;
 * with BURST, so many each 10 ms; with GARBAGE, what is no frame at all. */
#include "plugin.h"

#ifndef TYPE
#define TYPE FRAME_PONG
#endif
#ifndef SIZE
#define SIZE 0
#endif
#ifndef BURST
#define BURST 0
#endif

static void *flood(void *unused) {
#ifdef GARBAGE
    uint8_t noise[4096];
    for (size_t i = 0; i < sizeof noise; i++) noise[i] = (uint8_t)rand();
    while (write(3, noise, sizeof noise) > 0) {
    }
#else
    static uint8_t payload[SIZE + 1];
    maitred_slice bytes = {payload, SIZE};
    /* Calls of these numbers nobody has made. */
    for (long sent = 1; send_frame(TYPE, ~0ull - (uint64_t)sent, 0, slice(""), bytes); sent++) {
        tally("send frames", sent);
        if (BURST && sent % (BURST + !BURST) == 0) usleep(10000);
    }
#endif
    return unused;
}

INVOKE {
    once(flood);
    answer(call, "{\"facts\":{\"floods\":true}}");
}

PLUGIN()
