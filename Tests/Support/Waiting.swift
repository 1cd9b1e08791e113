/// Waits while `condition` holds, and yields to other tasks in between. Throws ``WaitedTooLong`` after `limit`, so that a test
/// fails instead of hanging.
package func wait(
    upTo limit: Duration = .seconds(30), while condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await condition() {
        guard ContinuousClock.now < end else { throw WaitedTooLong(limit: limit) }
        await Task.yield()
    }
}

/// The error of a wait whose condition did not change in time.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let limit: Duration

    package var description: String { "the condition did not change within \(limit)" }
}
