#ifndef C_FILE_FAULTS_H
#define C_FILE_FAULTS_H

/// Lets one of the calls that change files fail, or be the last one that this process makes.
///
/// Counted are the calls that create, write, sync, rename and delete files; the calls are defined in the executable, so
/// the dynamic linker gives them to the code under test instead of the C library's.

enum file_fault {
    FILE_FAULT_NONE = 0,
    /// SIGKILL instead of the call.
    FILE_FAULT_KILL = 1,
    /// The call fails with ENOSPC; a write stops half-way first.
    FILE_FAULT_FULL = 2,
    /// The call fails with EIO.
    FILE_FAULT_BROKEN = 3,
};

/// Counts from zero, and lets the fault strike at the call with this number, once.
void file_faults_arm(enum file_fault fault, int number);

/// How many calls there were since.
int file_faults_count(void);

#endif
