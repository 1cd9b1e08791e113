#include "signing_floor.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct signet_signing_floor {
    EVP_MD *sha256;
    EVP_MD_CTX *hashing;
    EVP_PKEY *key;
    EVP_PKEY_CTX *signing;
    uint8_t message[4096];
};

signet_signing_floor *signet_signing_floor_new(void) {
    signet_signing_floor *floor = calloc(1, sizeof *floor);
    if (!floor) return NULL;
    memset(floor->message, 'x', sizeof floor->message);
    floor->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    floor->hashing = EVP_MD_CTX_new();
    floor->key = EVP_RSA_gen(2048);
    floor->signing = floor->key ? EVP_PKEY_CTX_new_from_pkey(NULL, floor->key, NULL) : NULL;
    if (floor->sha256 && floor->hashing && floor->signing && EVP_PKEY_sign_init(floor->signing) == 1
        && EVP_PKEY_CTX_set_rsa_padding(floor->signing, RSA_PKCS1_PADDING) == 1
        && EVP_PKEY_CTX_set_signature_md(floor->signing, floor->sha256) == 1)
        return floor;
    signet_signing_floor_free(floor);
    return NULL;
}

void signet_signing_floor_free(signet_signing_floor *floor) {
    if (!floor) return;
    EVP_PKEY_CTX_free(floor->signing);
    EVP_PKEY_free(floor->key);
    EVP_MD_CTX_free(floor->hashing);
    EVP_MD_free(floor->sha256);
    free(floor);
}

size_t signet_signing_floor_sign(signet_signing_floor *floor, size_t message_count, size_t count) {
    size_t good = 0;
    uint8_t digest[32], signature[256];
    if (message_count > sizeof floor->message) return 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = sizeof signature;
        good += EVP_DigestInit_ex2(floor->hashing, floor->sha256, NULL) == 1
            && EVP_DigestUpdate(floor->hashing, floor->message, message_count) == 1
            && EVP_DigestFinal_ex(floor->hashing, digest, NULL) == 1
            && EVP_PKEY_sign(floor->signing, signature, &length, digest, sizeof digest) == 1;
    }
    return good;
}
