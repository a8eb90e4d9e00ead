// What the bench needs to speak TLS to servers on this machine: a certificate that nobody checks,
// and a blocking connection for its HTTP requests.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Writes a new P-256 key and a certificate signed by itself, both PEM. False when it cannot.
bool bench_make_certificate(const char *certificate, const char *key);

/// A blocking connection to a port of 127.0.0.1, plain or with TLS. One thread at a time.
typedef struct bench_stream bench_stream;

/// Connects; NULL with the reason in errno. Waits 20 seconds for anything at most.
bench_stream *bench_stream_open(uint16_t port, bool secure);
void bench_stream_close(bench_stream *stream);

/// Sends and receives what it can; 0 when the other side has ended it, -1 on an error.
long bench_stream_send(bench_stream *stream, const void *bytes, size_t length);
long bench_stream_receive(bench_stream *stream, void *bytes, size_t capacity);
