import HTTPFetching
import SharedState

extension SharedResult {
    /// What came of the work.
    ///
    /// - Throws: the work's own error; `cancelled` as soon as the caller's task is, while the work goes on.
    func get<Success: Sendable>() async throws(ClientError) -> Success where Value == Result<Success, ClientError> {
        guard let result = await value() else { throw .cancelled }
        return try result.get()
    }
}
