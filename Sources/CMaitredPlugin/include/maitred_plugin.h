/* SPDX-License-Identifier: Apache-2.0
 *
 * maitred_plugin.h: the interface between maitred and a plugin. Version 1.1.
 *
 * A plugin is a shared library that exports one function, maitred_plugin_entry. Beside it stands
 * plugin.json, its manifest: what it is called, what it contributes, what it may do, how it is
 * configured. The server reads the manifest without running any code of the plugin.
 *
 * PROMISE   A plugin built for major version N loads in every server of major version N.
 *           Structs grow only at their end and begin with their size; a member lies inside a
 *           struct only if `size` says so. New abilities are new ids for get_service and
 *           get_extension ("maitred.http/1", "com.example.thing/2"), never new meanings.
 *
 * TRUST     A plugin runs in a process of its own, one per plugin, in a sandbox: no network, no
 *           other process, no file but its own folder, the libraries it needs and the files the
 *           operator named in its configuration. The server believes nothing it says: a crash, a
 *           hang, a flood or nonsense costs the plugin's own calls and its process, no more.
 *           What a plugin is told (the contact of a conversation, say) it knows: the operator
 *           decides which plugins run.
 *
 * THREADS   Each function says in brackets on which thread it may be called:
 *           [main]        the plugin process's main thread, one call at a time;
 *           [worker]      one of at most `limits.concurrency` threads, calls run side by side;
 *           [any-thread]  any thread at any time, also several at once.
 *
 * MEMORY    No ownership crosses the interface. What is passed to a function belongs to the
 *           caller and may be used until the function returns: copy what you keep. What is
 *           returned belongs to the one who returned it, for the time its comment says.
 *
 * ERRORS    No exception and no longjmp may cross the interface. A NULL function pointer in a
 *           struct the plugin fills in means "not provided".
 *
 * JSON      All JSON is UTF-8, one value, and not NUL-terminated unless a comment says so.
 */
#ifndef MAITRED_PLUGIN_H
#define MAITRED_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MAITRED_ABI_MAJOR 1u
#define MAITRED_ABI_MINOR 1u /* what a later minor version added says "since" */

/* How a call ended: the `status` of maitred_host.complete. Unknown values count as FAILED. */
#define MAITRED_OK 0          /* `out` is the result of the method */
#define MAITRED_FAILED 1      /* `out` is empty or {"message": "…"}, shown to the operator */
#define MAITRED_INVALID 2     /* the input or configuration is refused; `out` as for FAILED */
#define MAITRED_UNSUPPORTED 3 /* the plugin does not know the method */
#define MAITRED_TEMPORARY 4   /* failed, may work later; `out` as for FAILED */
#define MAITRED_CANCELLED 5   /* given up because of cancel() */
#define MAITRED_BUSY 6        /* said by the plugin's process when too many calls wait */
#define MAITRED_TOO_LARGE 7   /* said by the plugin's process when `out` was over the limit */
#define MAITRED_MORE 8        /* since 1.1, of services only: `out` is a part, more follows */
#define MAITRED_DENIED 9      /* since 1.1, of services only: the manifest does not permit it */

/* Levels of log lines. MISBEHAVING is for the plugin's process: a broken rule of this header. */
#define MAITRED_LOG_DEBUG 0
#define MAITRED_LOG_INFO 1
#define MAITRED_LOG_WARNING 2
#define MAITRED_LOG_ERROR 3
#define MAITRED_LOG_MISBEHAVING 4

/* The largest `out` of a completed call, the largest `in` of a service and the largest log line,
 * in bytes; and how many questions to services may be open at once. */
#define MAITRED_RESULT_LIMIT 262144u
#define MAITRED_REQUEST_LIMIT 262144u
#define MAITRED_LOG_LIMIT 4096u
#define MAITRED_OPEN_REQUESTS 256u

/* Bytes somebody else owns: UTF-8 JSON unless said otherwise.
 * `ptr` is valid until the function it was passed to returns; NULL when `len` is 0. */
typedef struct maitred_slice {
    const uint8_t *ptr;
    size_t len;
} maitred_slice;

/* One call that waits for its answer: a token, never to be dereferenced.
 * The plugin completes every call it receives exactly once, a cancelled one too. The token is
 * dead from then on: completing it again is noticed, ignored and reported as misbehaviour. */
typedef struct maitred_call maitred_call;

/* What the plugin's process offers. Owned by the process; valid from create() until destroy()
 * has returned. No function of it may be called before create() has returned. */
