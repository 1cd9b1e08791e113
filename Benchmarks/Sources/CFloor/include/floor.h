#ifndef SIGNET_BENCHMARKS_FLOOR_H
#define SIGNET_BENCHMARKS_FLOOR_H

#include <stddef.h>
#include <stdint.h>

// What no RS256 verifier over OpenSSL can undercut: one SHA-256 and one EVP_PKEY_verify, with the hash function fetched
// and both contexts prepared beforehand, nothing decoded and nothing allocated by the caller.
typedef struct signet_floor signet_floor;

// A floor for one key and one signed message; copies all four. NULL when OpenSSL refuses them or the signature is bad.
signet_floor *_Nullable signet_floor_new(const uint8_t *_Nonnull modulus, size_t modulus_count,
                                         const uint8_t *_Nonnull exponent, size_t exponent_count,
                                         const uint8_t *_Nonnull message, size_t message_count,
                                         const uint8_t *_Nonnull signature, size_t signature_count);
void signet_floor_free(signet_floor *_Nullable floor);

// Hashes the message and verifies the signature `count` times; how many times it was good.
size_t signet_floor_verify(signet_floor *_Nonnull floor, size_t count);

// Verifies the signature of the hash that was taken beforehand `count` times; how many times it was good.
size_t signet_floor_verify_hashed(signet_floor *_Nonnull floor, size_t count);

#endif
