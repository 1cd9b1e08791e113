/// Checks `condition` again and again until it is true.
/// - Parameter limit: the time after which to give up.
/// - Returns: false if the condition was not true within `limit`.
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
