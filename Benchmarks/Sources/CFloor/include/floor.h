#ifndef SIGNET_BENCHMARKS_FLOOR_H
#define SIGNET_BENCHMARKS_FLOOR_H

#include <stddef.h>
#include <stdint.h>

// The least work of any RS256 verifier that uses OpenSSL: one SHA-256 and one EVP_PKEY_verify. The object prepares the
// key, the hash function and both OpenSSL contexts once, so that a verification neither decodes nor allocates them.
typedef struct signet_floor signet_floor;

// Creates the object for one RSA key, one message and its signature, which are copied. Returns NULL if OpenSSL rejects
// an argument or the signature is wrong.
signet_floor *_Nullable signet_floor_new(const uint8_t *_Nonnull modulus, size_t modulus_count,
                                         const uint8_t *_Nonnull exponent, size_t exponent_count,
                                         const uint8_t *_Nonnull message, size_t message_count,
                                         const uint8_t *_Nonnull signature, size_t signature_count);
void signet_floor_free(signet_floor *_Nullable floor);

// Hashes the message and verifies its signature `count` times. Returns how many verifications succeeded.
size_t signet_floor_verify(signet_floor *_Nonnull floor, size_t count);

// Verifies the signature `count` times without hashing: signet_floor_new has computed the hash of the message. Returns
// how many verifications succeeded.
size_t signet_floor_verify_hashed(signet_floor *_Nonnull floor, size_t count);

#endif
