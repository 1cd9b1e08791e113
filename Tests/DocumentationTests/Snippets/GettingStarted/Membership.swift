import SignetVerifier

struct Membership: Decodable {
    let tenant: String
    let seats: Int
}

func membership(of token: VerifiedToken) throws -> Membership {
    try token.require(scopes: ["members:read"])  // insufficientScope, 403
    return try token.decode(as: Membership.self)
}

func tenant(of token: VerifiedToken) -> String? { token["tenant"]?.string }
