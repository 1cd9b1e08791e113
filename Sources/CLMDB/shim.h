#ifndef SIGNET_CLMDB_SHIM_H
#define SIGNET_CLMDB_SHIM_H

#include <lmdb.h>
#include <sys/types.h>

#ifdef __linux__
#include <linux/falloc.h>

/// Reserves disk blocks for the first `length` bytes of a file without changing its length. Returns 0, or -1 with errno
/// set.
static inline int signet_reserve_blocks(int descriptor, off_t length) {
    // Declare fallocate here, because <fcntl.h> declares it only if _GNU_SOURCE is defined.
    extern int fallocate(int descriptor, int mode, off_t offset, off_t length);
    return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, length);
}
#endif

#endif
