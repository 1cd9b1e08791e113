import JWTKit
import SignetVerifier

extension Fixture {
    /// Everything of this process that is measured; the floor first.
    func contestants() async throws -> [Contestant] {
        try await floors() + signet() + [jwtKit()]
    }

    private func floors() throws -> [Contestant] {
        // One each: a prepared context serves one caller at a time.
        let (whole, hashed) = (try Floor(self), try Floor(self))
        return [
            Contestant("floor", "SHA-256 and EVP_PKEY_verify, prepared, in C") { try whole.verify($0) },
            Contestant("bare EVP_PKEY_verify", "the floor without SHA-256") { try hashed.verifyHashed($0) },
        ]
    }

    private func signet() throws -> [Contestant] {
        let policy = try policy()
        let keys = try StaticKeySource(jwks: jwks)
        let cold = Verifier(policy: policy, keys: keys, signatureCacheCapacity: 0)
        let fresh = Verifier(policy: policy, keys: try StaticKeySource(jwks: freshJWKS))
        let remote = try RemoteKeySource(
            jwksURL: "\(Self.issuer)/.well-known/jwks.json", fetcher: DocumentFetcher(document: jwks))
        let remoteCold = Verifier(policy: policy, keys: remote, signatureCacheCapacity: 0)
        let supply = TokenSupply(freshTokens)
        return [
            contestant("signet, cold", "no signature cache", cold),
            Contestant("signet, cold, fresh tokens", "signature cache on, every token new to it") {
                for _ in 0..<$0 { _ = try await fresh.verify(supply.next()) }
            },
            contestant("signet, repeated token", "signature cache on", Verifier(policy: policy, keys: keys)),
            try parsing(cold),
            contestant("signet, remote keys, cold", "keys fetched before, no signature cache", remoteCold),
            contestant("signet, remote keys, repeated", "signature cache on", Verifier(policy: policy, keys: remote)),
            Contestant("signet, cold, 2 threads", "one verifier", tasks: 2, single: "signet, cold") { [token] in
                for _ in 0..<$0 { _ = try await cold.verify(token) }
            },
        ]
    }

    private func contestant(_ name: String, _ detail: String, _ verifier: Verifier) -> Contestant {
        Contestant(name, detail, accepts: { (try? await verifier.verify($0)) != nil }) { [token] in
            for _ in 0..<$0 { _ = try await verifier.verify(token) }
        }
    }

    /// Everything but the signature and the policy's look at the claims: no key is at hand, so that the token is refused
    /// after its shape, encoding and header; and looking for a claim that is not there reads the whole payload strictly.
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
                        throw Unusable(description: "a claim was found that is not there")
                    }
                }
            }
        }
    }

    private func jwtKit() async throws -> Contestant {
        let keys = JWTKeyCollection()
        try await keys.add(jwksJSON: String(decoding: jwks, as: UTF8.self))
        return Contestant(
            "jwt-kit 5.7.1", "in this process",
            accepts: { (try? await keys.verify($0, as: JWTKitClaims.self)) != nil }
        ) { [token] in
            for _ in 0..<$0 { _ = try await keys.verify(token, as: JWTKitClaims.self) }
        }
    }
}
