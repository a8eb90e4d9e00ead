// XMPP over WebSocket (RFC 7395), with SASL PLAIN. A customer sends a chat message to an agent's
// address. XMPP gives the sender no acknowledgement of its own: a message is answered when it has
// reached the agent with the `stanza-id` of the agent's archive (XEP-0359), which the server puts
// in after the row is stored. A connection greets with its `auth` element.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client-id.h"
#include "dialect.h"

#define open_stream \
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" BENCH_XMPP_DOMAIN "' version='1.0'/>"
#define bind_resource \
    "<iq xmlns='jabber:client' type='set' id='bind'>" \
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>"
#define be_present "<presence xmlns='jabber:client'/>"

/// A step of greeting: what is awaited, and what is then sent.
typedef struct step {
    const char *awaited, *then;
} step;

static const step steps[] = {
    {"<stream:features", NULL},  // then the `auth` element
    {"<success", open_stream},
    {"<stream:features", bind_resource},
    {"<iq", be_present},
    {"<presence", NULL},  // our own, come back: messages to the account reach this connection
};
enum { step_authenticate = 0, step_bound = 3, step_present = 4 };

static bool starts(const char *text, size_t length, const char *with) {
    size_t width = strlen(with);
    return length >= width && memcmp(text, with, width) == 0;
}

static bool contains(const char *text, size_t length, const char *what) {
    return memmem(text, length, what, strlen(what)) != NULL;
}

static void say(bench_load *load, peer *to, const char *text) {
    if (!peer_send(to, 1, text, strlen(text))) load_ended(load, to, strerror(errno));
}

// MARK: greeting

static void greet(bench_load *load, peer *with) { say(load, with, open_stream); }

static void greeted(bench_load *load, peer *from, const char *text, size_t length) {
    if (starts(text, length, "<open")) return;
    const step *now = &steps[from->step];
    bool refused = from->step == step_bound && !contains(text, length, "<jid>");
    if (!starts(text, length, now->awaited) || refused) {
        char why[240];
        snprintf(why, sizeof why, "the greeting was answered with %.*s", (int)length, text);
        load_ended(load, from, why);
    } else if (from->step == step_present) {
        load_opened(load, from);
    } else {
        say(load, from, from->step == step_authenticate ? load_hello(load, from) : now->then);
        from->step++;
    }
}

// MARK: messages

static bool prepare(peer *with, const char *conversation, const char *text) {
    int length = asprintf(&with->message,
                          "<message xmlns='jabber:client' type='chat' to='%s' id='" client_id_format
                          "'><body>%s</body></message>",
                          conversation, with->number, text);
    if (length < 0) {
        with->message = NULL;
        return false;
    }
    with->length = (size_t)length;
    with->cid_at = (size_t)(strstr(with->message, " id='") + 5 - with->message);
    return true;
}

static void number(peer *with) {
    write_digits(with->message + with->cid_at + client_id_sequence_at, client_id_sequence,
                 with->sequence);
}

static void delivered(bench_load *load, const char *text, size_t length) {
    const char *id = memmem(text, length, " id='bench-", 11);
    if (!id) return;
    id += 5;
    peer *from = load_delivered(load, id, (size_t)(text + length - id));
    if (!from || !from->waiting) return;
    if (!contains(text, length, "<stanza-id")) {
        load->refused++;
        load_fail(load, "a message was delivered without having been archived");
    }
    load_answered(load, from);
}

static void receive(bench_load *load, peer *from, const char *text, size_t length) {
    if (from->phase == phase_greeting) {
        greeted(load, from, text, length);
    } else if (from->role == bench_role_agent && starts(text, length, "<message")) {
        delivered(load, text, length);
    } else if (from->role == bench_role_customer && starts(text, length, "<message")) {
        // Nobody writes to a customer: it is their own, returned with an error.
        char why[240];
        snprintf(why, sizeof why, "a message was refused: %.*s", (int)length, text);
        load_fail(load, why);
        load->refused++;
        if (from->waiting) load_answered(load, from);
    } else if (starts(text, length, "<stream:error")) {
        char why[240];
        snprintf(why, sizeof why, "the server ended the stream: %.*s", (int)length, text);
        load_ended(load, from, why);
    }
}

const dialect dialect_xmpp = {
    .path = "/xmpp-websocket", .protocol = "xmpp", .opcode = 1,
    .greet = greet, .receive = receive, .prepare = prepare, .number = number,
};
