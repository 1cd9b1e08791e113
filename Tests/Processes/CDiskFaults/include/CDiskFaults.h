#ifndef C_DISK_FAULTS_H
#define C_DISK_FAULTS_H

/// Makes system calls of this process fail, as a failing disk would.
///
/// The calls are defined in the executable, so the dynamic linker gives them to LMDB instead of the C library's.

enum disk_fault {
    DISK_FAULT_NONE = 0,
    /// Writing pages fails.
    DISK_FAULT_PAGES = 1,
    /// Writing pages stops half-way, as on a disk that becomes full.
    DISK_FAULT_SHORT = 2,
    /// Forcing pages to disk fails.
    DISK_FAULT_SYNC = 3,
    /// Writing the meta page reports a failure, after it was written.
    DISK_FAULT_META = 4,
    /// Mapping a file fails.
    DISK_FAULT_MAP = 5,
};

/// Lets the next `times` calls of the kind fail with `code`, an errno value.
void disk_faults_arm(enum disk_fault fault, int code, int times);

#endif
