import HTTPTypes
import SignetIssuer
import Testing

@testable import SignetAPI

@Suite("Faults")
struct FaultTests {
    private static let secret = "password of the database"

    private struct Broken: Error, CustomStringConvertible {
        let description = FaultTests.secret
    }

    private static func answer(throwing error: any Error, _ format: Endpoint.ErrorFormat) async -> [APIResponse] {
        let api = API([
            Endpoint(.get, "/now", statuses: [], errors: format, .immediate { _ in throw error }),
            Endpoint(.get, "/later", statuses: [], errors: format, .suspending { _ in throw error }),
            Endpoint(
                .get, "/either", statuses: [], errors: format,
                .immediateOrSuspending({ _ in nil }, { _ in throw error })),
        ])
        var responses: [APIResponse] = []
        for path in ["/now", "/later", "/either"] {
            responses.append(await api.respond(to: APIRequest(method: .get, target: path)))
        }
        return responses
    }

    @Test(arguments: [Endpoint.ErrorFormat.problem, .oauth])
    func `an unexpected error is 500, and its text is for the log alone`(format: Endpoint.ErrorFormat) async {
        for response in await Self.answer(throwing: Broken(), format) {
            #expect(response.status == .internalServerError)
            #expect(!response.text.contains(Self.secret) && !response.text.contains("Broken"))
            #expect(response.fault?.isFailure == true)
            #expect(response.fault?.code == nil)
            #expect(response.fault?.detail == Self.secret)
        }
    }

    @Test(arguments: IssuerError.Code.allCases, [Endpoint.ErrorFormat.problem, .oauth])
    func `the detail of an issuer's error is for the log alone`(
        code: IssuerError.Code, format: Endpoint.ErrorFormat
    ) async {
        for response in await Self.answer(throwing: IssuerError(code, Self.secret), format) {
            #expect(response.status.code >= 400)
            #expect(!response.text.contains(Self.secret))
            #expect(!response.fields.contains { $0.value.contains(Self.secret) })
            #expect(response.fault?.code == code.rawValue)
            #expect(response.fault?.detail == Self.secret)
            #expect(response.fault?.isFailure == [.internal, .storeUnavailable].contains(code))
        }
    }

    @Test func `the refusal of a request is no fault`() async {
        for error in [Problem.notFound, OAuthError.invalidRequest("x"), RequestRefusal.bodyTooLarge] as [any Error] {
            for response in await Self.answer(throwing: error, .problem) { #expect(response.fault == nil) }
        }
    }
}
