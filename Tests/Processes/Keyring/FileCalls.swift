import Glibc

/// Makes each file-changing system call that gets the faults of `file_faults_arm` once. Each call has a file of its own,
/// so that a call that fails does not make later calls fail.
struct FileCalls {
    private let directory: String
    private let directoryDescriptor: CInt
    private let fileDescriptor: CInt

    /// Creates the files for the calls in `directory`. Call this before `file_faults_arm`.
    init(in directory: String) {
        self.directory = directory
        for name in ["a", "b", "c", "d"] {
            close(unsafe open("\(directory)/\(name)", O_WRONLY | O_CREAT, 0o600))
        }
        directoryDescriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY)
        fileDescriptor = unsafe open("\(directory)/file", O_WRONLY | O_CREAT, 0o600)
    }

    /// Makes the calls, and returns the names of those that failed.
    func failures() -> [String] {
        let calls: [(name: String, succeeds: () -> Bool)] = [
            ("mkdir", { unsafe mkdir(path("folder"), 0o700) == 0 }),
            ("create", { unsafe open(path("new"), O_WRONLY | O_CREAT, 0o600) >= 0 }),
            ("write", { unsafe write(fileDescriptor, "text", 4) == 4 }),
            ("ftruncate", { ftruncate(fileDescriptor, 2) == 0 }),
            ("fsync", { fsync(fileDescriptor) == 0 }),
            ("rename", { unsafe rename(path("a"), path("a2")) == 0 }),
            ("renameat", { unsafe renameat(directoryDescriptor, "b", directoryDescriptor, "b2") == 0 }),
            ("unlink", { unsafe unlink(path("c")) == 0 }),
            ("unlinkat", { unsafe unlinkat(directoryDescriptor, "d", 0) == 0 }),
        ]
        return calls.filter { !$0.succeeds() }.map(\.name)
    }

    private func path(_ name: String) -> String { "\(directory)/\(name)" }
}
