import JOSE

extension VerificationPolicy {
    /// Checks the claims of a token whose signature is valid: required claims, issuer, audience, time, client, scopes.
    ///
    /// A token is expired once the time in `exp` has been reached. The policy's leeway (the tolerated difference
    /// between clocks) extends every time limit in the token's favour.
    func check(_ token: TokenContents, at now: NumericDate) throws(VerificationError) {
        for claim in requiredClaimList where !token.has(claim) {
            throw VerificationError(.missingClaim, "\(claim): expected to be present")
        }
        try checkIssuer(token)
        try checkAudience(token)
        try checkTime(token, now: now.secondsSinceEpoch)
        if let clientIDList {
            guard let clientID = token.clientID else {
                throw VerificationError(.missingClaim, "client_id: expected to be present")
            }
            guard clientIDList.contains(where: { token.isExactly(clientID, $0) }) else {
                throw VerificationError(
                    .wrongClient,
                    "client_id: expected one of \(PrintableText.quoted(clientIDList)), "
                        + "found \(PrintableText.quoted(token.string(clientID)))")
            }
        }
        try token.requireScopes(requiredScopeList)
    }

    private func checkIssuer(_ token: TokenContents) throws(VerificationError) {
        guard let issuer else { return }
        guard let found = token.issuer else {
            throw VerificationError(.missingClaim, "iss: expected to be present")
        }
        guard token.isExactly(found, issuer) else {
            throw VerificationError(
                .wrongIssuer,
                "iss: expected \(PrintableText.quoted(issuer)), found \(PrintableText.quoted(token.string(found)))")
        }
    }

    private func checkAudience(_ token: TokenContents) throws(VerificationError) {
        switch token.audience {
        case .absent:
            guard audienceList.isEmpty, !acceptsAnyAudience else {
                throw VerificationError(.missingClaim, "aud: expected to be present")
            }
        case .one(let text):
            if acceptsAnyAudience { return }
            if audienceList.contains(where: { token.isExactly(text, $0) }) { return }
            throw wrongAudience(found: [text], in: token)
        case .several(let texts):
            if acceptsAnyAudience, !texts.isEmpty { return }
            for text in texts where audienceList.contains(where: { token.isExactly(text, $0) }) { return }
            throw wrongAudience(found: texts, in: token)
        }
    }

    private func wrongAudience(found: [JSONText], in token: TokenContents) -> VerificationError {
        let names = found.map(token.string)
        let expected = acceptsAnyAudience ? "at least one" : "one of \(PrintableText.quoted(audienceList))"
        return VerificationError(.wrongAudience, "aud: expected \(expected), found \(PrintableText.quoted(names))")
    }

    private func checkTime(_ token: TokenContents, now: Double) throws(VerificationError) {
        if let expiresAt = token.expiresAt, now >= expiresAt + leewaySeconds {
            throw VerificationError(
                .expired,
                "exp: expired \(Self.seconds(now - expiresAt)) s ago, and the leeway is \(Self.seconds(leewaySeconds)) s"
            )
        }
        if let notBefore = token.notBefore, now < notBefore - leewaySeconds {
            throw VerificationError(
                .notYetValid,
                "nbf: \(Self.seconds(notBefore - now)) s in the future, and the leeway is \(Self.seconds(leewaySeconds)) s"
            )
        }
        if let issuedAt = token.issuedAt, now < issuedAt - leewaySeconds {
            throw VerificationError(
                .issuedInFuture,
                "iat: \(Self.seconds(issuedAt - now)) s in the future, and the leeway is \(Self.seconds(leewaySeconds)) s; "
                    + "compare the clocks of issuer and service")
        }
        guard let maximumAgeSeconds else { return }
        guard let issuedAt = token.issuedAt else {
            throw VerificationError(.missingClaim, "iat: expected to be present, because the policy has a maximum age")
        }
        guard now - issuedAt <= maximumAgeSeconds + leewaySeconds else {
            throw VerificationError(
                .tooOld,
                "iat: issued \(Self.seconds(now - issuedAt)) s ago, expected at most \(Self.seconds(maximumAgeSeconds)) s"
            )
        }
    }

    /// Rounds up to whole seconds, for an error text. A number beyond the range of `Int64` gives the nearest `Int64`.
    private static func seconds(_ seconds: Double) -> Int64 {
        Int64(exactly: seconds.rounded(.up)) ?? (seconds < 0 ? .min : .max)
    }
}

extension TokenContents {
    /// Whether the token has the claim `claim` with a value other than `null`.
    fileprivate func has(_ claim: String) -> Bool {
        switch claim {
        case "exp": expiresAt != nil
        case "iat": issuedAt != nil
        case "nbf": notBefore != nil
        case "sub": subject != nil
        case "jti": tokenID != nil
        case "iss": issuer != nil
        case "client_id": clientID != nil
        case "sid": sessionID != nil
        case "scope": scope != nil
        case "auth_time": authTime != nil
        default: value(of: claim).map { !$0.isNull } ?? false
        }
    }
}
