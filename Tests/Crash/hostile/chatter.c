/* Writes without end: log lines through the interface; with PRINT, texts on standard error; with
 * RAW, 500 log frames a second past the interface, with texts as long as one write can be. */
#include "plugin.h"

static void *flood(void *unused) {
    static char line[36000];
    memset(line, 'x', sizeof line - 1);
#if defined PRINT
    for (size_t i = 0; i < sizeof line; i++) {
        if (i % (PRINT) == (PRINT) - 1) line[i] = '\n';
    }
    for (long sent = 1; write(2, line, sizeof line - 1) > 0; sent++) {
        tally("print bytes", sent * (long)sizeof line);
    }
#elif defined RAW
    /* A line that was never written, in the form of the server's own. */
    memcpy(line, "\n2026-01-01T00:00:00+0000 error maitred: forged ", 48);
    for (long sent = 1; send_frame(FRAME_LOG, 0, 3, slice(line), slice("")); sent++) {
        if (sent % 5 == 0) usleep(10000);
    }
#else
    memcpy(line, "{\"message\":\"", 12);
    memcpy(line + 2000, "\"}", 3);
    for (;;) {
        host->log(host, MAITRED_LOG_ERROR, slice(line));
    }
#endif
    return unused;
}

INVOKE {
    once(flood);
    answer(call, "{\"facts\":{\"chatters\":true}}");
}

PLUGIN()
