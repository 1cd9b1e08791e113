#define _GNU_SOURCE
#include "CDiskFaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int armed_fault;
static atomic_int armed_code;
static atomic_int armed_times;

void disk_faults_arm(enum disk_fault fault, int code, int times) {
    atomic_store(&armed_fault, DISK_FAULT_NONE);
    atomic_store(&armed_code, code);
    atomic_store(&armed_times, times);
    atomic_store(&armed_fault, (int)fault);
}

static int strikes(enum disk_fault fault) {
    return atomic_load(&armed_fault) == (int)fault && atomic_fetch_sub(&armed_times, 1) > 0;
}

static ssize_t fail(void) {
    errno = atomic_load(&armed_code);
    return -1;
}

/// LMDB writes meta pages through a descriptor of their own, which is synchronous.
static int is_meta(int descriptor) {
    return (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    ssize_t (*next)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    if (is_meta(descriptor)) {
        ssize_t written = next(descriptor, bytes, count, offset);
        return strikes(DISK_FAULT_META) ? fail() : written;
    }
    if (strikes(DISK_FAULT_PAGES)) return fail();
    if (strikes(DISK_FAULT_SHORT)) return next(descriptor, bytes, count / 2, offset);
    return next(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    ssize_t (*next)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    if (strikes(DISK_FAULT_PAGES)) return fail();
    if (strikes(DISK_FAULT_SHORT)) return next(descriptor, parts, 1);
    return next(descriptor, parts, count);
}

int fdatasync(int descriptor) {
    int (*next)(int) = dlsym(RTLD_NEXT, "fdatasync");
    return strikes(DISK_FAULT_SYNC) ? (int)fail() : next(descriptor);
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    void *(*next)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
    if (descriptor >= 0 && strikes(DISK_FAULT_MAP)) {
        (void)fail();
        return MAP_FAILED;
    }
    return next(address, length, protection, flags, descriptor, offset);
}
