/* SPDX-License-Identifier: Apache-2.0
 *
 * The frames between the server and the plugin's process, on a stream socket pair.
 * Private: both ends ship together, and the first frame states FRAMES_VERSION. The other end is
 * Sources/PluginHost/Frame.swift. Numbers are in the machine's byte order: it is one machine. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "maitred_plugin.h"

#define FRAMES_VERSION 2
#define FRAME_INBOUND_LIMIT (1u << 20) /* of one frame from the server, in bytes */

enum frame_type {
    /* to the server */
    FRAME_HELLO = 1,   /* status: FRAMES_VERSION; method: full, partial or off; payload: reasons */
    FRAME_LOADED = 2,  /* status: the plugin's minor version; payload: its manifest */
    FRAME_REFUSED = 3, /* payload: why the library cannot be used, plain text; the end */
    FRAME_RESULT = 4,  /* call, status; payload: result */
    FRAME_LOG = 5,     /* status: level; method: text; payload: JSON or nothing */
    FRAME_PONG = 6,    /* call: as in the ping */
    FRAME_REQUEST = 7, /* call: the process's number; related: the server's call it serves, or 0;
                          method: "maitred.kv/1 get"; payload: JSON */
    FRAME_PART = 8,    /* call; payload: a part of the result */
    /* to the plugin's process */
    FRAME_START = 16,     /* call; payload: configuration */
    FRAME_CONFIGURE = 17, /* call; payload: configuration */
    FRAME_INVOKE = 18,    /* call; method; payload: input */
    FRAME_CANCEL = 19,    /* call */
    FRAME_PING = 20,      /* call: any number */
    FRAME_STOP = 21,      /* status: milliseconds for what is under way */
    FRAME_REPLY = 22,     /* call: as in the request; status; payload */
    FRAME_CLOCK = 23,     /* call: milliseconds by which maitred.clock/1 is ahead, for tests */
};

typedef struct frame_header {
    uint32_t length; /* of method and payload together */
    uint16_t type;
    uint16_t method_length;
    int32_t status;
    uint32_t related; /* the lower half of another call's number */
    uint64_t call;
} frame_header;

typedef struct frame {
    frame_header header;
    char *method;          /* NUL-terminated; inside `buffer` */
    maitred_slice payload; /* inside `buffer` */
    uint8_t *buffer;       /* freed by the one who holds the frame */
} frame;

/* Sets the socket that all frames use. Before any thread is made. */
void frames_open(int socket);

/* Waits so long for something to receive, be it the server's end. Returns 0 when nothing came.
 * [main] */
int frames_wait(int milliseconds);

/* Waits for the next frame. Returns 0 when the server is gone or sent nonsense. [main] */
int frames_receive(frame *out);

/* Sends a frame, waiting while the socket is full; ends the process when the server is gone.
 * [any-thread] */
void frames_send(uint16_t type, uint64_t call, int32_t status, const char *method,
                 maitred_slice payload);

/* The same, related to another call. [any-thread] */
void frames_send_related(uint16_t type, uint64_t call, uint64_t related, const char *method,
                         maitred_slice payload);

/* A slice over a C string, without its NUL. */
maitred_slice slice_of(const char *text);

#endif
