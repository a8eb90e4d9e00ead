#define _GNU_SOURCE
#include "load-connection.h"

#include "dialect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { opcode_continuation = 0, opcode_text = 1, opcode_close = 8, opcode_ping = 9,
       opcode_pong = 10, longest_message = 16 << 20 };

// The key of RFC 6455's own example and what a server must make of it.
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==", accepted[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// MARK: buffers

void buffer_append(buffer *to, const void *bytes, size_t length) {
    if (to->length + length > to->capacity) {
        size_t capacity = to->capacity ? to->capacity : 512;
        while (capacity < to->length + length) capacity *= 2;
        to->bytes = realloc(to->bytes, capacity);
        if (!to->bytes) abort();
        to->capacity = capacity;
    }
    if (length) memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

void buffer_free(buffer *of) {
    free(of->bytes);
    *of = (buffer){0};
}

// MARK: connecting and ending

bool peer_connect(peer *self, uint16_t port, bool secure, phase phase, const char *request,
                  size_t length) {
    self->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (self->socket < 0) return false;
    int yes = 1;
    setsockopt(self->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(self->socket, (struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS)
        return false;
    if (secure) {
        self->tls = SSL_new(tls_context());
        if (!self->tls) abort();
        SSL_set_fd(self->tls, self->socket);
        SSL_set_connect_state(self->tls);
    }
    buffer_append(&self->outgoing, request, length);
    self->phase = phase;
    return true;
}

size_t peer_write_upgrade(char *to, size_t room, uint16_t port, const dialect *dialect,
                          const char *origin) {
    int length = snprintf(to, room,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n"
                          "%s%s%s\r\n",
                          dialect->path, port, key, dialect->protocol, origin ? "Origin: " : "",
                          origin ? origin : "", origin ? "\r\n" : "");
    return length < 0 || (size_t)length >= room ? 0 : (size_t)length;
}

void peer_abort(peer *self) {
    SSL_free(self->tls);
    self->tls = NULL;
    self->wants_read = false;
    if (self->socket >= 0) {
        // A reset leaves no port in TIME_WAIT: the bench opens more connections than there are.
        struct linger reset = {.l_onoff = 1, .l_linger = 0};
        setsockopt(self->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(self->socket);
    }
    self->socket = -1;
    self->phase = phase_closed;
    self->waiting = false;
    buffer_free(&self->incoming);
    buffer_free(&self->fragments);
    buffer_free(&self->outgoing);
    buffer_free(&self->stream);
}

// MARK: bytes

/// What became of a TLS call that moved nothing, as a plain one would say it.
static ssize_t moved_nothing(int error) {
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    bool waits = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    if (waits || error != SSL_ERROR_SYSCALL) errno = waits ? EAGAIN : EPROTO;
    return -1;
}

static ssize_t put(peer *self, const void *bytes, size_t length) {
    if (!self->tls) return send(self->socket, bytes, length, MSG_NOSIGNAL);
    ERR_clear_error();
    int taken = SSL_write(self->tls, bytes, (int)length);
    int error = SSL_get_error(self->tls, taken);
    self->wants_read = error == SSL_ERROR_WANT_READ;
    return taken > 0 ? taken : moved_nothing(error);
}

/// One TLS record is shorter than the room there always is: what is left is still in the socket.
static ssize_t take(peer *self, void *bytes, size_t room) {
    if (!self->tls) return recv(self->socket, bytes, room, 0);
    ERR_clear_error();
    int taken = SSL_read(self->tls, bytes, (int)room);
    return taken > 0 ? taken : moved_nothing(SSL_get_error(self->tls, taken));
}

// MARK: sending

static bool transmit(peer *self, const uint8_t *bytes, size_t length) {
    size_t sent = 0;
    if (self->outgoing.length == 0) {
        ssize_t taken = put(self, bytes, length);
        if (taken < 0 && errno != EAGAIN && errno != EINTR) return false;
        sent = taken < 0 ? 0 : (size_t)taken;
    }
    if (sent < length) buffer_append(&self->outgoing, bytes + sent, length - sent);
    return true;
}

bool peer_flush(peer *self) {
    buffer *left = &self->outgoing;
    if (left->length == 0) return true;
    ssize_t taken = put(self, left->bytes, left->length);
    if (taken < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
    left->length -= (size_t)taken;
    if (left->length == 0) buffer_free(left);
    else memmove(left->bytes, left->bytes + taken, left->length);
    return true;
}

static uint32_t next_mask(void) {
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

bool peer_send(peer *self, uint8_t opcode, const void *payload, size_t length) {
    uint8_t small[2048];
    uint8_t *frame = length + 14 <= sizeof small ? small : malloc(length + 14);
    if (!frame) abort();
    size_t at = 2;
    frame[0] = (uint8_t)(0x80 | opcode);
    if (length < 126) {
        frame[1] = (uint8_t)(0x80 | length);
    } else if (length < 65536) {
        frame[1] = 0x80 | 126;
        frame[at++] = (uint8_t)(length >> 8);
        frame[at++] = (uint8_t)length;
    } else {
        frame[1] = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8) frame[at++] = (uint8_t)(length >> shift);
    }
    uint32_t mask = next_mask();
    uint8_t masks[4];
    memcpy(masks, &mask, 4);
    memcpy(frame + at, &mask, 4);
    at += 4;
    const uint8_t *plain = payload;
    for (size_t each = 0; each < length; each++) frame[at + each] = plain[each] ^ masks[each & 3];
    bool good = transmit(self, frame, at + length);
    if (frame != small) free(frame);
    return good;
}

// MARK: receiving

/// Takes the answer to a plain request. Returns its length, 0 when it is incomplete.
static size_t take_answer(struct bench_load *load, peer *self, const uint8_t *bytes,
                          size_t length) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    char head[4096];
    size_t size = (size_t)(end - bytes) + 2;
    if (size >= sizeof head) {
        load_ended(load, self, "the head of an answer is too long");
        return 0;
    }
    memcpy(head, bytes, size);
    head[size] = 0;
    const char *stated = strcasestr(head, "\r\ncontent-length:");
    size_t whole = size + 2 + (stated ? strtoul(stated + 17, NULL, 10) : 0);
    if (length < whole) return 0;
    load_asked(load, self, (const char *)bytes, whole);
    return length;
}

/// Takes the answer to the upgrade. Returns its length, 0 when it is incomplete.
static size_t take_upgrade(struct bench_load *load, peer *self, const uint8_t *bytes,
                           size_t length) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) {
        if (length > 16384) load_ended(load, self, "the answer to the upgrade never ends");
        return 0;
    }
    size_t taken = (size_t)(end - bytes) + 4;
    bool switched = taken > 12 && memcmp(bytes + 8, " 101", 4) == 0;
    if (!switched || !memmem(bytes, taken, accepted, sizeof accepted - 1)) {
        char why[160];
        const uint8_t *line = memchr(bytes, '\r', taken);
        snprintf(why, sizeof why, "the upgrade was answered with %.*s", (int)(line - bytes), bytes);
        load_ended(load, self, why);
        return 0;
    }
    load_upgraded(load, self);
    return taken;
}

static void take_control(struct bench_load *load, peer *self, uint8_t opcode,
                         const uint8_t *payload, size_t length) {
    if (opcode == opcode_ping) {
        peer_send(self, opcode_pong, payload, length);
    } else if (opcode == opcode_close) {
        char why[192];
        unsigned code = length >= 2 ? (unsigned)(payload[0] << 8 | payload[1]) : 1005;
        snprintf(why, sizeof why, "the server closed with %u %.*s", code,
                 length > 2 ? (int)length - 2 : 0, payload + 2);
        load_ended(load, self, why);
    }
}

static void take_data(struct bench_load *load, peer *self, bool final, const uint8_t *payload,
                      size_t length) {
    if (final && self->fragments.length == 0) {
        load_received(load, self, (const char *)payload, length);
        return;
    }
    buffer_append(&self->fragments, payload, length);
    if (!final) return;
    buffer whole = self->fragments;
    self->fragments = (buffer){0};
    load_received(load, self, (const char *)whole.bytes, whole.length);
    buffer_free(&whole);
}

/// Takes one frame. Returns its length, 0 when it is incomplete or the connection has ended.
static size_t take_frame(struct bench_load *load, peer *self, const uint8_t *bytes,
                         size_t available) {
    if (available < 2) return 0;
    size_t header = 2;
    uint64_t length = bytes[1] & 127;
    if (length == 126) {
        header = 4;
        if (available < header) return 0;
        length = (uint64_t)bytes[2] << 8 | bytes[3];
    } else if (length == 127) {
        header = 10;
        if (available < header) return 0;
        length = 0;
        for (int each = 2; each < 10; each++) length = length << 8 | bytes[each];
    }
    if ((bytes[1] & 128) || (bytes[0] & 0x70) || length > longest_message) {
        load_ended(load, self, "the server sent a masked, reserved or oversized frame");
        return 0;
    }
    if (available < header + length) return 0;
    uint8_t opcode = bytes[0] & 15;
    if (opcode >= 8) take_control(load, self, opcode, bytes + header, length);
    else take_data(load, self, bytes[0] & 128, bytes + header, length);
    return header + length;
}

void peer_read(struct bench_load *load, peer *self, buffer *scratch) {
    size_t kept = self->incoming.length;
    // What was incomplete goes in front of what comes now; grown when a frame is longer than that.
    scratch->length = 0;
    buffer_append(scratch, self->incoming.bytes, kept);
    self->incoming.length = 0;
    if (scratch->capacity - kept < 65536) {
        scratch->capacity = kept + 262144;
        scratch->bytes = realloc(scratch->bytes, scratch->capacity);
        if (!scratch->bytes) abort();
    }
    ssize_t count = take(self, scratch->bytes + kept, scratch->capacity - kept);
    if (count == 0) {
        load_ended(load, self, "the server ended the connection without a close frame");
        return;
    }
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
        load_ended(load, self, strerror(errno));
        return;
    }
    size_t length = kept + (count < 0 ? 0 : (size_t)count), at = 0;
    while (at < length && self->phase != phase_closed) {
        size_t taken = self->phase == phase_asking
                           ? take_answer(load, self, scratch->bytes + at, length - at)
                       : self->phase == phase_upgrading
                           ? take_upgrade(load, self, scratch->bytes + at, length - at)
                           : take_frame(load, self, scratch->bytes + at, length - at);
        if (taken == 0) break;
        at += taken;
    }
    if (self->phase == phase_closed) return;
    if (at < length) buffer_append(&self->incoming, scratch->bytes + at, length - at);
    else buffer_free(&self->incoming);
}
