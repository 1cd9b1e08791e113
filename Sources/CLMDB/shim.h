#ifndef SIGNET_CLMDB_SHIM_H
#define SIGNET_CLMDB_SHIM_H

#include <lmdb.h>
#include <sys/types.h>

#ifdef __linux__
#include <linux/falloc.h>

/// Reserves disk blocks for the first `length` bytes of a file without changing its length. Returns 0, or -1 with errno
/// set.
static inline int signet_reserve_blocks(int descriptor, off_t length) {
    // The C library declares fallocate only if _GNU_SOURCE was defined before its first header.
    extern int fallocate(int descriptor, int mode, off_t offset, off_t length);
    return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length);
}
#endif

#endif
