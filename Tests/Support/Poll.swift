/// Waits until `condition` is true, checking it every millisecond.
/// - Parameter timeout: how long to wait before the test fails.
/// - Throws: ``PollTimeout``.
package func poll(for timeout: Duration = .seconds(10), until condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + timeout
    while try !condition() {
        guard ContinuousClock.now < end else { throw PollTimeout() }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// A condition that a test waited for did not become true in time.
package struct PollTimeout: Error {}
