/* libwebsockets 4.1 with libuv and OpenSSL, and the few things Swift cannot express. */
#pragma once

#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

/* Macros with casts, shifts or parentheses that Swift does not import. */
static const size_t maitred_lws_pre = LWS_PRE;
static const uint64_t maitred_lws_context_options =
    LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_VALIDATE_UTF8 |
    LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME;
/* It would load the system's certificate authorities for clients that we never are. */
static const uint64_t maitred_lws_tls_options =
    LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;

/* The result of checking a certificate against its private key. */
enum maitred_pair_check {
    MAITRED_PAIR_OK = 0,
    MAITRED_PAIR_BAD_CERTIFICATE,
    MAITRED_PAIR_BAD_KEY,
    MAITRED_PAIR_MISMATCH,
    MAITRED_PAIR_NO_MEMORY
};

/* Loads both files into a scratch SSL_CTX and says whether they belong together. [any-thread]
 * libwebsockets reports success for a pair that cannot serve, so this is asked first.
 * Both paths are NUL-terminated UTF-8, borrowed for the call. */
static inline enum maitred_pair_check maitred_check_pair(const char *certificate, const char *key)
{
    enum maitred_pair_check result = MAITRED_PAIR_OK;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context)
        return MAITRED_PAIR_NO_MEMORY;
    /* A key that does not match an already loaded certificate is refused while it is loaded, so
     * the key is checked alone first to tell a bad key from a mismatch. */
    SSL_CTX *alone = SSL_CTX_new(TLS_server_method());
    if (!alone)
        result = MAITRED_PAIR_NO_MEMORY;
    else if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        result = MAITRED_PAIR_BAD_CERTIFICATE;
    else if (SSL_CTX_use_PrivateKey_file(alone, key, SSL_FILETYPE_PEM) != 1)
        result = MAITRED_PAIR_BAD_KEY;
    else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
             SSL_CTX_check_private_key(context) != 1)
        result = MAITRED_PAIR_MISMATCH;
    SSL_CTX_free(alone);
    SSL_CTX_free(context);
    ERR_clear_error();
    return result;
}

/* Gives an SSL_CTX the session ticket keys that all loops share. [loop thread]
 * `keys` is borrowed; OpenSSL 3 wants 80 bytes. Returns 1 on success. */
static inline long maitred_set_ticket_keys(void *context, const void *keys, long length)
{
    return SSL_CTX_set_tlsext_ticket_keys((SSL_CTX *)context, (void *)keys, length);
}

/* The SHA-256 of a buffer into 32 bytes. [any-thread] */
static inline void maitred_sha256(const void *bytes, size_t length, unsigned char *digest)
{
    SHA256((const unsigned char *)bytes, length, digest);
}

/* Names the calling thread for debuggers; cut to 15 bytes. [any-thread] */
static inline void maitred_name_thread(const char *name)
{
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* A descriptor that becomes readable when a thread writes to it; -1 on failure. [any-thread] */
static inline int maitred_eventfd(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static inline void maitred_eventfd_signal(int descriptor)
{
    eventfd_write(descriptor, 1);
}

/* The flags of every TCP socket of ours. */
static const int maitred_stream = SOCK_STREAM;
static const int maitred_stream_nonblocking = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

/* accept4(2), which libc declares for GNU sources only: the new socket does not block and is
 * not inherited. Returns -1 and errno on failure. [any-thread] */
static inline int maitred_accept(int listener, struct sockaddr *address, socklen_t *length)
{
    return (int)syscall(SYS_accept4, listener, address, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
