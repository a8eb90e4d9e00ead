/* A plugin that goes wrong as it is told to, so that what the others feel of it can be measured: it
 * never comes back from a call, or dies in it. Without a fault it answers at once. */
#include "bench_plugin.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// As in Sources/maitred-bench/FaultyPlugin.swift; the server refuses a bundle whose texts differ.
static const char manifest[] =
    "{\"id\":\"maitred.bench\",\"name\":\"Bench\",\"version\":\"1.0.0\",\"abi\":1,"
    "\"entry\":\"libbench-plugin.so\","
    "\"config\":{\"type\":\"object\",\"properties\":{\"fault\":{\"type\":\"string\","
    "\"enum\":[\"none\",\"hang\",\"crash\"],\"default\":\"none\"}}},"
    "\"contributes\":{\"hooks\":["
    "{\"on\":\"conversation.opened\",\"mode\":\"enrich\",\"deadline_ms\":500}]},"
    "\"limits\":{\"concurrency\":4,\"memory_mb\":16}}";

typedef enum fault { fault_none, fault_hang, fault_crash } fault;

static const maitred_host *host;
static fault wanted;

static maitred_slice slice(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}

static bool mentions(maitred_slice text, const char *word) {
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= text.len; at++)
        if (memcmp(text.ptr + at, word, length) == 0) return true;
    return false;
}

static void start(maitred_plugin *plugin, maitred_call *call, maitred_slice config) {
    (void)plugin;
    wanted = mentions(config, "\"hang\"")    ? fault_hang
             : mentions(config, "\"crash\"") ? fault_crash
                                             : fault_none;
    host->complete(host, call, MAITRED_OK, slice(""));
}

static void invoke(maitred_plugin *plugin, maitred_call *call, const char *method,
                   maitred_slice in) {
    (void)plugin, (void)method, (void)in;
    if (wanted == fault_crash) abort();
    while (wanted == fault_hang) pause();
    host->complete(host, call, MAITRED_OK, slice("{\"title\":\"Bench\",\"facts\":{\"seen\":true}}"));
}

static maitred_plugin faulty = {.size = sizeof faulty, .start = start, .invoke = invoke};

static maitred_plugin *create(const maitred_host *given, const char *plugin_id) {
    (void)plugin_id;
    host = given;
    return &faulty;
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
