#define _GNU_SOURCE
#include "CFileFaults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int armed_fault;
static atomic_int armed_number;
static atomic_int count;

void file_faults_arm(enum file_fault fault, int number) {
    atomic_store(&armed_fault, (int)fault);
    atomic_store(&armed_number, number);
    atomic_store(&count, 0);
}

int file_faults_count(void) { return atomic_load(&count); }

/// The fault that strikes this call.
static enum file_fault strikes(void) {
    int number = atomic_fetch_add(&count, 1);
    int fault = atomic_load(&armed_fault);
    if (fault == FILE_FAULT_NONE || number != atomic_load(&armed_number)) return FILE_FAULT_NONE;
    if (fault == FILE_FAULT_KILL) {
        kill(getpid(), SIGKILL);
        pause();
    }
    errno = fault == FILE_FAULT_FULL ? ENOSPC : EIO;
    return (enum file_fault)fault;
}

int open(const char *path, int flags, ...) {
    int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
        if (strikes() != FILE_FAULT_NONE) return -1;
    }
    return next(path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    // What the process reports is not under test.
    if (descriptor <= STDERR_FILENO) return next(descriptor, bytes, size);
    enum file_fault fault = strikes();
    if (fault == FILE_FAULT_FULL) {
        (void)!next(descriptor, bytes, size / 2);
        errno = ENOSPC;
    }
    return fault == FILE_FAULT_NONE ? next(descriptor, bytes, size) : -1;
}

int fsync(int descriptor) {
    int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
    return strikes() == FILE_FAULT_NONE ? next(descriptor) : -1;
}

int rename(const char *from, const char *to) {
    int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    return strikes() == FILE_FAULT_NONE ? next(from, to) : -1;
}

int unlink(const char *path) {
    int (*next)(const char *) = dlsym(RTLD_NEXT, "unlink");
    return strikes() == FILE_FAULT_NONE ? next(path) : -1;
}
