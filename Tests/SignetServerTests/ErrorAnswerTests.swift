import HTTPTypes
import SignetIssuer
import Testing

@testable import SignetServer

@Suite struct ErrorAnswerTests {
    @Test(arguments: [IssuerError.Code.busy, .storeUnavailable, .cryptographyUnavailable])
    func `trouble of the service's own is 503 everywhere, and says when to try again`(code: IssuerError.Code) {
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

    @Test func `a form's parameter repeats only where that is allowed`() throws {
        let form = Array("resource=a&resource=&%72esource=b+c&scope=&token".utf8)
        let parameters = try FormParameters(parsing: form, repeatable: ["resource"])
        #expect(parameters.all("resource") == ["a", "b c"])
        #expect(parameters.all("audience") == [])
        #expect(parameters["scope"] == nil)
        #expect(parameters["token"] == nil)
        for text in ["resource=a&%72esource=a", "scope=&scope=", "token&token"] {
            #expect(throws: FormError("a parameter is repeated")) {
                try FormParameters(parsing: Array(text.utf8), repeatable: ["audience"])
            }
        }
        let many = Array([String](repeating: "resource", count: 65).joined(separator: "&").utf8)
        #expect(throws: FormError("more than 64 parameters")) {
            try FormParameters(parsing: many, repeatable: ["resource"])
        }
    }
}
