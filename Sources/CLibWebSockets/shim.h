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
#include <sys/timex.h>
#include <time.h>
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

/* Seconds since 1970 at which a certificate ends; -1 for none. [any-thread] */
static inline int64_t maitred_certificate_end(const X509 *certificate)
{
    struct tm time;
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1)
        return -1;
    return timegm(&time);
}

/* The end of the first certificate in a PEM file; -1 when there is none. [any-thread]
 * `path` is NUL-terminated UTF-8, borrowed for the call. */
static inline int64_t maitred_file_certificate_end(const char *path)
{
    BIO *file = BIO_new_file(path, "r");
    X509 *certificate = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;
    int64_t end = maitred_certificate_end(certificate);
    X509_free(certificate);
    BIO_free(file);
    ERR_clear_error();
    return end;
}

/* The end of the certificate that is shown at HOST:PORT, which is not checked; -1 when none is
 * within five seconds. [any-thread] `address` is NUL-terminated, borrowed for the call. */
static inline int64_t maitred_served_certificate_end(const char *address)
{
    int64_t end = -1;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    BIO *connection = context ? BIO_new_ssl_connect(context) : NULL;
    SSL *ssl = NULL;
    if (connection && BIO_set_conn_hostname(connection, address) == 1 &&
        BIO_do_connect_retry(connection, 5, 50) == 1 &&
        BIO_get_ssl(connection, &ssl) == 1 && ssl) {
        X509 *certificate = SSL_get1_peer_certificate(ssl);
        end = maitred_certificate_end(certificate);
        X509_free(certificate);
    }
    BIO_free_all(connection);
    SSL_CTX_free(context);
    ERR_clear_error();
    return end;
}

/* Whether a time server keeps the machine's clock, as far as the kernel knows: 1 or 0; -1 when it
 * does not say. [any-thread] */
static inline int maitred_clock_is_kept(void)
{
    struct timex state = {0};
    int code = adjtimex(&state);
    return code < 0 ? -1 : code != TIME_ERROR && !(state.status & STA_UNSYNC);
}

/* Gives an SSL_CTX the session ticket keys that all loops share. [loop thread]
 * `keys` is borrowed; OpenSSL 3 wants 80 bytes. Returns 1 on success. */
static inline long maitred_set_ticket_keys(void *context, const void *keys, long length)
{
    return SSL_CTX_set_tlsext_ticket_keys((SSL_CTX *)context, (void *)keys, length);
}

/* Lets an SSL_CTX speak TLS 1.2 and 1.3 only, whatever the system allows, and with ciphers that have
 * forward secrecy and authenticate what they encrypt. [loop thread] Returns 1 on success. */
static inline int maitred_restrict_tls(void *context)
{
    SSL_CTX *server = (SSL_CTX *)context;
    return SSL_CTX_set_min_proto_version(server, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(server, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
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
