import BenchmarkRun
import JWTKit
import SignetVerifier
import Synchronization

extension Fixture {
    /// The contestants that run inside this process. The first one, the floor, does the least possible work: a C loop
    /// that calls only libcrypto.
    func contestants() async throws -> [Contestant] {
        try await floors() + signet() + [jwtKit()]
    }

    private func floors() throws -> [Contestant] {
        // Each contestant has a `Floor` of its own, because only one caller at a time may use the OpenSSL contexts in a
        // `Floor`.
        let (whole, hashed) = (try Floor(self), try Floor(self))
        return [
            Contestant("floor", "SHA-256 and EVP_PKEY_verify, prepared, in C") { try whole.verify($0) },
            Contestant("bare EVP_PKEY_verify", "the floor without SHA-256") { try hashed.verifyHashed($0) },
        ]
    }

    private func signet() async throws -> [Contestant] {
        let policy = try policy()
        let keys = try StaticKeySource(jwks: jwks)
        let cold = Verifier(policy: policy, keys: keys, signatureCacheCapacity: 0)
        let fresh = Verifier(policy: policy, keys: try StaticKeySource(jwks: freshJWKS))
        let remote = try RemoteKeySource(
            jwksURL: "\(Self.issuer)/.well-known/jwks.json", fetcher: DocumentFetcher(document: jwks))
        let remoteCold = Verifier(policy: policy, keys: remote, signatureCacheCapacity: 0)
        let supply = TokenSupply(freshTokens)
        return [
            try await contestant("signet, cold", "no signature cache", cold),
            Contestant("signet, cold, fresh tokens", "signature cache on, every token new to it") {
                for _ in 0..<$0 { _ = try await fresh.verify(supply.next()) }
            },
            try await contestant("signet, repeated token", "signature cache on", Verifier(policy: policy, keys: keys)),
            try parsing(cold),
            try await contestant("signet, remote keys, cold", "keys fetched before, no signature cache", remoteCold),
            try await contestant(
                "signet, remote keys, repeated", "signature cache on", Verifier(policy: policy, keys: remote)),
            Contestant("signet, cold, 2 threads", "one verifier", tasks: 2, single: "signet, cold") { [token] in
                for _ in 0..<$0 { _ = try await cold.verify(token) }
            },
        ]
    }

    private func contestant(_ name: String, _ detail: String, _ verifier: Verifier) async throws -> Contestant {
        try await check(name) { (try? await verifier.verify($0)) != nil }
        return Contestant(name, detail) { [token] in
            for _ in 0..<$0 { _ = try await verifier.verify(token) }
        }
    }

    /// Throws unless `accepts` returns `true` for the fixture's token and `false` for a token with a wrong signature.
    private func check(_ name: String, _ accepts: (String) async -> Bool) async throws {
        guard await accepts(token) else { throw Unusable(description: "\(name) refuses the token") }
        guard await !accepts(forgedToken) else { throw Unusable(description: "\(name) accepts a forged token") }
    }

    /// A contestant that parses the token but does not check its signature.
    ///
    /// Verification with an empty key set fails as soon as the header is parsed. The lookup of an absent claim in a
    /// verified token then parses the whole payload.
    private func parsing(_ verifier: Verifier) throws -> Contestant {
        let verified = try verifier.verify(token, with: KeySet(jwks: jwks), at: .now)
        let now = NumericDate.now
        return Contestant("signet, parse only", "base64url, header and payload") { [token] in
            for _ in 0..<$0 {
                do {
                    _ = try verifier.verify(token, with: .empty, at: now)
                    throw Unusable(description: "a token was accepted without a key")
                } catch let error as VerificationError where error.code == .unknownKey {
                    guard verified["no such claim"] == nil else {
                        throw Unusable(description: "an absent claim was found")
                    }
                }
            }
        }
    }

    private func jwtKit() async throws -> Contestant {
        let keys = JWTKeyCollection()
        try await keys.add(jwksJSON: String(decoding: jwks, as: UTF8.self))
        let name = "jwt-kit 5.7.1"
        try await check(name) { (try? await keys.verify($0, as: JWTKitClaims.self)) != nil }
        return Contestant(name, "in this process") { [token] in
            for _ in 0..<$0 { _ = try await keys.verify(token, as: JWTKitClaims.self) }
        }
    }
}

/// Answers every request with the same JWK set from memory.
private struct DocumentFetcher: HTTPFetcher {
    let document: [UInt8]

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        HTTPFetchResponse(
            status: 200, headers: [HTTPFetchField("content-type", "application/jwk-set+json")], body: document)
    }
}

/// Returns the tokens of a list in turn and starts again after the last one. Any thread may call it.
private final class TokenSupply: Sendable {
    private let tokens: [String]
    private let position = Atomic(0)

    init(_ tokens: [String]) { self.tokens = tokens }

    func next() -> String { tokens[position.wrappingAdd(1, ordering: .relaxed).newValue % tokens.count] }
}

/// The claims that jwt-kit decodes and checks. Signet's default policy requires the same claims.
private struct JWTKitClaims: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    let exp: ExpirationClaim
    let iat: IssuedAtClaim
    let jti: IDClaim

    func verify(using algorithm: some JWTAlgorithm) throws {
        try exp.verifyNotExpired()
        try aud.verifyIntendedAudience(includes: Fixture.audience)
        guard iss.value == Fixture.issuer else {
            throw JWTError.claimVerificationFailure(failedClaim: iss, reason: "of another issuer")
        }
    }
}
