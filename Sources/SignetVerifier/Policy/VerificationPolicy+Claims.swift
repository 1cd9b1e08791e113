import JOSE

extension VerificationPolicy {
    /// Checks the claims of a token whose signature is valid: presence, issuer, audience, time, client, scopes.
    ///
    /// A token is expired once the time in `exp` has been reached. The policy's leeway (the tolerated difference
    /// between clocks) extends every time limit in the token's favour.
    func check(_ token: TokenContents, at now: NumericDate) throws(VerificationError) {
        for claim in requiredClaims where !token.has(claim) {
            throw VerificationError(.missingClaim, "\(claim): expected to be present")
        }
        try checkIssuer(token)
        try checkAudience(token)
        try checkTime(token, now: now.secondsSinceEpoch)
        if let clientIDs {
            guard let clientID = token.clientID else {
                throw VerificationError(.missingClaim, "client_id: expected to be present")
            }
            guard clientIDs.contains(where: { token.isExactly(clientID, $0) }) else {
                throw VerificationError(.wrongClient, "client_id: expected a client that the policy accepts")
            }
        }
        try token.requireScopes(requiredScopes)
    }

    private func checkIssuer(_ token: TokenContents) throws(VerificationError) {
        guard let issuer else { return }
        guard let found = token.issuer else {
            throw VerificationError(.missingClaim, "iss: expected to be present")
        }
        guard token.isExactly(found, issuer) else {
            throw VerificationError(.wrongIssuer, "iss: expected the policy's issuer")
        }
    }

    private func checkAudience(_ token: TokenContents) throws(VerificationError) {
        switch token.audience {
        case .absent:
            guard audiences.isEmpty, !acceptsAnyAudience else {
                throw VerificationError(.missingClaim, "aud: expected to be present")
            }
        case .one(let text):
            if acceptsAnyAudience { return }
            if audiences.contains(where: { token.isExactly(text, $0) }) { return }
            throw VerificationError(.wrongAudience, "aud: expected one of the policy's audiences")
        case .several(let texts):
            if acceptsAnyAudience, !texts.isEmpty { return }
            for text in texts where audiences.contains(where: { token.isExactly(text, $0) }) { return }
            throw VerificationError(.wrongAudience, "aud: expected one of the policy's audiences")
        }
    }

    private func checkTime(_ token: TokenContents, now: Double) throws(VerificationError) {
        if let expiresAt = token.expiresAt, now >= expiresAt + leewaySeconds {
            throw VerificationError(.expired, "exp: expected a time in the future")
        }
        if let notBefore = token.notBefore, now < notBefore - leewaySeconds {
            throw VerificationError(.notYetValid, "nbf: expected a time that is not in the future")
        }
        if let issuedAt = token.issuedAt, now < issuedAt - leewaySeconds {
            throw VerificationError(.issuedInFuture, "iat: expected a time that is not in the future")
        }
        guard let maximumAgeSeconds else { return }
        guard let issuedAt = token.issuedAt else {
            throw VerificationError(.missingClaim, "iat: expected to be present, because the policy has a maximum age")
        }
        guard now - issuedAt <= maximumAgeSeconds + leewaySeconds else {
            throw VerificationError(.tooOld, "iat: expected to be at most \(Int64(maximumAgeSeconds)) s ago")
        }
    }
}

extension TokenContents {
    /// Whether the token has the claim with a value other than `null`.
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
