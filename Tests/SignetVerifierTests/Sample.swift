import JOSE
import SignetTesting
import SignetVerifier

/// Values that tests share: two issuers whose keys are generated once per run, and a fixed time.
enum Sample {
    static let now = NumericDate(1_800_000_000)

    static let issuer = Result { try TestIssuer(now: { now }) }

    static let foreignIssuer = Result { try TestIssuer(now: { now }) }

    static func token(claims: JSONObject = [:], scopes: Set<String> = []) throws -> String {
        try issuer.get().token(scopes: scopes, claims: claims)
    }

    /// Verifies a token with the keys of the shared issuer. The time of verification is ``now`` by default.
    @discardableResult
    static func verify(
        _ token: String, policy: VerificationPolicy? = nil, at date: NumericDate = now
    ) throws -> VerifiedToken {
        let issuer = try issuer.get()
        let keys = try KeySet(jwks: issuer.jwks)
        let verifier = Verifier(policy: try policy ?? issuer.policy(), keys: StaticKeySource(keys))
        return try verifier.verify(token, with: keys, at: date)
    }

    /// The code of the error that `body` throws; `nil` if `body` throws no error.
    static func code(of body: () throws -> Void) throws -> VerificationError.Code? {
        do {
            try body()
            return nil
        } catch let error as VerificationError {
            return error.code
        }
    }
}
