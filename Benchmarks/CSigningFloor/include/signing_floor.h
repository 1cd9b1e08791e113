#ifndef SIGNET_SIGNING_FLOOR_H
#define SIGNET_SIGNING_FLOOR_H

#include <stddef.h>
#include <stdint.h>

/// An RSA-2048 key and an OpenSSL context that makes RS256 signatures with this key. Only one thread may use the object
/// at a time.
typedef struct signet_signing_floor signet_signing_floor;

signet_signing_floor *signet_signing_floor_new(void);
void signet_signing_floor_free(signet_signing_floor *floor);

/// Hashes and signs a message of `message_count` bytes (at most 4096) `count` times. Returns how many signatures
/// succeeded.
size_t signet_signing_floor_sign(signet_signing_floor *floor, size_t message_count, size_t count);

#endif
