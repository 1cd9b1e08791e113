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

// What follows are macros or variadic functions in OpenSSL's headers, which Swift does not see.

static inline EVP_PKEY *_Nullable signet_generate_rsa(size_t bits) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);
}

// The selection of a public key's numbers, for EVP_PKEY_fromdata.
static inline int signet_public_key_selection(void) { return EVP_PKEY_PUBLIC_KEY; }

// Adds a public key's numbers. The builder keeps the pointers to the names, so these have to be C's own constants.
static inline int signet_push_public_numbers(OSSL_PARAM_BLD *_Nonnull builder, const BIGNUM *_Nonnull modulus,
                                             const BIGNUM *_Nonnull exponent) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1;
}

// Whether an error of the queue says that there was no memory.
static inline int signet_is_out_of_memory(unsigned long code) {
    return ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
}

// The bytes that a memory BIO holds; they belong to the BIO.
static inline long signet_bio_data(BIO *_Nonnull bio, const char *_Nullable *_Nonnull data) {
    return BIO_get_mem_data(bio, data);
}

#endif
