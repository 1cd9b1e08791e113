import JOSE

/// Checks a token for ``Verifier``. The caller passes the keys and the time.
///
/// The checks run in a fixed order: size, shape, header, accepted `typ`, key, signature, claims. No claim is examined
/// before the signature is valid.
struct TokenCheck {
    /// The reason why a check stopped without accepting the token.
    enum Stop: Error {
        case refused(VerificationError)
        /// The key set is empty, or none of its keys has the token's `kid`. The caller may fetch newer keys and check
        /// the token again. `keyID` is the token's `kid`; `nil` if the token has no `kid`.
        case keyMissing(keyID: String?)
        /// The token has no `kid`, and no key in the set signed the token. The caller may fetch newer keys and check
        /// the token again.
        case signerMissing
    }

    let policy: VerificationPolicy
    let cache: SignatureCache?

    func callAsFunction(_ token: String, keys: KeySet, at now: NumericDate) throws(Stop) -> VerifiedToken {
        do {
            try TokenSize.require(token)
        } catch {
            throw .refused(error)
        }
        if let cache, let entry = cache.entry(for: token, keys: keys) {
            return try finish(entry, at: now)
        }
        let (contents, key) = try read(token, keys: keys)
        if let cache {
            cache.insert(token, contents, key: key)
        }
        return try finish(contents, at: now)
    }

    /// Runs the checks whose result can be cached, because it depends only on the token, the `typ` values that the
    /// policy accepts, and the key.
    private func read(
        _ token: String, keys: KeySet
    ) throws(Stop) -> (contents: TokenContents, key: VerificationKey) {
        let bytes = token.utf8Span.span
        let jws: CompactJWS
        do {
            jws = try CompactJWS(parsing: bytes)
        } catch {
            throw .refused(VerificationError(error))
        }
        guard policy.allowedTypes.accept(jws.header.type) else {
            let found = jws.header.type.map { PrintableText.quoted($0) } ?? "none"
            throw .refused(
                VerificationError(
                    .wrongType, "typ: expected \(PrintableText.quoted(policy.allowedTypes.all)), found \(found)"))
        }
        let key = try signer(of: jws, bytes: bytes, keys: keys)
        do {
            return (try TokenContents(header: jws.header, payload: jws.payload), key)
        } catch {
            throw .refused(error)
        }
    }

    private func signer(
        of jws: borrowing CompactJWS, bytes: Span<UInt8>, keys: KeySet
    ) throws(Stop) -> VerificationKey {
        let search: KeySet.SignerSearch
        do {
            search = try keys.signer(of: jws, in: bytes)
        } catch {
            throw .refused(error)
        }
        switch search {
        case .signedBy(let key): return key
        case .noKey: throw .keyMissing(keyID: jws.header.keyID)
        case .signedByNoKey where jws.header.keyID == nil: throw .signerMissing
        case .signedByNoKey:
            let keyID = jws.header.keyID ?? ""
            throw .refused(
                VerificationError(
                    .badSignature,
                    "signature: expected a signature by the key that kid names, \(PrintableText.quoted(keyID))"))
        }
    }

    /// Checks the claims against the current time and the policy. These checks run at every use of a token, even if its
    /// signature is in the cache.
    private func finish(_ contents: TokenContents, at now: NumericDate) throws(Stop) -> VerifiedToken {
        do {
            try policy.check(contents, at: now)
            return VerifiedToken(contents)
        } catch {
            throw .refused(error.about(contents))
        }
    }
}

extension VerificationError {
    /// Converts the parser's error for a malformed token to a ``VerificationError``.
    init(_ error: JWSError) {
        let code: Code =
            switch error.code {
            case .tooLarge: .tokenTooLarge
            case .malformedShape, .malformedEncoding: .malformedToken
            case .malformedHeader: .malformedHeader
            case .unsupportedAlgorithm: .unsupportedAlgorithm
            case .unsupportedExtension: .unsupportedExtension
            }
        self.init(code, error.detail)
    }
}
