/// Something that verifies tokens, to be measured a slice at a time.
struct Contestant: Sendable {
    let name: String
    /// What it does, in a few words.
    let detail: String
    /// Works for about this long.
    let work: @Sendable (Duration) async throws -> Sample
    /// How many tasks work at the same time.
    let tasks: Int
    /// The name of the contestant that does the same in one task.
    let single: String?
    /// Whether it accepts a token; `nil` when it has no way to be asked about another token than its own.
    let accepts: (@Sendable (String) async -> Bool)?

    /// - Parameter batch: Verifies this many times; throws when one fails.
    init(
        _ name: String, _ detail: String, accepts: (@Sendable (String) async -> Bool)? = nil,
        batch: @escaping @Sendable (Int) async throws -> Void
    ) {
        self.name = name
        self.detail = detail
        self.accepts = accepts
        tasks = 1
        single = nil
        work = { try await Sample.taken(for: $0, batch) }
    }

    /// Several tasks that verify at the same time.
    ///
    /// - Parameters:
    ///   - single: The name of the contestant that does the same in one task.
    ///   - batch: As for one task.
    init(
        _ name: String, _ detail: String, tasks: Int, single: String,
        batch: @escaping @Sendable (Int) async throws -> Void
    ) {
        self.name = name
        self.detail = detail
        self.tasks = tasks
        self.single = single
        accepts = nil
        work = { slice in
            let processor = ProcessorTime.now()
            let counts = try await withThrowingTaskGroup(of: Sample.self) { group in
                for _ in 0..<tasks {
                    group.addTask { try await Sample.taken(for: slice, batch) }
                }
                return try await group.reduce(into: [Sample]()) { $0.append($1) }
            }
            return Sample(
                operations: counts.reduce(0) { $0 + $1.operations }, seconds: counts.map(\.seconds).max() ?? 0,
                processorSeconds: ProcessorTime.now() - processor)
        }
    }

    /// A program of others, which measures itself.
    init(_ peer: Peer) {
        name = peer.name
        detail = "a program of its own, one thread"
        tasks = 1
        single = nil
        accepts = nil
        work = { try peer.measure(for: $0) }
    }
}
