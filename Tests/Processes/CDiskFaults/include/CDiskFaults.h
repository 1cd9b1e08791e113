#ifndef C_DISK_FAULTS_H
#define C_DISK_FAULTS_H

/// Test code that makes system calls of this process fail as on a failing disk, and logs the calls that change files.
///
/// The executable defines functions such as `write` and `fsync` itself. So the dynamic linker binds the calls of Swift
/// code and of LMDB to these definitions and not to the C library's. `disk_fault` applies to the calls of LMDB,
/// `file_fault` to the calls of other code.

enum disk_fault {
    DISK_FAULT_NONE = 0,
    /// Writing the pages of a commit fails.
    DISK_FAULT_PAGES = 1,
    /// Writing the pages of a commit stops half-way, as on a disk that becomes full.
    DISK_FAULT_SHORT = 2,
    /// Forcing the pages of a commit to disk fails.
    DISK_FAULT_SYNC = 3,
    /// Writing LMDB's meta page reports a failure although the page was written.
    DISK_FAULT_META = 4,
    /// Mapping a file fails.
    DISK_FAULT_MAP = 5,
};

/// Makes the next `times` calls that `fault` affects fail with `code`, an errno value.
void disk_faults_arm(enum disk_fault fault, int code, int times);

enum file_fault {
    FILE_FAULT_NONE = 0,
    /// SIGKILL ends the process instead of the call.
    FILE_FAULT_KILL = 1,
    /// The call fails with ENOSPC. A write writes half of its bytes first.
    FILE_FAULT_FULL = 2,
    /// The call fails with EIO.
    FILE_FAULT_BROKEN = 3,
};

/// Makes one later call fail with `fault`. Only calls that create, write, synchronize, rename or remove a file are
/// counted.
///
/// - `number`: which of the counted calls fails; 0 for the next one.
void file_faults_arm(enum file_fault fault, int number);

/// The number of file-changing calls since the last `file_faults_arm`.
int file_faults_count(void);

/// Starts a log of file-changing calls in the file `log`. From now on, each call that changes or synchronizes a file or
/// a directory appends an entry. `DiskLog.swift` reads the log.
///
/// - `root`: the directory whose files are logged. The directory is empty if the file `log` is new.
/// - `kill_after`: the number of entries after which the process is killed; 0 for never.
void disk_log_start(const char *log, const char *root, int kill_after);

/// Appends an entry with the text `text` to the log.
void disk_log_mark(const char *text);

#endif
