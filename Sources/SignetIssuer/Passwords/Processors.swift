import Glibc

/// The processors of the machine.
package enum Processors {
    /// The number of processors that the process may use: `taskset`, the CPU set of a service or of a container may
    /// allow it fewer than the machine has. At least 1.
    package static var allowed: Int {
        var set = unsafe cpu_set_t()
        guard unsafe sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else {
            return max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
        return max(1, unsafe withUnsafeBytes(of: set) { unsafe $0.reduce(0) { $0 + $1.nonzeroBitCount } })
    }
}
