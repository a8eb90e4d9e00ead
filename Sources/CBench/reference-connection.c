#include "reference-connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

frame *frame_create(size_t length) {
    frame *made = malloc(sizeof(frame) + LWS_PRE + length);
    if (!made) abort();
    made->next = NULL;
    made->length = length;
    return made;
}

char *frame_text(frame *frame) { return (char *)frame->bytes + LWS_PRE; }

void connection_send(connection *to, frame *frame) {
    if (!to->wsi) {
        free(frame);
        return;
    }
    // While frames are queued, the callback has been asked for.
    bool first = to->first == NULL;
    if (first) to->first = frame;
    else to->last->next = frame;
    to->last = frame;
    if (first) lws_callback_on_writable(to->wsi);
}

bool connection_receive(connection *from, const void *piece, size_t length) {
    if (from->length + length > from->capacity) {
        from->capacity = from->length + length;
        from->message = realloc(from->message, from->capacity);
        if (!from->message) abort();
    }
    if (length) memcpy(from->message + from->length, piece, length);
    from->length += length;
    return lws_is_final_fragment(from->wsi) && lws_remaining_packet_payload(from->wsi) == 0;
}

void connection_message_done(connection *from) {
    from->length = 0;
    // An idle connection holds no buffer of its own.
    free(from->message);
    from->message = NULL;
    from->capacity = 0;
}

int connection_flush(connection *to) {
    while (to->first) {
        frame *sent = to->first;
        to->first = sent->next;
        if (!to->first) to->last = NULL;
        int written = lws_write(to->wsi, sent->bytes + LWS_PRE, sent->length, LWS_WRITE_TEXT);
        free(sent);
        if (written < 0) return -1;
        // Unlike lws_send_pipe_choked this asks no poll(): the socket took all of the last frame.
        if (to->first && lws_partial_buffered(to->wsi)) {
            lws_callback_on_writable(to->wsi);
            return 0;
        }
    }
    return 0;
}

connection *connection_create(struct lws *wsi) {
    static uint32_t count;
    connection *made = calloc(1, sizeof *made);
    if (!made) abort();
    made->wsi = wsi;
    made->number = ++count;
    lws_set_opaque_user_data(wsi, made);
    return made;
}

void connection_release(connection *closed) {
    if (closed->wsi || closed->unfinished) return;
    while (closed->first) {
        frame *dropped = closed->first;
        closed->first = dropped->next;
        free(dropped);
    }
    free(closed->message);
    free(closed);
}

int serve(uint16_t port, lws_callback_function *callback, void (*started)(struct lws_context *),
          const char *certificate, const char *key, size_t receive_buffer) {
    const struct lws_protocols protocols[] = {
        {.name = "maitred.v1", .callback = callback, .rx_buffer_size = receive_buffer,
         .tx_packet_size = 65536},
        {.name = NULL},
    };
    uv_loop_t loop;
    uv_loop_init(&loop);
    void *loops[] = {&loop};
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context_creation_info information = {
        .port = port, .iface = "127.0.0.1", .protocols = protocols, .foreign_loops = loops,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8,
        .gid = (gid_t)-1, .uid = (uid_t)-1,
        .ssl_cert_filepath = certificate, .ssl_private_key_filepath = key,
    };
    if (certificate) information.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    struct lws_context *context = lws_create_context(&information);
    if (!context) {
        fprintf(stderr, "the reference cannot listen on port %d\n", port);
        return 1;
    }
    if (started) started(context);
    printf("listening on http://127.0.0.1:%d\n", port);
    fflush(stdout);
    uv_run(&loop, UV_RUN_DEFAULT);
    lws_context_destroy(context);
    return 0;
}
