/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(frame_header) == 24, "Frame.swift reads 24 bytes");

static int channel = -1;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

void frames_open(int socket) { channel = socket; }

maitred_slice slice_of(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}

static int read_all(void *into, size_t count) {
    uint8_t *next = into;
    while (count > 0) {
        ssize_t got = read(channel, next, count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        next += got;
        count -= (size_t)got;
    }
    return 1;
}

int frames_wait(int milliseconds) {
    struct pollfd entry = {.fd = channel, .events = POLLIN};
    return poll(&entry, 1, milliseconds) > 0;
}

int frames_receive(frame *out) {
    frame_header *header = &out->header;
    if (!read_all(header, sizeof *header)) return 0;
    if (header->length > FRAME_INBOUND_LIMIT || header->method_length > header->length) return 0;
    size_t method = header->method_length, payload = header->length - method;
    out->buffer = malloc(method + 1 + payload);
    if (!out->buffer) return 0;
    if (!read_all(out->buffer, method) || !read_all(out->buffer + method + 1, payload)) {
        free(out->buffer);
        return 0;
    }
    out->buffer[method] = 0;
    out->method = (char *)out->buffer;
    out->payload = (maitred_slice){payload ? out->buffer + method + 1 : NULL, payload};
    return 1;
}

static void write_all(struct iovec *parts, int count) {
    while (count > 0) {
        ssize_t sent = writev(channel, parts, count);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) _exit(0);
        while (count > 0 && (size_t)sent >= parts->iov_len) {
            sent -= (ssize_t)parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (uint8_t *)parts->iov_base + sent;
            parts->iov_len -= (size_t)sent;
        }
    }
}

static void send_frame(frame_header header, const char *method, maitred_slice payload) {
    size_t method_length = strlen(method);
    header.length = (uint32_t)(method_length + payload.len);
    header.method_length = (uint16_t)method_length;
    struct iovec parts[3] = {
        {&header, sizeof header},
        {(void *)method, method_length},
        {(void *)payload.ptr, payload.len},
    };
    pthread_mutex_lock(&writing);
    write_all(parts, 3);
    pthread_mutex_unlock(&writing);
}

void frames_send(uint16_t type, uint64_t call, int32_t status, const char *method,
                 maitred_slice payload) {
    send_frame((frame_header){.type = type, .status = status, .call = call}, method, payload);
}

void frames_send_related(uint16_t type, uint64_t call, uint64_t related, const char *method,
                         maitred_slice payload) {
    frame_header header = {.type = type, .related = (uint32_t)related, .call = call};
    send_frame(header, method, payload);
}
