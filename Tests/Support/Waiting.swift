/// Checks `condition` repeatedly until it is true. Lets other tasks run between two checks.
/// - Parameter limit: the time after which this function gives up.
/// - Returns: true if `condition` became true; false if it did not within `limit`, or if the task was cancelled.
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

/// Waits until `condition` is false. Throws ``WaitedTooLong`` after `limit`, so that a test fails instead of hanging.
package func wait(
    upTo limit: Duration = .seconds(30), while condition: () async throws -> Bool
) async throws {
    guard try await eventually(within: limit, { try await !condition() }) else { throw WaitedTooLong(limit: limit) }
}

/// The error that `wait` throws if its condition is still true after the time limit.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let limit: Duration

    package var description: String { "the condition did not change within \(limit)" }
}
