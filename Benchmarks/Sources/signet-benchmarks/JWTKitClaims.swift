import JWTKit

/// What jwt-kit is asked to check: the claims that Signet's default policy requires, issuer, audience and expiry.
struct JWTKitClaims: JWTPayload {
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
