#ifndef SIGNET_SIGNING_FLOOR_H
#define SIGNET_SIGNING_FLOOR_H

#include <stddef.h>
#include <stdint.h>

/// A fresh RSA-2048 key and one prepared RS256 context; one thread at a time.
typedef struct signet_signing_floor signet_signing_floor;

signet_signing_floor *signet_signing_floor_new(void);
void signet_signing_floor_free(signet_signing_floor *floor);

/// Signs `count` times, each with its own SHA-256 over `message_count` bytes; returns how many succeeded.
size_t signet_signing_floor_sign(signet_signing_floor *floor, size_t message_count, size_t count);

#endif
