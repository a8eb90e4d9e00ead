/* In which mode a server's TLS connections are, SSL_CTX_set_mode(3).
 *
 * Loaded before OpenSSL. Appends a line with the mode of each connection that is accepted to the file
 * that TLS_MODE names.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

int SSL_accept(SSL *ssl)
{
    int (*next)(SSL *) = (int (*)(SSL *))dlsym(RTLD_NEXT, "SSL_accept");
    int result = next(ssl);
    const char *path = getenv("TLS_MODE");
    FILE *file = result == 1 && path ? fopen(path, "a") : NULL;
    if (file) {
        fprintf(file, "%ld\n", (long)SSL_get_mode(ssl));
        fclose(file);
    }
    return result;
}
