import HTTPTypes
import SignetIssuer
import Testing

@testable import SignetAPI

@Suite("Error responses")
struct ErrorResponseTests {
    @Test(arguments: [IssuerError.Code.busy, .storeUnavailable, .cryptographyUnavailable])
    func `a temporary fault of the service is 503 with Retry-After and hides its detail`(code: IssuerError.Code) {
        let error = IssuerError(code, "only for the operator")
        let problem = Problem(error)
        #expect(problem.status == .serviceUnavailable)
        #expect(problem.headers[.retryAfter] == "1")
        let refusal = OAuthError(error)
        #expect(refusal.status == .serviceUnavailable)
        #expect(refusal.code == "temporarily_unavailable")
        #expect(refusal.headers[.retryAfter] == "1")
        #expect(!problem.message.contains(error.detail) && !refusal.message.contains(error.detail))
    }
}
