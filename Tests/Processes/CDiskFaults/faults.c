#define _GNU_SOURCE
#include "CDiskFaults.h"
#include "log.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

static atomic_int armed_file_fault;
static atomic_int armed_number;
static atomic_int file_calls;

void file_faults_arm(enum file_fault fault, int number) {
    atomic_store(&armed_file_fault, (int)fault);
    atomic_store(&armed_number, number);
    atomic_store(&file_calls, 0);
}

int file_faults_count(void) { return atomic_load(&file_calls); }

/// Counts a system call that changes a file. Returns the fault to inject into this call, or FILE_FAULT_NONE.
static enum file_fault file_fault(void) {
    int number = atomic_fetch_add(&file_calls, 1);
    int fault = atomic_load(&armed_file_fault);
    if (fault == FILE_FAULT_NONE || number != atomic_load(&armed_number)) return FILE_FAULT_NONE;
    if (fault == FILE_FAULT_KILL) {
        kill(getpid(), SIGKILL);
        pause();
    }
    errno = fault == FILE_FAULT_FULL ? ENOSPC : EIO;
    return (enum file_fault)fault;
}

// MARK: - Content of files

/// Returns whether writes to `descriptor` are LMDB meta pages. LMDB writes only its meta pages through a descriptor
/// with O_DSYNC.
static int is_meta(int descriptor) {
    return (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
}

static ssize_t logged_pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    ssize_t (*next)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    disk_log_lock();
    ssize_t written = next(descriptor, bytes, count, offset);
    if (written > 0) disk_log_write(descriptor, bytes, (size_t)written, offset);
    disk_log_unlock();
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (is_meta(descriptor)) {
        ssize_t written = logged_pwrite(descriptor, bytes, count, offset);
        return strikes(DISK_FAULT_META) ? fail() : written;
    }
    if (strikes(DISK_FAULT_PAGES)) return fail();
    return logged_pwrite(descriptor, bytes, strikes(DISK_FAULT_SHORT) ? count / 2 : count, offset);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    ssize_t (*next)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    if (strikes(DISK_FAULT_PAGES)) return fail();
    if (strikes(DISK_FAULT_SHORT)) count = 1;
    disk_log_lock();
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t written = next(descriptor, parts, count);
    ssize_t left = written;
    for (int part = 0; part < count && left > 0; part++) {
        size_t size = parts[part].iov_len < (size_t)left ? parts[part].iov_len : (size_t)left;
        disk_log_write(descriptor, parts[part].iov_base, size, offset);
        offset += (off_t)size;
        left -= (ssize_t)size;
    }
    disk_log_unlock();
    return written;
}

static ssize_t logged_write(int descriptor, const void *bytes, size_t count) {
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    disk_log_lock();
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t written = next(descriptor, bytes, count);
    if (written > 0 && offset >= 0) disk_log_write(descriptor, bytes, (size_t)written, offset);
    disk_log_unlock();
    return written;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    // Standard output and standard error get no faults, because the tests read them.
    if (descriptor <= STDERR_FILENO) return next(descriptor, bytes, count);
    enum file_fault fault = file_fault();
    if (fault == FILE_FAULT_FULL) {
        (void)!logged_write(descriptor, bytes, count / 2);
        errno = ENOSPC;
    }
    return fault == FILE_FAULT_NONE ? logged_write(descriptor, bytes, count) : -1;
}

int ftruncate(int descriptor, off_t length) {
    int (*next)(int, off_t) = dlsym(RTLD_NEXT, "ftruncate");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(descriptor, length);
    if (result == 0) disk_log_truncate(descriptor, length);
    disk_log_unlock();
    return result;
}

int fdatasync(int descriptor) {
    int (*next)(int) = dlsym(RTLD_NEXT, "fdatasync");
    if (strikes(DISK_FAULT_SYNC)) return (int)fail();
    disk_log_lock();
    int result = next(descriptor);
    if (result == 0) disk_log_sync(descriptor);
    disk_log_unlock();
    return result;
}

int fsync(int descriptor) {
    int (*next)(int) = dlsym(RTLD_NEXT, "fsync");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(descriptor);
    if (result == 0) disk_log_sync(descriptor);
    disk_log_unlock();
    return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    void *(*next)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
    if (descriptor >= 0 && strikes(DISK_FAULT_MAP)) {
        (void)fail();
        return MAP_FAILED;
    }
    return next(address, length, protection, flags, descriptor, offset);
}

// MARK: - Entries of directories

int open(const char *path, int flags, ...) {
    int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    if (!(flags & O_CREAT)) return next(path, flags);
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int existed = disk_log_exists(AT_FDCWD, path);
    int descriptor = next(path, flags, mode);
    if (descriptor >= 0 && !existed) disk_log_create(DISK_LOG_CREATE_FILE, AT_FDCWD, path);
    if (descriptor >= 0 && existed && flags & O_TRUNC) disk_log_truncate(descriptor, 0);
    disk_log_unlock();
    return descriptor;
}

int mkdir(const char *path, mode_t mode) {
    int (*next)(const char *, mode_t) = dlsym(RTLD_NEXT, "mkdir");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(path, mode);
    if (result == 0) disk_log_create(DISK_LOG_CREATE_DIRECTORY, AT_FDCWD, path);
    disk_log_unlock();
    return result;
}

int rename(const char *from, const char *to) {
    int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(from, to);
    if (result == 0) disk_log_rename(AT_FDCWD, from, AT_FDCWD, to);
    disk_log_unlock();
    return result;
}

int unlink(const char *path) {
    int (*next)(const char *) = dlsym(RTLD_NEXT, "unlink");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(path);
    if (result == 0) disk_log_remove(AT_FDCWD, path);
    disk_log_unlock();
    return result;
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
    int (*next)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(from_directory, from, to_directory, to);
    if (result == 0) disk_log_rename(from_directory, from, to_directory, to);
    disk_log_unlock();
    return result;
}

int unlinkat(int directory, const char *path, int flags) {
    int (*next)(int, const char *, int) = dlsym(RTLD_NEXT, "unlinkat");
    if (file_fault() != FILE_FAULT_NONE) return -1;
    disk_log_lock();
    int result = next(directory, path, flags);
    if (result == 0) disk_log_remove(directory, path);
    disk_log_unlock();
    return result;
}
