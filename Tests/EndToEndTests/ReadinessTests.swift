import Foundation
import TestSupport
import Testing

@Suite("Readiness", .timeLimit(.minutes(10)))
struct ReadinessTests {
    private static func copy(_ from: URL, over to: URL) throws {
        // Copy the file to a temporary name and then rename the copy, so that the service never reads a partial file.
        let draft = to.appendingPathExtension("copy")
        try FileManager.default.copyItem(at: from, to: draft)
        try #require(unsafe rename(draft.path, to.path) == 0)
    }

    @Test func `A service without a usable key is live but not ready, and becomes ready when the key appears`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let health = "http://127.0.0.1:\(issuer.opsPort)/health/"
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let client = try await issuer.createClient()
        #expect(try await HTTPCall.get(health + "ready", contract: nil).status == 200)

        // Revoke the key in a copy of the key directory, and copy only the new keyring.json back. So the service learns
        // of a new active key whose file it does not have yet.
        let keys = issuer.directory.url.appending(path: "keys")
        let elsewhere = issuer.directory.url.appending(path: "elsewhere")
        try FileManager.default.copyItem(at: keys, to: elsewhere)
        let old = try await KeyRotationTests.signing(issuer)
        let revoked = try await issuer.command(["keys", "revoke", old, "--keys", elsewhere.path])
        try #require(revoked.status == 0, "\(revoked.errors)")
        let new = try #require(
            try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).first { $0.hasSuffix(".pem") })
        try Self.copy(elsewhere.appending(path: "keyring.json"), over: keys.appending(path: "keyring.json"))
        #expect(await issuer.waitForLine(containing: "kid=none"))

        let unready = try await HTTPCall.get(health + "ready", contract: nil)
        #expect(unready.status == 503)
        #expect(unready.header("Retry-After") == "1")
        #expect(unready.text == #"{"status":"unavailable"}"#)
        #expect(issuer.messages.contains("not ready"))
        #expect(try await HTTPCall.get(health + "live", contract: nil).status == 200)
        let login = try await HTTPCall.post(
            issuer.url + "/api/login", json: ["email": person.email, "password": person.password])
        #expect(login.status == 503)
        // To answer these requests, the service must sign a token or document. Without a signing key, it answers 503.
        let accept = [("Accept", "application/token-introspection+jwt")]
        for answer in [
            try await person.refresh(tokens.refresh),
            try await HTTPCall.post(
                issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")], client: client),
            try await HTTPCall.post(
                issuer.url + "/oauth2/introspect", form: [("token", "x")], client: client, headers: accept),
            try await HTTPCall.get(issuer.url + "/.well-known/status-lists/0"),
        ] {
            #expect(answer.status == 503)
            #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 > 0)
        }

        try Self.copy(elsewhere.appending(path: new), over: keys.appending(path: new))
        #expect(await issuer.waitForLine(containing: "kid=\(new.dropLast(4))"))
        #expect(try await HTTPCall.get(health + "ready", contract: nil).status == 200)
        _ = try await person.login()
        #expect(await issuer.terminate() == 0)
    }
}
