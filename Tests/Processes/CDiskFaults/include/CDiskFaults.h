#ifndef C_DISK_FAULTS_H
#define C_DISK_FAULTS_H

/// Makes system calls of this process fail as on a failing disk, and logs the calls that change files.
///
/// The executable defines the calls, so the dynamic linker binds the calls of Swift code and of LMDB to these
/// definitions instead of the C library's. `disk_fault` is about LMDB's calls, `file_fault` about those of other code.

enum disk_fault {
    DISK_FAULT_NONE = 0,
    /// Writing pages fails.
    DISK_FAULT_PAGES = 1,
    /// Writing pages stops half-way, as on a disk that becomes full.
    DISK_FAULT_SHORT = 2,
    /// Forcing pages to disk fails.
    DISK_FAULT_SYNC = 3,
    /// Writing the meta page reports a failure after the page was written.
    DISK_FAULT_META = 4,
    /// Mapping a file fails.
    DISK_FAULT_MAP = 5,
};

/// Makes the next `times` calls of the kind fail with `code`, an errno value.
void disk_faults_arm(enum disk_fault fault, int code, int times);

enum file_fault {
    FILE_FAULT_NONE = 0,
    /// SIGKILL instead of the call.
    FILE_FAULT_KILL = 1,
    /// The call fails with ENOSPC. A write writes half of its bytes first.
    FILE_FAULT_FULL = 2,
    /// The call fails with EIO.
    FILE_FAULT_BROKEN = 3,
};

/// Makes one of the next calls that create, write, synchronize, rename or remove a file fail.
///
/// - `number`: the call, counted from 0.
void file_faults_arm(enum file_fault fault, int number);

/// The number of such calls since the last `file_faults_arm`.
int file_faults_count(void);

/// Appends an entry to the file `log` for every later call that changes a file, a directory entry, or what of them a
/// power failure would leave. `DiskLog` in the tests' support reads the log.
///
/// - `root`: the directory that the log is about. It is empty if the file `log` is new.
/// - `kill_after`: kills the process right after so many entries; 0 for never.
void disk_log_start(const char *log, const char *root, int kill_after);

/// Adds an entry with `text` to the log.
void disk_log_mark(const char *text);

#endif
