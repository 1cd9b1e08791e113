#ifndef DISK_LOG_H
#define DISK_LOG_H

#include <stddef.h>
#include <sys/types.h>

/// The kinds of entries. `DiskLog.swift` has the same numbers.
enum disk_log_kind {
    DISK_LOG_ROOT = 1,
    DISK_LOG_CREATE_FILE = 2,
    DISK_LOG_CREATE_DIRECTORY = 3,
    DISK_LOG_RENAME = 4,
    DISK_LOG_REMOVE = 5,
    DISK_LOG_WRITE = 6,
    DISK_LOG_TRUNCATE = 7,
    DISK_LOG_SYNC = 8,
    DISK_LOG_MARK = 9,
};

/// Begins a call: no other thread's call gets between the call and its entry. No effect without a log.
void disk_log_lock(void);

/// Ends a call. Keeps errno.
void disk_log_unlock(void);

/// Whether the path, relative to `directory`, names something.
int disk_log_exists(int directory, const char *path);

/// Logs a new directory entry for a file or directory.
void disk_log_create(enum disk_log_kind kind, int directory, const char *path);

/// Logs a rename after it happened.
void disk_log_rename(int from_directory, const char *from, int to_directory, const char *to);

/// Logs a removal after it happened.
void disk_log_remove(int directory, const char *path);

/// Logs a write of `count` bytes at `offset`, which is durable if the descriptor is synchronous.
void disk_log_write(int descriptor, const void *bytes, size_t count, off_t offset);

/// Logs the new length of a file.
void disk_log_truncate(int descriptor, off_t length);

/// Logs that a file's content or a directory's entries were forced to disk.
void disk_log_sync(int descriptor);

#endif
