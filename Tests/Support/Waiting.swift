/// Checks `condition` again and again until it is true, and yields to other tasks in between.
/// - Parameter limit: the time after which to give up.
/// - Returns: false if the condition was not true within `limit`, or if the task was cancelled.
package func eventually(
    within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end, !Task.isCancelled else { return false }
        await Task.yield()
    }
    return true
}

/// Waits while `condition` holds. Throws ``WaitedTooLong`` after `limit`, so that a test fails instead of hanging.
package func wait(
    upTo limit: Duration = .seconds(30), while condition: () async throws -> Bool
) async throws {
    guard try await eventually(within: limit, { try await !condition() }) else { throw WaitedTooLong(limit: limit) }
}

/// The error of a wait whose condition did not change in time.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let limit: Duration

    package var description: String { "the condition did not change within \(limit)" }
}
