import SignetVerifier

struct Tenancy: Decodable {
    let tenant: String
}

func tenancy(of token: String, verifier: Verifier) async throws(VerificationError) -> Tenancy {
    try await verifier.verify(token).decode(as: Tenancy.self)
}
