import JOSE

/// The one way in which a token is checked; every entry point ends here.
///
/// The order is fixed: size, shape, header, policy for the header, key, signature, claims. A check relies on the ones
/// before it, and no claim is looked at before the signature has been found good.
struct TokenCheck {
    /// The most bytes of a token.
    static let maximumTokenBytes = 16_384

    /// Why the check stopped.
    enum Stop: Error {
        case refused(VerificationError)
        /// No key at hand has the token's `kid`, or there is none at all; others might be had.
        case keyMissing(keyID: String?)
        /// The token names no key, and none at hand signed it; others might be had.
        case signerMissing
    }

    let policy: VerificationPolicy
    let cache: SignatureCache?

    func callAsFunction(_ token: String, keys: KeySet, at now: NumericDate) throws(Stop) -> VerifiedToken {
        guard token.utf8.count <= Self.maximumTokenBytes else {
            throw .refused(VerificationError(.tokenTooLarge, "token: expected at most \(Self.maximumTokenBytes) bytes"))
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

    /// Everything that holds for the bytes of a token under a key, at any time.
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
            throw .refused(VerificationError(.wrongType, "typ: expected a type that the policy allows"))
        }
        let key = try signer(of: jws, bytes: bytes, keys: keys)
        do {
            return (try TokenContents(header: jws.header, payload: jws.payload), key)
        } catch {
            throw .refused(error)
        }
    }

    /// The key that signed: the one that `kid` names, or without `kid` any.
    private func signer(
        of jws: borrowing CompactJWS, bytes: Span<UInt8>, keys: KeySet
    ) throws(Stop) -> VerificationKey {
        let message = bytes.extracting(first: jws.signingInputCount)
        var isKnown = false
        for key in keys.keys {
            if let wanted = jws.header.keyID {
                guard let keyID = key.keyID, keyID.isExactly(wanted) else { continue }
            }
            isKnown = true
            do {
                if try key.isValidSignature(jws.signature.span, for: message) { return key }
            } catch {
                throw .refused(error)
            }
        }
        guard isKnown else { throw .keyMissing(keyID: jws.header.keyID) }
        if jws.header.keyID == nil { throw .signerMissing }
        throw .refused(VerificationError(.badSignature, "signature: not that of the key that the token names"))
    }

    /// Everything that depends on the time and the policy: done again for every use of a token.
    private func finish(_ contents: TokenContents, at now: NumericDate) throws(Stop) -> VerifiedToken {
        do {
            try policy.check(contents, at: now)
            return VerifiedToken(contents)
        } catch {
            throw .refused(error)
        }
    }
}
