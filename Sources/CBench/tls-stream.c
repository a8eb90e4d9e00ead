#include "include/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "tls-context.h"

static const int patience = 20;  // seconds

static SSL_CTX *context;

static void make_context(void) {
    context = SSL_CTX_new(TLS_client_method());
    if (!context) abort();
    // Ten thousand of them hold no buffers while they say nothing.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // OpenSSL writes without MSG_NOSIGNAL.
    signal(SIGPIPE, SIG_IGN);
}

SSL_CTX *tls_context(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_context);
    return context;
}

struct bench_stream {
    int socket;
    SSL *tls;  // NULL: plain
};

static bool connect_socket(int made, uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = patience};
    int yes = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return connect(made, (struct sockaddr *)&address, sizeof address) == 0;
}

static bool secure_stream(bench_stream *stream) {
    stream->tls = SSL_new(tls_context());
    if (!stream->tls) return false;
    SSL_set_fd(stream->tls, stream->socket);
    if (SSL_connect(stream->tls) == 1) return true;
    errno = EPROTO;
    return false;
}

bench_stream *bench_stream_open(uint16_t port, bool secure) {
    bench_stream *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made->socket >= 0 && connect_socket(made->socket, port) && (!secure || secure_stream(made)))
        return made;
    int failure = errno;
    bench_stream_close(made);
    errno = failure;
    return NULL;
}

void bench_stream_close(bench_stream *stream) {
    SSL_free(stream->tls);
    if (stream->socket >= 0) close(stream->socket);
    free(stream);
}

long bench_stream_send(bench_stream *stream, const void *bytes, size_t length) {
    if (!stream->tls) return send(stream->socket, bytes, length, MSG_NOSIGNAL);
    return SSL_write(stream->tls, bytes, (int)length);
}

long bench_stream_receive(bench_stream *stream, void *bytes, size_t capacity) {
    if (!stream->tls) return recv(stream->socket, bytes, capacity, 0);
    return SSL_read(stream->tls, bytes, (int)capacity);
}
