import SignetStore

extension IssuerError {
    /// Runs `operation` and turns the errors of the rooms below into the issuer's own.
    ///
    /// - Throws: an ``IssuerError``, or `CancellationError` as it is.
    static func translating<Result>(_ operation: () async throws -> Result) async throws -> Result {
        do {
            return try await operation()
        } catch {
            throw translation(of: error)
        }
    }

    /// Runs `operation` and turns the errors of the rooms below into the issuer's own.
    static func translating<Result>(_ operation: () throws -> Result) throws -> Result {
        do {
            return try operation()
        } catch {
            throw translation(of: error)
        }
    }

    private static func translation(of error: any Error) -> any Error {
        switch error {
        case is IssuerError, is CancellationError:
            return error
        case let error as StoreError where error.code == .busy:
            return IssuerError(.busy, error.description, retryAfter: 1)
        case let error as StoreError where [.conflict, .notFound, .invalidRecord].contains(error.code):
            // Not the store's state but what was asked of it: the operations look before they write.
            return IssuerError(.internal, error.description)
        case let error as StoreError:
            return IssuerError(.storeUnavailable, error.description)
        default:
            return IssuerError(.internal, "\(error)")
        }
    }
}
