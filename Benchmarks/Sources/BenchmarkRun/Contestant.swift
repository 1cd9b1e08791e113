// What all benchmarks share: contestants, turns, samples and their statistics. Nothing here knows what is measured.

/// One thing to measure, for a time slice at a time.
package struct Contestant: Sendable {
    package let name: String
    /// A short description for the report.
    package let detail: String
    /// How many tasks work at the same time.
    package let tasks: Int
    /// The name of the contestant that does the same work in one task, for the report.
    package let single: String?
    /// Works for about this long.
    package let work: @Sendable (Duration) async throws -> Sample

    package init(_ name: String, _ detail: String, work: @escaping @Sendable (Duration) async throws -> Sample) {
        (self.name, self.detail, self.work) = (name, detail, work)
        (tasks, single) = (1, nil)
    }

    /// - Parameter batch: does the operation this many times.
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

    /// - Parameter step: does some operations as task number `task` and returns how many.
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
