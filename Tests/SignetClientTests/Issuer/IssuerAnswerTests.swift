import JOSE
import Testing

@testable import SignetClient

@Suite("The error of a refused request")
struct IssuerAnswerTests {
    private func error(_ body: JSONObject?, as code: ClientError.Code = .invalidInput) -> ClientError {
        IssuerAnswer(url: "https://id.test/api/login", status: 400, body: body, retryAfter: nil).error(for: [
            "invalid_input": code
        ])
    }

    @Test func `for invalid input holds the issuer's message`() {
        let errors: JSONValue = [
            ["field": "email", "message": "E-mail is required"], ["message": "Password is required"],
        ]
        #expect(
            error(["code": "invalid_input", "message": "Both are required", "errors": errors]).detail
                == "Both are required")
        #expect(
            error(["code": "invalid_input", "errors": errors]).detail == "E-mail is required; Password is required")
        #expect(
            error(["code": "invalid_input", "message": "\n", "errors": errors]).detail
                == "E-mail is required; Password is required")
        #expect(error(["code": "invalid_input", "message": "a\u{1B}[31mb"]).detail == "a [31mb")
    }

    @Test func `for invalid input without a message holds the code`() {
        for body: JSONObject in [
            ["code": "invalid_input"], ["code": "invalid_input", "message": 1, "errors": "none"],
            ["code": "invalid_input", "errors": [1, ["message": 2], ["field": "email"]]],
        ] {
            #expect(
                error(body).detail == "the issuer answered https://id.test/api/login: status 400, code invalid_input")
        }
    }

    @Test func `for any other code leaves out the issuer's message`() {
        let body: JSONObject = ["code": "invalid_input", "message": "secret"]
        #expect(
            error(body, as: .notPermitted).detail
                == "the issuer answered https://id.test/api/login: status 400, code invalid_input")
        #expect(
            error(["code": "other", "message": "secret"]).detail
                == "the issuer answered https://id.test/api/login: status 400, code other")
    }
}