typedef struct maitred_host {
    uint32_t size;      /* bytes of this struct */
    uint32_t abi_minor; /* the minor version the process was built with */
    void *ctx;          /* the process's own; not for the plugin */

    /* Looks up a service by id, "maitred.clock/1" for example: a pointer to that service's
     * struct, owned by the process and valid as long as `host`. NULL when this server does not
     * have the service or the manifest does not permit it. `id` is NUL-terminated, the caller's.
     * [any-thread] */
    const void *(*get_service)(const struct maitred_host *host, const char *id);

    /* Ends a call. `out` is copied before it returns; it may be empty. [any-thread] */
    void (*complete)(const struct maitred_host *host, maitred_call *call, int32_t status,
                     maitred_slice out);

    /* Writes a line to the server's log. `json` is an object with a "message" and any facts
     * beside it; copied before it returns, cut at MAITRED_LOG_LIMIT. Lines beyond a few hundred
     * a second are dropped and counted. [any-thread] */
    void (*log)(const struct maitred_host *host, int32_t level, maitred_slice json);

    /* Since 1.1. Sends a part of what an open call will answer, ahead of its end: the text of a
     * language model as it is written. Copied before it returns; for a call whose asker does not
     * wait for parts it does nothing. The answer of `complete` is whole all the same.
     * [any-thread] */
    void (*part)(const struct maitred_host *host, maitred_call *call, maitred_slice out);
} maitred_host;

/* The plugin itself, made by create(). Owned by the plugin; the process uses it until destroy()
 * has returned. Calls given to start, configure and invoke may be completed inside the function
 * or later, from any thread. */
typedef struct maitred_plugin {
    uint32_t size; /* bytes of this struct */
    void *data;    /* the plugin's own; the process never looks at it */

    /* Begins work. `config` is the operator's configuration, complete with the manifest's
     * defaults and valid against its schema; values of `format: secret` are placeholders
     * ("{{secret:key}}") that only the server can fill in. Services may be used from here on.
     * Called once, before anything below. NULL: nothing to begin. [main] */
    void (*start)(struct maitred_plugin *plugin, maitred_call *call, maitred_slice config);

    /* Changes the configuration. Completed with anything but OK, the old one stays in force.
     * NULL: the process is started anew instead. [main] */
    void (*configure)(struct maitred_plugin *plugin, maitred_call *call, maitred_slice config);

    /* Answers one call. `method` is NUL-terminated; it and `in` are valid until invoke returns.
     * Methods, all with JSON in and out:
     *   "hook/NAME"     a hook of the manifest in mode enrich: answer {"title": "…", "facts": {…}},
     *                   facts being strings, numbers and booleans by name, or complete with an
     *                   empty slice when there is nothing to say.
     * Since 1.1, each only when the manifest contributes it:
     *   "filter/NAME"   a hook in mode filter: answer {"do": "keep"},
     *                   {"do": "replace", "text": "…"} or {"do": "reject", "reason": "…"}.
     *   "provide/NAME"  a hook in mode provide, "llm.complete" for example.
     *   "observe/NAME"  a hook in mode observe: an event that has happened. Answered with
     *                   anything but OK it comes again later: at least once, in order.
     *   "action/NAME"   an action: {"input": {…}, "key": "…", "conversation": "…",
     *                   "contact": {…}, "by": {…}}. `key` is the same however often the server
     *                   repeats it: pass it on as the provider's idempotency key.
     *   "panel/ID"      a panel: {"conversation": "…", "contact": {…}}; answer {"blocks": […]}.
     *   "webhook/PATH"  a request to /v1/hooks/ID/PATH: {"method", "query", "headers", "body" or
     *                   "body_base64"}; answer {"status": 200, "headers": {…}, "body": "…"}.
     *   "schedule/NAME" a time that maitred.schedule/1 was asked for, or the manifest.
     *   "health"        whether it works: OK, or FAILED with a message for the operator.
     * Documentation/plugins.md has each in full.
     * NULL: every call is answered UNSUPPORTED. [worker] */
    void (*invoke)(struct maitred_plugin *plugin, maitred_call *call, const char *method,
                   maitred_slice in);

    /* Says that nobody waits for `call` any more. Advice: the plugin still completes it, soon,
     * with any status; the result is dropped. May arrive while invoke runs. [any-thread] */
    void (*cancel)(struct maitred_plugin *plugin, maitred_call *call);

    /* Looks up an optional ability of the plugin by id: a pointer to that extension's struct,
     * owned by the plugin and valid until destroy(). NULL when absent. `id` is NUL-terminated,
     * the caller's. [any-thread] */
    const void *(*get_extension)(struct maitred_plugin *plugin, const char *id);

    /* Asks to finish what is under way within `deadline_ms`; no new calls follow. [main] */
    void (*drain)(struct maitred_plugin *plugin, uint32_t deadline_ms);

    /* Ends the plugin; the process exits soon after and never calls dlclose. `plugin` is not
     * used again. Calls that are still open are lost. [main] */
    void (*destroy)(struct maitred_plugin *plugin);
} maitred_plugin;

