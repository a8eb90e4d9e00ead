/* The smallest useful plugin in C: it adds one fact, the hour of the day, to each conversation.
 * Build it as anyone would: cc -shared -fPIC -I <header's folder> hello.c -o libhello-c.so */
#include <maitred_plugin.h>
#include <stdio.h>
#include <string.h>

static const char manifest[] =
    "{\"id\":\"maitred.hello-c\",\"name\":\"Hello from C\",\"version\":\"1.0.0\",\"abi\":1,"
    "\"engines\":{\"maitred\":\">=1.0 <2\"},\"entry\":\"libhello-c.so\","
    "\"contributes\":{\"hooks\":["
    "{\"on\":\"conversation.opened\",\"mode\":\"enrich\",\"deadline_ms\":500}]},"
    "\"limits\":{\"concurrency\":2,\"memory_mb\":16}}";

static const maitred_host *host;
static const maitred_clock_1 *server_clock;

static maitred_slice slice(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}

static void start(maitred_plugin *plugin, maitred_call *call, maitred_slice config) {
    (void)plugin, (void)config;
    server_clock = host->get_service(host, MAITRED_CLOCK_SERVICE);
    if (server_clock) {
        host->complete(host, call, MAITRED_OK, slice(""));
    } else {
        host->complete(host, call, MAITRED_FAILED, slice("{\"message\":\"no clock\"}"));
    }
}

static void invoke(maitred_plugin *plugin, maitred_call *call, const char *method,
                   maitred_slice in) {
    (void)plugin, (void)in;
    if (strcmp(method, "hook/conversation.opened") != 0) {
        host->complete(host, call, MAITRED_UNSUPPORTED, slice(""));
        return;
    }
    int hour = (int)(server_clock->unix_ms(host) / 3600000 % 24);
    char json[80];
    snprintf(json, sizeof json,
             "{\"title\":\"Hello\",\"facts\":{\"opened_at_hour_utc\":%d}}", hour);
    host->complete(host, call, MAITRED_OK, slice(json));
}

static maitred_plugin hello = {.size = sizeof hello, .start = start, .invoke = invoke};

static maitred_plugin *create(const maitred_host *given, const char *plugin_id) {
    (void)plugin_id;
    host = given;
    return &hello;
}

static const maitred_entry entry = {
    .size = sizeof entry,
    .abi_major = MAITRED_ABI_MAJOR,
    .abi_minor = MAITRED_ABI_MINOR,
    .manifest = {(const uint8_t *)manifest, sizeof manifest - 1},
    .create = create,
};

const maitred_entry *maitred_plugin_entry(uint32_t host_abi_major) {
    return host_abi_major == MAITRED_ABI_MAJOR ? &entry : NULL;
}
