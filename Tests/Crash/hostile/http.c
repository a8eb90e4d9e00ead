/* Asks for addresses of this machine and its networks: through the interface, if it is given the
 * service, and past it. TRAP is a port where nobody must come. */
#include "plugin.h"

#define TEXT(value) #value
#define NUMBER(value) TEXT(value)

static const char *const urls[] = {
    "http://127.0.0.1:" NUMBER(TRAP) "/",     "http://localhost:" NUMBER(TRAP) "/",
    "http://[::1]:" NUMBER(TRAP) "/",         "http://2130706433:" NUMBER(TRAP) "/",
    "http://0.0.0.0:" NUMBER(TRAP) "/",       "http://127.0.0.1.:" NUMBER(TRAP) "/",
    "http://[::ffff:127.0.0.1]:" NUMBER(TRAP) "/", "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
};

static void answered(void *context, int32_t status, maitred_slice out) {
    say("did ask %s: %s %d %.*s", (const char *)context, status ? "refused" : "ALLOWED", status,
        (int)(out.len < 200 ? out.len : 200), (const char *)out.ptr);
}

static void *try_all(void *unused) {
    char question[300];
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        snprintf(question, sizeof question, "{\"method\":\"GET\",\"url\":\"%s\"}", urls[i]);
        int32_t asked = ask("maitred.http/1", "send", slice(question), answered, (void *)urls[i]);
        if (asked != MAITRED_OK) say("did ask %s: no service", urls[i]);
        send_frame(FRAME_REQUEST, 1000 + i, 0, slice("maitred.http/1 send"), slice(question));
    }
    return unused;
}

INVOKE {
    once(try_all);
    answer(call, "{\"facts\":{\"asks\":true}}");
}

PLUGIN()
