import JOSE

extension VerificationError {
    /// Converts the error of a decoder: `missingClaim` for a claim that is missing or `null`, otherwise
    /// `malformedClaims`. The detail has the path of the claim and the expected type, but not the claim's value.
    init(decoding error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.missingClaim, "\(Self.path(context.codingPath + [key])): expected to be present")
        case .valueNotFound(let type, let context):
            self.init(.missingClaim, "\(Self.path(context.codingPath)): expected \(type), found null")
        case .typeMismatch(let type, let context):
            self.init(.malformedClaims, "\(Self.path(context.codingPath)): expected \(type)")
        case .dataCorrupted(let context):
            self.init(.malformedClaims, "\(Self.path(context.codingPath)): expected a value that fits its type")
        @unknown default:
            self.init(.malformedClaims, "payload: the claims do not fit the type")
        }
    }

    /// A path such as `tenant.seats[0]`; `payload` for the whole set of claims. Names are printable and the whole path
    /// has at most 200 Unicode scalars, because a path may hold names from the token.
    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return PrintableText(path, maximumScalars: 200)?.text ?? "payload"
    }
}
