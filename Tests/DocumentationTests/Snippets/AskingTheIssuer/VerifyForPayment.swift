import SignetVerifier

func verifyForPayment(
    _ token: String, verifier: Verifier, client: IntrospectionClient
) async throws(VerificationError) -> VerifiedToken {
    let verified = try await verifier.verify(token)  // a forged token never reaches the issuer
    _ = try await client.requireActive(token)  // tokenInactive, or introspectionUnavailable
    return verified
}
