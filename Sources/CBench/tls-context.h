// TLS as a client that believes any server: this machine's own.
#pragma once

#include <openssl/ssl.h>

/// The context of all connections of this process; made once, never freed. [any thread]
SSL_CTX *tls_context(void);
