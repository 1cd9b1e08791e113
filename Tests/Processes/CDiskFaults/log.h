#ifndef DISK_LOG_H
#define DISK_LOG_H

#include <stddef.h>
#include <sys/types.h>

/// The kinds of log entries. `DiskLog.swift` uses the same numbers.
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

/// Locks the log. The caller then makes a system call, appends its log entry and unlocks the log, so that the entries
/// are in the order of the calls.
void disk_log_lock(void);

/// Unlocks the log. Does not change errno.
void disk_log_unlock(void);

/// Returns 1 if `path`, relative to the descriptor `directory`, exists; otherwise 0.
int disk_log_exists(int directory, const char *path);

/// Logs that a file or directory was created.
void disk_log_create(enum disk_log_kind kind, int directory, const char *path);

/// Logs a rename. Call it after the rename has succeeded.
void disk_log_rename(int from_directory, const char *from, int to_directory, const char *to);

/// Logs a removal. Call it after the removal has succeeded.
void disk_log_remove(int directory, const char *path);

/// Logs a write of `count` bytes at `offset`. If writes to `descriptor` are synchronous, the log entry says that the
/// write is durable.
void disk_log_write(int descriptor, const void *bytes, size_t count, off_t offset);

/// Logs the new length of a file.
void disk_log_truncate(int descriptor, off_t length);

/// Logs that a file's content or a directory's entries were forced to disk.
void disk_log_sync(int descriptor);

#endif
