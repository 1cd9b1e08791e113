#ifndef C_DISK_FAULTS_H
#define C_DISK_FAULTS_H

/// Test code that makes system calls of this process fail as on a failing disk, and logs the calls that change files.
///
/// This target defines functions such as `write` and `fsync`. In a program that links this target, Swift code and LMDB
/// call these functions instead of those of the C library. `disk_fault` lists the faults for calls of LMDB, and
/// `file_fault` those for calls of other code.

enum disk_fault {
    DISK_FAULT_NONE = 0,
    /// LMDB's write of the pages of a commit fails.
    DISK_FAULT_PAGES = 1,
    /// LMDB's write of the pages of a commit writes only a part of them, as on a disk that becomes full.
    DISK_FAULT_SHORT = 2,
    /// LMDB's `fdatasync` of the pages of a commit fails.
    DISK_FAULT_SYNC = 3,
    /// LMDB's write of a meta page reports a failure, although the page has been written.
    DISK_FAULT_META = 4,
    /// Mapping a file into memory (`mmap`) fails.
    DISK_FAULT_MAP = 5,
};

/// Makes the next `times` system calls of the kind that `fault` describes fail. `code` is their errno value.
void disk_faults_arm(enum disk_fault fault, int code, int times);

enum file_fault {
    FILE_FAULT_NONE = 0,
    /// SIGKILL ends the process before the call.
    FILE_FAULT_KILL = 1,
    /// The call fails with ENOSPC. If it is a `write`, it writes half of its bytes before it fails.
    FILE_FAULT_FULL = 2,
    /// The call fails with EIO.
    FILE_FAULT_BROKEN = 3,
};

/// Makes one file-changing call fail with `fault`: a call that creates, writes, truncates, synchronizes, renames or
/// removes a file, or creates a directory. Calls that only LMDB makes are not among them; see `disk_fault`.
///
/// - `number`: the number of file-changing calls that succeed before; 0 if the next one fails.
void file_faults_arm(enum file_fault fault, int number);

/// The number of file-changing calls since the last `file_faults_arm`.
int file_faults_count(void);

/// Starts to log file-changing calls in the file `log`. From now on, each call that changes or synchronizes a file or a
/// directory appends an entry. `DiskLog.swift` reads the log.
///
/// - `root`: the directory whose files are logged. If the file `log` does not exist, this directory must be empty.
/// - `kill_after`: the number of entries after which SIGKILL ends the process; 0 for never.
void disk_log_start(const char *log, const char *root, int kill_after);

/// Appends an entry with the text `text` to the log.
void disk_log_mark(const char *text);

#endif
