// One client connection: bytes in and out, the handshake, frames. Policy is in load-client.c.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/load-client.h"
#include "tls-context.h"

typedef enum phase {
    phase_none,
    phase_asking,  // a plain HTTP request
    phase_upgrading,
    phase_greeting,
    phase_open,
    phase_closed,
} phase;

/// Bytes that grow; empty ones hold no memory.
typedef struct buffer {
    uint8_t *bytes;
    size_t length, capacity;
} buffer;

typedef struct peer {
    int socket;
    SSL *tls;         // NULL: plain
    bool wants_read;  // what is to be sent must wait for something to come in
    unsigned number;
    bench_role role;
    phase phase;
    bool waiting;        // a message is in flight
    uint32_t sequence;   // of the last message sent
    uint32_t delivered;  // the last of its messages an agent received
    uint64_t started;    // when the message in flight was sent or due, nanoseconds
    uint64_t turn;       // messages sent on schedule in this run
    buffer incoming;     // an incomplete frame
    buffer fragments;    // an incomplete message
    buffer outgoing;     // what the socket did not take
    buffer stream;       // an incomplete packet, in a dialect whose packets cross messages
    unsigned step;       // how far the greeting is, in a dialect that greets in several
    char *message;       // the prepared frame, digits to be filled in
    size_t length, id_at, cid_at;
    char answer[16];        // of a signal: the type of frame that answers it; empty for others
    char conversation[40];  // of a signal that reaches an agent
} peer;

struct bench_load;
struct dialect;

/// Called with each complete message. In load-client.c.
void load_received(struct bench_load *load, peer *from, const char *bytes, size_t length);
/// Called when the upgrade succeeded. In load-client.c.
void load_upgraded(struct bench_load *load, peer *of);
/// Called once when the connection has ended, whoever ended it. In load-client.c.
void load_ended(struct bench_load *load, peer *of, const char *why);

/// Called with the whole answer to a plain HTTP request. In load-client.c.
void load_asked(struct bench_load *load, peer *of, const char *answer, size_t length);

/// Connects (loopback only) and sends a request. False with the reason in errno.
bool peer_connect(peer *self, uint16_t port, bool secure, phase phase, const char *request,
                  size_t length);
/// Writes the request for an upgrade. Returns its length, 0 when there is not enough room.
size_t peer_write_upgrade(char *to, size_t room, uint16_t port, const struct dialect *dialect,
                          const char *origin);
/// Reads what has come and hands it on. `scratch` is room shared by all.
void peer_read(struct bench_load *load, peer *self, buffer *scratch);
/// Sends one masked frame.
bool peer_send(peer *self, uint8_t opcode, const void *payload, size_t length);
/// Sends what is left over. False when the connection is broken.
bool peer_flush(peer *self);
/// Ends the connection at once, without a port left waiting.
void peer_abort(peer *self);

void buffer_append(buffer *to, const void *bytes, size_t length);
void buffer_free(buffer *of);
