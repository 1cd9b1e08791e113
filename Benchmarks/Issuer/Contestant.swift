/// Something to be measured a slice at a time.
struct Contestant: Sendable {
    let name: String
    /// Works for about this long.
    let work: @Sendable (Duration) async throws -> Sample

    init(
        _ name: String, tasks: Int, _ work: @escaping @Sendable (_ task: Int) async throws -> Int
    ) {
        self.name = name
        self.work = { try await Sample.taken(for: $0, tasks: tasks, work) }
    }
}
