import Foundation
import HTTPTypes
import Logging
import MemoryStore
import SharedState
import SignetIssuer
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetAPI

/// The API of an issuer with a store in memory and cheap password hashes.
struct APIFixture {
    static let identifier = "https://id.example.com"
    static let app = "https://app.example.com"
    static let email = "ada@example.com"
    static let password = "correct horse"

    let issuer: Issuer
    let api: API
    let administration: Administration
    let store: SwitchedStore

    /// The keyring that all tests share, because generating RSA keys is slow.
    private static let keyring: Keyring = {
        let directory = TemporaryDirectory()
        do {
            return try Keyring.open(directory: directory.path)
        } catch {
            fatalError("\(error)")
        }
    }()

    init() throws {
        store = SwitchedStore()
        issuer = try Issuer(
            configuration: IssuerConfiguration(
                identifier: Self.identifier, audience: Self.identifier, loginAudiences: ["stock"],
                loginScopes: ["orders:read"]),
            store: store, keyring: Self.keyring,
            passwords: PasswordHasher(threads: 1, cost: PasswordHashingCost(passes: 1, kibibytes: 8)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        administration = Administration(store: store)
        let identifier = try #require(IssuerIdentifier(Self.identifier))
        let policy = BrowserPolicy(identifier: identifier, allowedOrigins: [try #require(WebOrigin(Self.app))])
        api = API(issuer: issuer, identifier: identifier, browser: policy)
    }

    /// Registers the user ``email`` and logs in.
    func session(for audiences: [String] = [], scope: String? = nil) async throws -> IssuedTokens {
        _ = try await issuer.register(name: "Ada", email: Self.email, password: Self.password)
        return try await issuer.login(
            email: Self.email, password: Self.password, from: .unknown, audiences: audiences, scope: scope
        ).tokens
    }

    /// Registers and logs in the user ``email``, and returns an `Authorization` header with the access token.
    func bearer() async throws -> HeaderFields { [.authorization: "Bearer \(try await session().accessToken)"] }

    /// Returns an `Authorization` header with a user's access token that lacks the scope `account`.
    func bearerWithoutAccount() async throws -> HeaderFields {
        [.authorization: "Bearer \(try await session(scope: "orders:read").accessToken)"]
    }

    /// Returns an `Authorization` header with the access token of a user who has been deleted.
    func bearerOfDeletedUser() async throws -> HeaderFields {
        let bearer = try await bearer()
        _ = try await administration.deleteUser(Self.email)
        return bearer
    }

    /// Creates a client and returns an `Authorization` header with the client's id and secret.
    func basic(mayIntrospect: Bool = true) async throws -> HeaderFields {
        let (client, secret) = try await administration.createClient(name: "orders", mayIntrospect: mayIntrospect)
        return [.authorization: "Basic " + Data("\(client.id):\(secret)".utf8).base64EncodedString()]
    }
}

extension APIRequest {
    static func json(
        _ method: HTTPRequest.Method, _ target: String, _ body: String, _ fields: HeaderFields = [:]
    ) -> APIRequest {
        var fields = fields
        fields.append(.contentType, "application/json")
        return APIRequest(method: method, target: target, fields: fields, body: .bytes(Array(body.utf8)))
    }

    static func form(_ target: String, _ body: String, _ fields: HeaderFields = [:]) -> APIRequest {
        var fields = fields
        fields.append(.contentType, "application/x-www-form-urlencoded")
        return APIRequest(method: .post, target: target, fields: fields, body: .bytes(Array(body.utf8)))
    }
}

extension APIResponse {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A store in memory that works until a test calls ``fail()``, and has nothing at hand after ``wait()``.
final class SwitchedStore: LocalStore {
    static let fault = "the disk /dev/sdz is broken"

    private struct State {
        var isBroken = false
        var waits = false
    }

    private let store = MemoryStore()
    private let state = Guarded(State())

    /// Makes every further read and write fail.
    func fail() { state.withLock { $0.isBroken = true } }

    /// Makes the store behave as if it were on another machine: it has no records at hand.
    func wait() { state.withLock { $0.waits = true } }

    private func check() throws {
        if state.withLock({ $0.isBroken }) { throw StoreError(.failure, Self.fault) }
    }

    func loadAtHand(_ lookup: StoreLookup) throws -> LoadedRecords? {
        if state.withLock({ $0.waits }) { return nil }
        try check()
        return try store.loadAtHand(lookup)
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        try check()
        return try store.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        try check()
        return try await store.write(body)
    }
}
