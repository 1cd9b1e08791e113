#ifndef SIGNET_CLMDB_SHIM_H
#define SIGNET_CLMDB_SHIM_H

#include <lmdb.h>
#include <sys/types.h>

#ifdef __linux__
#include <linux/falloc.h>

/// Gives a file blocks for its first `length` bytes and leaves its length as it is. 0, or -1 with errno set.
static inline int signet_reserve_blocks(int descriptor, off_t length) {
    // Hidden by the C library unless _GNU_SOURCE is defined, which is too late for here.
    extern int fallocate(int descriptor, int mode, off_t offset, off_t length);
    return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length);
}
#endif

#endif
