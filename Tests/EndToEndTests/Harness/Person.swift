import Foundation
import Testing

/// A registered user, who logs in with e-mail address and password.
struct Person {
    let issuer: RunningIssuer
    let email: String
    let password: String

    /// Registers a new user.
    static func register(
        at issuer: RunningIssuer, email: String = "\(UUID().uuidString.lowercased())@example.com",
        password: String = "correct horse battery"
    ) async throws -> Person {
        let answer = try await HTTPCall.post(
            issuer.url + "/api/register", json: ["name": "Test Person", "email": email, "password": password])
        try #require(answer.status == 201, "\(answer.text)")
        return Person(issuer: issuer, email: email, password: password)
    }

    /// Logs in.
    /// - Parameter members: further members of the request, for example `audience`.
    func login(_ members: [String: Any] = [:]) async throws -> Tokens {
        let credentials = ["email": email, "password": password]
        let answer = try await HTTPCall.post(
            issuer.url + "/api/login", json: members.merging(credentials) { $1 })
        try #require(answer.status == 200, "\(answer.text)")
        return Tokens(
            access: try #require(answer["accessToken"]), refresh: try #require(answer["refreshToken"]))
    }

    func refresh(_ token: String) async throws -> HTTPCall.Answer {
        try await HTTPCall.post(issuer.url + "/api/refresh-token", json: ["refreshToken": token])
    }

    struct Tokens {
        let access: String
        let refresh: String
    }
}
