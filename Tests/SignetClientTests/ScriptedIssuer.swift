import HTTPFetching
import SignetClient
import Synchronization

/// An in-process issuer that answers the first request with the first step of a list, the second request with the
/// second step, and so on. It repeats the last step.
final class ScriptedIssuer: HTTPFetcher {
    enum Step: Sendable {
        case answer(status: Int, body: String, headers: [HTTPFetchField] = [])
        /// The issuer receives the request, but the response is lost.
        case lost
        /// The request times out: the clock advances by the timeout, and no response comes.
        case silent(SleepingClock)

        static func pair(_ number: Int, expiresIn: Int = 900) -> Step {
            .answer(
                status: 200,
                body: """
                    {"accessToken":"access-\(number)","refreshToken":"refresh-\(number)","expiresIn":\(expiresIn),\
                    "refreshExpiresIn":604800,"user":{"_id":"user-\(number)","name":"Ada","email":"ada@example.com"}}
                    """)
        }

        static func bearer(_ number: Int, expiresIn: Int = 900) -> Step {
            .answer(
                status: 200,
                body: #"{"access_token":"access-\#(number)","token_type":"Bearer","expires_in":\#(expiresIn)}"#)
        }

        static func refusal(_ status: Int, code: String, headers: [HTTPFetchField] = []) -> Step {
            .answer(status: status, body: #"{"code":"\#(code)"}"#, headers: headers)
        }
    }

    private struct Lost: Error {}

    private let state: Mutex<(steps: [Step], requests: [HTTPFetchRequest])>
    private let gate: Gate?

    init(_ steps: [Step], gate: Gate? = nil) {
        state = Mutex((steps, []))
        self.gate = gate
    }

    var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }
    var bodies: [String] { requests.map { String(decoding: $0.body, as: UTF8.self) } }

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
        }
        await gate?.pass()
        switch step {
        case .answer(let status, let body, let headers):
            return HTTPFetchResponse(status: status, headers: headers, body: Array(body.utf8))
        case .lost: throw Lost()
        case .silent(let clock):
            clock.advance(by: request.timeout)
            throw Lost()
        }
    }
}
