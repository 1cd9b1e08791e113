import Testing

@testable import SignetIssuer

/// Expects `operation` to be refused with `code`; returns the error.
@discardableResult
func expect(
    _ code: IssuerError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    from operation: () async throws -> some Any
) async -> IssuerError? {
    do {
        let result = try await operation()
        Issue.record("expected \(code), got \(result)", sourceLocation: sourceLocation)
        return nil
    } catch let error as IssuerError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("expected \(code), got \(error)", sourceLocation: sourceLocation)
        return nil
    }
}
