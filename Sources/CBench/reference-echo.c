#include <string.h>

#include "include/reference-server.h"
#include "reference-connection.h"

static int answer(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t length) {
    (void)user;
    connection *from = lws_get_opaque_user_data(wsi);
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        connection_create(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (!connection_receive(from, in, length)) return 0;
        frame *echo = frame_create(from->length);
        memcpy(frame_text(echo), from->message, from->length);
        connection_message_done(from);
        connection_send(from, echo);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return connection_flush(from);
    case LWS_CALLBACK_CLOSED:
        if (!from) return 0;
        from->wsi = NULL;
        connection_release(from);
        return 0;
    default:
        return 0;
    }
}

int bench_reference_echo(uint16_t port, const char *certificate, const char *key,
                         size_t receive_buffer) {
    return serve(port, answer, NULL, certificate, key, receive_buffer);
}
