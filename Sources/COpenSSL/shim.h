#ifndef SIGNET_COPENSSL_SHIM_H
#define SIGNET_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// Wrappers for macros and variadic functions of OpenSSL, because Swift can import neither.

static inline EVP_PKEY *_Nullable signet_generate_rsa(size_t bits) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

// The `selection` argument of EVP_PKEY_fromdata for a public key.
static inline int signet_public_key_selection(void) { return EVP_PKEY_PUBLIC_KEY; }

// Adds the modulus and the exponent of a public key to `builder`. Returns 1 on success, otherwise 0. This is C code
// because `builder` keeps pointers to the parameter names, so the names must be C constants.
static inline int signet_push_public_numbers(OSSL_PARAM_BLD *_Nonnull builder, const BIGNUM *_Nonnull modulus,
                                             const BIGNUM *_Nonnull exponent) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1;
}

// Returns 1 if the error `code` from OpenSSL's error queue means that memory ran out; otherwise 0.
static inline int signet_is_out_of_memory(unsigned long code) {
    return ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
}

// Points `data` to the bytes of the memory BIO `bio` and returns the number of bytes. The BIO still owns the bytes.
static inline long signet_bio_data(BIO *_Nonnull bio, const char *_Nullable *_Nonnull data) {
    return BIO_get_mem_data(bio, data);
}

#endif