/* What maitred_plugin_entry returns. Owned by the plugin, constant, valid for ever. */
typedef struct maitred_entry {
    uint32_t size;      /* bytes of this struct */
    uint32_t abi_major; /* MAITRED_ABI_MAJOR the plugin was built with */
    uint32_t abi_minor; /* MAITRED_ABI_MINOR the plugin was built with */
    uint32_t reserved;  /* 0 */

    /* The manifest: the same JSON value as plugin.json beside the library. The plugin's, for
     * ever; reading it has no side effects. A library whose manifest differs is refused. */
    maitred_slice manifest;

    /* Makes the plugin, or returns NULL when it cannot. `host` stays valid until destroy() has
     * returned, but is not to be called yet; `plugin_id` is the manifest's id, NUL-terminated,
     * valid until create returns. Called once. [main] */
    maitred_plugin *(*create)(const maitred_host *host, const char *plugin_id);
} maitred_entry;

/* The one exported symbol. Returns the entry for the given major version, or NULL when the plugin
 * cannot serve it. May be called more than once and has no side effects. [main] */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const maitred_entry *maitred_plugin_entry(uint32_t host_abi_major);

/* ---- Services ------------------------------------------------------------------------------ */

/* Called with what a service has to say, a number of times with MAITRED_MORE and once with another
 * status, which is the end; not called any more once destroy() has been. `context` is what ask was
 * given; `out` is valid until this returns. Return soon: nothing else reaches the plugin meanwhile.
 * [main] */
typedef void (*maitred_answered)(void *context, int32_t status, maitred_slice out);

/* Since 1.1. What all services that ask the server have in common: a question in JSON, an answer in
 * JSON. The ids, with their methods; Documentation/plugins.md has each in full:
 *   "maitred.http/1"           send: a request to a server that the manifest names
 *   "maitred.kv/1"             get, set, add, delete, list: the plugin's own small store
 *   "maitred.metrics/1"        count, gauge
 *   "maitred.schedule/1"       set, cancel
 *   "maitred.conversations/1"  get, note, reply, message, tag, facts, open, post
 *   "maitred.contacts/1"       get, find
 *   "maitred.events/1"         read
 *   "maitred.oauth/1"          state
 *   "maitred.llm/1"            complete: the language model the operator has chosen */
typedef struct maitred_service_1 {
    uint32_t size;     /* bytes of this struct */
    uint32_t reserved; /* 0 */
    const char *id;    /* which service it is; NUL-terminated, valid as long as this */

    /* Asks. `on_behalf` is the open call that this serves, so that its deadline counts and the
     * question ends with it; NULL for none. `method` is NUL-terminated; it and `in` are copied before
     * this returns. Returns MAITRED_OK, and `answered` will be called; MAITRED_BUSY when
     * MAITRED_OPEN_REQUESTS are open, MAITRED_TOO_LARGE, or MAITRED_CANCELLED when `on_behalf` has
     * ended, and it will not. [any-thread] */
    int32_t (*ask)(const maitred_host *host, const struct maitred_service_1 *service,
                   maitred_call *on_behalf, const char *method, maitred_slice in,
                   maitred_answered answered, void *context);
} maitred_service_1;

#define MAITRED_HTTP_SERVICE "maitred.http/1"
#define MAITRED_KV_SERVICE "maitred.kv/1"
#define MAITRED_METRICS_SERVICE "maitred.metrics/1"
#define MAITRED_SCHEDULE_SERVICE "maitred.schedule/1"
#define MAITRED_CONVERSATIONS_SERVICE "maitred.conversations/1"
#define MAITRED_CONTACTS_SERVICE "maitred.contacts/1"
#define MAITRED_EVENTS_SERVICE "maitred.events/1"
#define MAITRED_OAUTH_SERVICE "maitred.oauth/1"
#define MAITRED_LLM_SERVICE "maitred.llm/1"

/* Log lines with a constant text and facts beside it. */
#define MAITRED_LOG_SERVICE "maitred.log/1"
typedef struct maitred_log_1 {
    uint32_t size;     /* bytes of this struct */
    uint32_t reserved; /* 0 */

    /* Writes a line. `message` is plain UTF-8 text, `fields` empty or a JSON object; both are
     * copied before it returns. Limits as for maitred_host.log. [any-thread] */
    void (*write)(const maitred_host *host, int32_t level, maitred_slice message,
                  maitred_slice fields);
} maitred_log_1;

/* The time, as the server sees it: use it instead of the system's, and tests can move it. */
#define MAITRED_CLOCK_SERVICE "maitred.clock/1"
typedef struct maitred_clock_1 {
    uint32_t size;     /* bytes of this struct */
    uint32_t reserved; /* 0 */

    /* Milliseconds since 1970-01-01T00:00:00Z; may jump. [any-thread] */
    int64_t (*unix_ms)(const maitred_host *host);

    /* Nanoseconds since some point in the past; never goes back. [any-thread] */
    int64_t (*monotonic_ns)(const maitred_host *host);
} maitred_clock_1;

#ifdef __cplusplus
}
#endif

#endif
