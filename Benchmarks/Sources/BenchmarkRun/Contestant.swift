// This module is shared by all benchmarks. It lets the compared pieces of work (contestants) take turns, and computes
// statistics of the results.

/// A named piece of work that a benchmark measures and compares with others.
package struct Contestant: Sendable {
    package let name: String
    /// A short description of the contestant for the report.
    package let detail: String
    /// The number of concurrent tasks that do the work; at least 1.
    package let tasks: Int
    /// The name of the contestant that does the same work in one task; `nil` if there is none. The report shows how
    /// much faster several tasks are than that one task.
    package let single: String?
    /// Repeats the work for about the given time. Returns the number of operations and the time.
    package let work: @Sendable (Duration) async throws -> Sample

    package init(_ name: String, _ detail: String, work: @escaping @Sendable (Duration) async throws -> Sample) {
        (self.name, self.detail, self.work) = (name, detail, work)
        (tasks, single) = (1, nil)
    }

    /// Makes a contestant that calls `batch` until its time slice is over. The number of operations per call doubles
    /// until a call takes at least a millisecond.
    /// - Parameter batch: does the measured operation; its argument is the number of operations to do.
    package init(
        _ name: String, _ detail: String, tasks: Int = 1, single: String? = nil,
        batch: @escaping @Sendable (Int) async throws -> Void
    ) {
        (self.name, self.detail, self.tasks, self.single) = (name, detail, tasks, single)
        work = { slice in
            try await Sample.taken(for: slice, tasks: tasks) { _, clock in
                try await clock.batches(batch)
            }
        }
    }

    /// Makes a contestant whose tasks call `step` until the time slice is over.
    /// - Parameter step: does one or more operations as task number `task`, from 0, and returns how many it did.
    package init(
        _ name: String, tasks: Int, step: @escaping @Sendable (_ task: Int) async throws -> Int
    ) {
        (self.name, self.tasks) = (name, tasks)
        (detail, single) = ("", nil)
        work = { slice in
            try await Sample.taken(for: slice, tasks: tasks) { task, clock in
                var operations = 0
                while !clock.isOver { operations += try await step(task) }
                return operations
            }
        }
    }
}
