#include "floor.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct signet_floor {
    EVP_MD *sha256;
    EVP_MD_CTX *hashing;
    EVP_PKEY *key;
    EVP_PKEY_CTX *verifying;
    uint8_t *message, *signature;
    size_t message_count, signature_count;
    uint8_t digest[32];
};

static EVP_PKEY *public_key(const uint8_t *modulus, size_t modulus_count, const uint8_t *exponent,
                            size_t exponent_count) {
    BIGNUM *n = BN_bin2bn(modulus, (int)modulus_count, NULL), *e = BN_bin2bn(exponent, (int)exponent_count, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    if (n && e && builder && context && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e)
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) && EVP_PKEY_fromdata_init(context) == 1)
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(e);
    BN_free(n);
    return key;
}

static uint8_t *copy(const uint8_t *bytes, size_t count) {
    uint8_t *result = malloc(count ? count : 1);
    if (result) memcpy(result, bytes, count);
    return result;
}

static int hash(signet_floor *floor) {
    return EVP_DigestInit_ex2(floor->hashing, floor->sha256, NULL) == 1
        && EVP_DigestUpdate(floor->hashing, floor->message, floor->message_count) == 1
        && EVP_DigestFinal_ex(floor->hashing, floor->digest, NULL) == 1;
}

static int verify(signet_floor *floor) {
    return EVP_PKEY_verify(floor->verifying, floor->signature, floor->signature_count, floor->digest,
                           sizeof floor->digest) == 1;
}

signet_floor *signet_floor_new(const uint8_t *modulus, size_t modulus_count, const uint8_t *exponent,
                               size_t exponent_count, const uint8_t *message, size_t message_count,
                               const uint8_t *signature, size_t signature_count) {
    signet_floor *floor = calloc(1, sizeof *floor);
    if (!floor) return NULL;
    floor->message = copy(message, message_count);
    floor->message_count = message_count;
    floor->signature = copy(signature, signature_count);
    floor->signature_count = signature_count;
    floor->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    floor->hashing = EVP_MD_CTX_new();
    floor->key = public_key(modulus, modulus_count, exponent, exponent_count);
    floor->verifying = floor->key ? EVP_PKEY_CTX_new_from_pkey(NULL, floor->key, NULL) : NULL;
    if (floor->message && floor->signature && floor->sha256 && floor->hashing && floor->verifying
        && EVP_PKEY_verify_init(floor->verifying) == 1
        && EVP_PKEY_CTX_set_rsa_padding(floor->verifying, RSA_PKCS1_PADDING) == 1
        && EVP_PKEY_CTX_set_signature_md(floor->verifying, floor->sha256) == 1 && hash(floor) && verify(floor))
        return floor;
    signet_floor_free(floor);
    return NULL;
}

void signet_floor_free(signet_floor *floor) {
    if (!floor) return;
    EVP_PKEY_CTX_free(floor->verifying);
    EVP_PKEY_free(floor->key);
    EVP_MD_CTX_free(floor->hashing);
    EVP_MD_free(floor->sha256);
    free(floor->signature);
    free(floor->message);
    free(floor);
}

size_t signet_floor_verify(signet_floor *floor, size_t count) {
    size_t good = 0;
    for (size_t i = 0; i < count; i++) good += hash(floor) && verify(floor);
    return good;
}

size_t signet_floor_verify_hashed(signet_floor *floor, size_t count) {
    size_t good = 0;
    for (size_t i = 0; i < count; i++) good += verify(floor);
    return good;
}
