#ifndef SIGNET_COPENSSLTLS_SHIM_H
#define SIGNET_COPENSSLTLS_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Wrappers for macros of OpenSSL, because Swift cannot import macros with arguments.

// Refuses TLS versions before 1.2. Returns 1 on success, otherwise 0.
static inline int signet_require_tls_1_2(SSL_CTX *_Nonnull context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

// Sets the host name that the client sends in the server_name extension (SNI, RFC 6066). Returns 1 on success,
// otherwise 0.
static inline int signet_set_server_name(SSL *_Nonnull session, const char *_Nonnull name) {
    return SSL_set_tlsext_host_name(session, name) == 1;
}

#endif
