// snippet: imports
import SignetVerifier

// end

// The Swift code of the documentation page FromJWTKit.md. This test target compiles and runs it.

// snippet: decode
struct Tenancy: Decodable {
    let tenant: String
}

func tenancy(of token: String, verifier: Verifier) async throws(VerificationError) -> Tenancy {
    try await verifier.verify(token).decode(as: Tenancy.self)
}
// end
