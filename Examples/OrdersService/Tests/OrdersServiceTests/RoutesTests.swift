import Hummingbird
import HummingbirdTesting
import Logging
import SignetTesting
import SignetVerifier
import Testing

@testable import orders_service

@Suite("The routes")
struct RoutesTests {
    private static let issuer = Result { try TestIssuer() }

    /// Sends one request to the routes. The verifier trusts `issuer`.
    private func status(
        _ method: HTTPRequest.Method, _ path: String, token: String?, issuer: TestIssuer
    ) async throws -> (status: HTTPResponse.Status, challenge: String?, body: String) {
        let verifier = try Verifier(issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer)
        let router = makeRouter(verifier: verifier, logger: Logger(label: "test"))
        let headers: HTTPFields = token.map { [.authorization: "Bearer \($0)"] } ?? [:]
        return try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: method, headers: headers) {
                ($0.status, $0.headers[.wwwAuthenticate], String(buffer: $0.body))
            }
        }
    }

    @Test func `a user sees their own orders`() async throws {
        let issuer = try Self.issuer.get()
        let token = try issuer.token(subject: "ada", scopes: [Scope.read])
        let answer = try await status(.get, "/orders", token: token, issuer: issuer)
        #expect(answer.status == .ok)
        #expect(answer.body.contains(#""customer":"ada""#))
    }

    @Test func `a warehouse ships orders`() async throws {
        let issuer = try Self.issuer.get()
        let token = try issuer.token(subject: "warehouse", scopes: [Scope.ship])
        let answer = try await status(.post, "/shipments/1001", token: token, issuer: issuer)
        #expect(answer.status == .ok)
        #expect(answer.body.contains(#""shippedBy":"warehouse""#))
    }

    @Test func `a token of the other kind is refused, and the challenge names the scope`() async throws {
        let issuer = try Self.issuer.get()
        let user = try issuer.token(subject: "ada", scopes: [Scope.read])
        let ship = try await status(.post, "/shipments/1001", token: user, issuer: issuer)
        #expect(ship.status == .forbidden)
        #expect(ship.challenge?.contains(#"scope="orders:ship""#) == true)
        let warehouse = try issuer.token(subject: "warehouse", scopes: [Scope.ship])
        let list = try await status(.get, "/orders", token: warehouse, issuer: issuer)
        #expect(list.status == .forbidden)
        #expect(list.challenge?.contains(#"scope="orders:read""#) == true)
    }

    @Test func `a request without a token is told no error`() async throws {
        let answer = try await status(.get, "/orders", token: nil, issuer: Self.issuer.get())
        #expect(answer.status == .unauthorized)
        #expect(answer.challenge == #"Bearer realm="orders""#)
    }

    @Test(arguments: TokenFault.all)
    func `no faulty token is let in`(fault: TokenFault) async throws {
        let issuer = try Self.issuer.get()
        let token = try issuer.token(scopes: [Scope.read], fault: fault)
        let answer = try await status(.get, "/orders", token: token, issuer: issuer)
        #expect(answer.status == .unauthorized)
    }

    @Test func `without keys the answer is 503, and the service is not ready`() async throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(scopes: [Scope.read])
        issuer.goDown()
        #expect(try await status(.get, "/orders", token: token, issuer: issuer).status == .serviceUnavailable)
        #expect(try await status(.get, "/ready", token: nil, issuer: issuer).status == .serviceUnavailable)
        issuer.comeBack()
        #expect(try await status(.get, "/ready", token: nil, issuer: issuer).status == .ok)
    }
}
