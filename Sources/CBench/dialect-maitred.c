// maitred's own protocol, version 1, and what references A and B understand of it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client-id.h"
#include "dialect.h"
#include "load-visit.h"

enum { id_digits = 10 };

/// The text that follows `name` in a frame, or NULL.
static const char *after(const char *text, size_t length, const char *name) {
    size_t width = strlen(name);
    const char *found = memmem(text, length, name, width);
    return found ? found + width : NULL;
}

bool load_has_type(const char *text, size_t length, const char *type) {
    const char *found = after(text, length, "\"t\":\"");
    size_t width = strlen(type);
    return found && (size_t)(text + length - found) > width && memcmp(found, type, width) == 0 &&
           found[width] == '"';
}

// MARK: greeting

static void greet(bench_load *load, peer *with) {
    const char *hello = load_hello(load, with);
    if (!peer_send(with, 1, hello, strlen(hello))) load_ended(load, with, strerror(errno));
}

static uint32_t missed_by(const bench_load *load, const peer *of) {
    return load->opening ? load->opening->missed[of->number - load->first] : 0;
}

static void greeted(bench_load *load, peer *from, const char *text, size_t length) {
    if (load_has_type(text, length, "welcome")) {
        from->phase = phase_open;
        if (from->role != bench_role_returning || missed_by(load, from) == 0)
            load_opened(load, from);
    } else {
        // Nothing may come before the welcome.
        char why[240];
        snprintf(why, sizeof why, "the greeting was answered with %.*s", (int)length, text);
        load_ended(load, from, why);
    }
}

/// Counts what a returning customer is sent, which must be their own messages, once and in order.
static void caught_up(bench_load *load, peer *with, const char *text, size_t length) {
    const char *id = after(text, length, "\"cid\":\"");
    if (!id || text + length - id < client_id_length || memcmp(id, "bench-", client_id_prefix) != 0)
        return;
    if (read_digits(id + client_id_prefix, client_id_number) != with->number ||
        read_digits(id + client_id_sequence_at, client_id_sequence) != with->delivered + 1) {
        load->misordered++;
        return;
    }
    with->delivered++;
    if (load->opening && with->delivered == missed_by(load, with)) load_opened(load, with);
}

// MARK: messages

static bool prepare(peer *with, const char *conversation, const char *text) {
    int length = asprintf(&with->message,
                          "{\"t\":\"msg.send\",\"id\":\"0000000000\",\"c\":\"%s\",\"d\":{"
                          "\"cid\":\"" client_id_format "\",\"text\":\"%s\"}}",
                          conversation, with->number, text);
    if (length < 0) {
        with->message = NULL;
        return false;
    }
    with->length = (size_t)length;
    with->id_at = (size_t)(strstr(with->message, "\"id\":\"") + 6 - with->message);
    with->cid_at = (size_t)(strstr(with->message, "\"cid\":\"") + 7 - with->message);
    return true;
}

static void number(peer *with) {
    if (with->id_at == 0) return;  // a signal
    write_digits(with->message + with->id_at, id_digits, with->sequence);
    write_digits(with->message + with->cid_at + client_id_sequence_at, client_id_sequence,
                 with->sequence);
}

static void answered(bench_load *load, peer *from, const char *text, size_t length) {
    bool refused = load_has_type(text, length, "err");
    if (refused) {
        char why[240];
        snprintf(why, sizeof why, "a message was refused: %.*s", (int)length, text);
        load_fail(load, why);
    }
    const char *id = after(text, length, "\"re\":\"");
    if (!id || text + length - id < id_digits || read_digits(id, id_digits) != from->sequence)
        return;
    if (refused) load->refused++;
    load_answered(load, from);
}

static void delivered(bench_load *load, const char *text, size_t length) {
    const char *id = after(text, length, "\"cid\":\"");
    if (id) load_delivered(load, id, (size_t)(text + length - id));
}

static void receive(bench_load *load, peer *from, const char *text, size_t length) {
    if (from->role == bench_role_visitor) {
        visit_received(load, from, text, length);
        return;
    }
    if (from->phase == phase_greeting) {
        greeted(load, from, text, length);
        return;
    }
    if (load_signalled(load, from, text, length)) return;
    switch (from->role) {
    case bench_role_echo:
        if (from->waiting && length == from->length) load_answered(load, from);
        return;
    case bench_role_customer:
        if (from->waiting) answered(load, from, text, length);
        return;
    case bench_role_agent:
        if (load_has_type(text, length, "msg.new")) delivered(load, text, length);
        return;
    case bench_role_returning:
        if (load_has_type(text, length, "msg.new")) caught_up(load, from, text, length);
        return;
    case bench_role_idle:
    case bench_role_visitor:
        return;
    }
}

const dialect dialect_maitred = {
    .path = "/v1/ws", .protocol = "maitred.v1", .opcode = 1,
    .greet = greet, .receive = receive, .prepare = prepare, .number = number,
};
