// The two references that maitred is measured against: what the machine and libwebsockets give
// to a program of a few dozen lines of C.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Reference A: echoes every message; nothing is parsed or stored. Listens on 127.0.0.1, with TLS
/// when there are files of a certificate and its key, prints `listening on …` and never returns
/// while it works; returns 1 when it cannot start. Every connection holds `receive_buffer` bytes.
int bench_reference_echo(uint16_t port, const char *certificate, const char *key,
                         size_t receive_buffer);

/// The receive buffer of a connection where nothing else is asked for, in bytes: B's, and A's. As
/// programs over libwebsockets commonly have it.
enum { BENCH_USUAL_BUFFER = 4096 };

/// Reference B: parses each message, stores it in the SQLite file `database` (write-ahead log,
/// synchronous=FULL, everything pending in one transaction), acknowledges it after the commit and
/// delivers it to the one connection that greeted with a ticket. Otherwise as A.
int bench_reference_store(uint16_t port, const char *database);
