// What both references share: the event loop, and per connection the message being received and
// the frames to be sent. Everything here belongs to the loop's thread.
#pragma once

#include <libwebsockets.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct frame {
    struct frame *next;
    size_t length;
    unsigned char bytes[];  // LWS_PRE bytes of room, then the text
} frame;

typedef struct connection {
    struct lws *wsi;      // NULL once closed
    unsigned unfinished;  // messages still with the writer; the last one frees a closed connection
    uint32_t number;
    uint32_t stored;      // messages given to the writer so far
    unsigned char *message;
    size_t length, capacity;
    frame *first, *last;
} connection;

/// The text of a new frame of `length` bytes, to be filled before `connection_send`.
frame *frame_create(size_t length);
char *frame_text(frame *frame);

/// Queues a frame for sending; takes it over. A closed connection drops it.
void connection_send(connection *to, frame *frame);

/// Adds a piece to the message being received. True when the message is complete: it is then in
/// `message` and `length` until `connection_message_done`.
bool connection_receive(connection *from, const void *piece, size_t length);
void connection_message_done(connection *from);

/// Sends what is queued, as much as the socket takes. Non-zero asks for the connection to end.
int connection_flush(connection *to);

/// Makes the state of a new connection; frees that of a closed one when nothing refers to it.
connection *connection_create(struct lws *wsi);
void connection_release(connection *closed);

/// Listens on 127.0.0.1 with a loop of our own and serves until the process ends.
/// `started` gets the context before the loop runs. TLS with a certificate, plain without.
/// Every connection holds `receive_buffer` bytes, as long as it lives.
int serve(uint16_t port, lws_callback_function *callback, void (*started)(struct lws_context *),
          const char *certificate, const char *key, size_t receive_buffer);
