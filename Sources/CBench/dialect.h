// How the load client speaks to a server: a table for each kind, on top of one WebSocket client.
#pragma once

#include "load-client.h"

typedef struct dialect {
    const char *path, *protocol;  // what the upgrade asks for
    uint8_t opcode;               // of its frames: 1 for text, 2 for bytes

    /// Starts to say who the connection is: `load_hello` has what to say. It is open once the
    /// dialect calls `load_opened`.
    void (*greet)(bench_load *load, peer *with);

    /// Takes a whole message of the WebSocket, on a connection that greets or is open.
    void (*receive)(bench_load *load, peer *from, const char *bytes, size_t length);

    /// Makes the connection's message, with room for what `number` fills in.
    bool (*prepare)(peer *with, const char *conversation, const char *text);

    /// Puts the connection's `sequence` into its message.
    void (*number)(peer *with);
} dialect;

extern const dialect dialect_maitred, dialect_mqtt, dialect_xmpp;
